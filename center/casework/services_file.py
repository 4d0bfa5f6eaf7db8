"""Reading the services, strictly: dated YAML, one file per service; a mistake is named by file, line and value."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from center import rulesets
from center.casework import fee_schedule
from center.casework.register_kinds import Register
from center.casework.services import (
    APPLICANT,
    BODY,
    CONTRACT,
    NEEDS,
    OUTSIDE,
    PORTRAIT,
    UNITS,
    Document,
    Edition,
    Services,
    Step,
)
from center.people import powers_file
from center.people.powers import Powers
from center.rulesets import Value

FOLDER: Final = Path(__file__).parent / "rulesets" / "services"
LANGUAGES: Final = ("kk", "ru", "en")
APPLICANTS: Final = ("person", "representative", "firm", "contract")
CHANNELS: Final = ("window", "home", "mobile")
TOLD_BY_REGISTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "persons": ("address_certificate", "birth_certificate"),
    "firms": ("firm_registration", "firm_charter"),
    "tax": ("tax_receipt",),
    "customs": ("customs_declaration",),
    "wanted": ("wanted_certificate",),
    "pledged": ("pledge_certificate",),
}
"""Papers that say no more than what a register answers."""
DUTY: Final = "queue.duty"
"""The power to be on duty, and so to be drawn."""
_MOST_MINUTES: Final = 30 * 24 * 60


@cache
def load(folder: Path = FOLDER) -> Services:
    """Every service of a folder; raises ``BadRuleData``."""
    powers, fees = powers_file.load(), frozenset(fee_schedule.load().fees)
    return Services(
        {
            path.stem: parse(path.read_bytes(), path.name, powers=powers, fees=fees)
            for path in sorted(folder.glob("*.yaml"))
        }
    )


def parse(data: bytes, file: str, *, powers: Powers, fees: Collection[str]) -> tuple[Edition, ...]:
    """Every edition of a service's file, in the order of their dates; raises ``BadRuleData``."""
    root = rulesets.parse(data, file).fields(("service", "editions"), required=("service", "editions"))
    service = root["service"].text()
    if f"{service}.yaml" != file:
        root["service"].place.refuse(f"{service!r} must be named as its file is, {file.removesuffix('.yaml')!r}")
    sha256 = hashlib.sha256(data).hexdigest()
    editions = tuple(_edition(value, service, sha256, powers, fees) for value in root["editions"].items())
    if not editions:
        root["editions"].place.refuse("a service needs at least one edition")
    days = [one.valid_from for one in editions]
    if days != sorted(set(days)):
        root["editions"].place.refuse(f"editions must follow one another by date, not {', '.join(map(str, days))}")
    return editions


def _edition(value: Value, service: str, sha256: str, powers: Powers, fees: Collection[str]) -> Edition:
    names = (
        "valid_from",
        "title",
        "clause",
        "provisional",
        "within_minutes",
        "applicants",
        "channels",
        "documents",
        "steps",
    )
    fields = value.fields((*names, "about_vehicle"), required=names)
    steps = _steps(fields["steps"], powers, fees)
    about_vehicle = "about_vehicle" in fields and fields["about_vehicle"].boolean()
    if not about_vehicle and (reads := [step.id for step in steps.values() if step.reads]):
        fields["steps"].place.refuse(f"step {reads[0]!r} reads a vehicle's numbers; the service is about none")
    return Edition(
        service=service,
        valid_from=fields["valid_from"].day(),
        title=_title(fields["title"]),
        clause=fields["clause"].text(),
        provisional=fields["provisional"].boolean(),
        within_minutes=fields["within_minutes"].integer(1, _MOST_MINUTES),
        about_vehicle=about_vehicle,
        applicants=_words(fields["applicants"], APPLICANTS),
        channels=_words(fields["channels"], CHANNELS),
        documents=_documents(fields["documents"], [one.register for one in steps.values() if one.register]),
        steps=steps,
        sha256=sha256,
    )


def _documents(value: Value, registers: Collection[str]) -> tuple[Document, ...]:
    found: dict[str, Document] = {}
    for item in value.items():
        names = ("id", "title", "applicants", "optional")
        fields = item.fields((*names, "if_acted_for"), required=names)
        one = fields["id"].text()
        if one in found:
            fields["id"].place.refuse(f"document {one!r} stands twice")
        if one == PORTRAIT:
            fields["id"].place.refuse(f"{one!r} is no paper: it is taken at the desk, for a step that needs it")
        for register in registers:
            if one in TOLD_BY_REGISTERS[register]:
                fields["id"].place.refuse(f"{one!r} is told by register {register!r}, and is never asked for on paper")
        applicants = _words(fields["applicants"], APPLICANTS)
        acted_for = fields["if_acted_for"].text(CONTRACT) if "if_acted_for" in fields else None
        if acted_for and applicants != ("contract",):
            fields["if_acted_for"].place.refuse(f"document {one!r}: only a contract has a {acted_for}")
        found[one] = Document(one, _title(fields["title"]), applicants, fields["optional"].boolean(), acted_for)
    return tuple(found.values())


def _steps(value: Value, powers: Powers, fees: Collection[str]) -> dict[str, Step]:
    found: dict[str, Step] = {}
    items = value.items()
    ids = [item.fields(item.names())["id"].text() if "id" in item.names() else "" for item in items]
    for item in items:
        step = _step(item, ids, powers, fees)
        if step.id in found:
            item.place.refuse(f"step {step.id!r} stands twice")
        found[step.id] = step
    if not found:
        value.place.refuse("a service needs at least one step")
    _check_order(value, found)
    if not any(step.issues for step in found.values()):
        value.place.refuse("no step issues anything: one must say 'issues: true'")
    return found


def _step(value: Value, ids: list[str], powers: Powers, fees: Collection[str]) -> Step:
    required = ("id", "title", "held_by", "after", "within_minutes", "remind_minutes")
    optional = (
        "needs",
        "register",
        "fees",
        "decides",
        "meets_applicant",
        "issues",
        "by_lot",
        "without_consent",
        "reads",
    )
    fields = value.fields((*required, *optional), required=required)

    def says(name: str) -> bool:
        return name in fields and fields[name].boolean()

    within = fields["within_minutes"].integer(1, _MOST_MINUTES)
    step = Step(
        id=fields["id"].text(),
        title=_title(fields["title"]),
        held_by=fields["held_by"].text((*powers.roles, APPLICANT, OUTSIDE)),
        after=tuple(one.text(ids) for one in fields["after"].items()),
        within_minutes=within,
        remind_minutes=fields["remind_minutes"].integer(1, within),
        needs=_words(fields["needs"], NEEDS) if "needs" in fields else (),
        register=fields["register"].text([one.value for one in Register]) if "register" in fields else None,
        without_consent=says("without_consent"),
        fees=_words(fields["fees"], fees) if "fees" in fields else (),
        decides=says("decides"),
        meets_applicant=says("meets_applicant"),
        issues=says("issues"),
        by_lot=says("by_lot"),
        reads=_words(fields["reads"], UNITS) if "reads" in fields else (),
    )
    _check_step(value, step, powers)
    return step


def _check_step(value: Value, step: Step, powers: Powers) -> None:
    """What only some holders can do."""
    if step.is_staffs:
        row = powers.actions.get(step.power)
        if row is None or step.held_by not in row.roles:
            value.place.refuse(f"the table of powers does not let {step.held_by!r} take {step.power!r}")
    elif step.needs or step.decides or step.meets_applicant or step.issues or step.reads:
        value.place.refuse(
            f"step {step.id!r} is held by {step.held_by!r}; only the staff's steps need, decide or issue"
        )
    _check_others_step(value, step)
    if step.decides and step.meets_applicant:
        value.place.refuse(f"step {step.id!r}: who decides never meets the applicant")
    if step.by_lot and step.held_by not in powers.actions[DUTY].roles:
        on_duty = ", ".join(sorted(powers.actions[DUTY].roles))
        value.place.refuse(f"step {step.id!r}: who can be on duty is drawn by lot, {on_duty}, and not {step.held_by!r}")
    if step.reads and BODY not in step.reads:
        value.place.refuse(f"step {step.id!r}: whoever reads a vehicle's numbers reads the body's")
    if step.issues and not step.decides:
        value.place.refuse(f"step {step.id!r}: what issues a document decides")


def _check_others_step(value: Value, step: Step) -> None:
    """What only a register or the applicant does."""
    if (step.register is not None) != (step.held_by == OUTSIDE):
        value.place.refuse(f"step {step.id!r}: a step held by 'outside' names its register, and no other does")
    if step.without_consent and step.register is None:
        value.place.refuse(f"step {step.id!r}: only a register is asked with or without consent")
    if bool(step.fees) != (step.held_by == APPLICANT):
        value.place.refuse(f"step {step.id!r}: a step held by 'applicant' names its fees, and no other does")
    if PORTRAIT in step.needs and not step.meets_applicant:
        value.place.refuse(f"step {step.id!r}: a portrait is taken of who is there, so the step meets the applicant")


def _check_order(value: Value, steps: Mapping[str, Step]) -> None:
    placed: set[str] = set()
    while ready := [one.id for one in steps.values() if one.id not in placed and set(one.after) <= placed]:
        placed.update(ready)
    if left := [one for one in steps if one not in placed]:
        value.place.refuse(f"steps wait for one another in a circle: {', '.join(left)}")


def _words(value: Value, allowed: Collection[str]) -> tuple[str, ...]:
    items = value.items()
    words = tuple(one.text(allowed) for one in items)
    for place, word in enumerate(words):
        if word in words[:place]:
            items[place].place.refuse(f"{word!r} stands twice")
    return words


def _title(value: Value) -> dict[str, str]:
    fields = value.fields(LANGUAGES, required=LANGUAGES)
    return {language: fields[language].text() for language in LANGUAGES}
