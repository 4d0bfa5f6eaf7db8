"""Rule packs: dated YAML, read strictly into the scoring core's own types."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from center import rulesets
from center.driving_track.scoring.rules import Decision, Edition, Limit, Rule, Scheme, VoidRule
from center.driving_track.scoring.vocabulary import DEVICE_FAULTS, EXERCISES, OBSERVATIONS, REPEATS, UNITS
from center.errors import BadRuleData
from center.rulesets import Value

FOLDER = Path(__file__).parent / "rulesets"
LANGUAGES = ("kk", "ru", "en")


def packs(folder: Path = FOLDER) -> list[str]:
    """The names of the packs that lie in a folder."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def load(name: str, on: date | None = None, folder: Path = FOLDER) -> Edition:
    """The edition of a pack that is in force on a day (by default the latest).

    ``name`` may carry its date, ``kz@2016-01-01``. Raises :class:`BadRuleData`.
    """
    pack, _, day = name.partition("@")
    if day:
        try:
            on = date.fromisoformat(day)
        except ValueError as error:
            raise BadRuleData(f"{name!r}: {day!r} is no date; write PACK@YYYY-MM-DD") from error
    if pack not in packs(folder):
        raise BadRuleData(f"no rule pack {pack!r}; there are {', '.join(packs(folder))}")
    path = folder / f"{pack}.yaml"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadRuleData(f"{path}: cannot be read: {error.strerror}") from error
    return in_force(parse(data, path.name), on)


def in_force(editions: list[Edition], on: date | None) -> Edition:
    """The latest edition that is valid on a day (None: the latest of all)."""
    valid = [one for one in editions if on is None or one.valid_from <= on]
    if not valid:
        raise BadRuleData(
            f"{editions[0].pack}: no edition is in force on {on}; the first is from {editions[0].valid_from}"
        )
    return valid[-1]


def parse(data: bytes, file: str) -> list[Edition]:
    """Every edition of a pack's file, in the order of their dates."""
    root = rulesets.parse(data, file).fields(("pack", "title", "editions"), required=("pack", "title", "editions"))
    pack = root["pack"].text()
    if f"{pack}.yaml" != file:
        root["pack"].place.refuse(f"{pack!r} must be named as its file is, {file.removesuffix('.yaml')!r}")
    title = _title(root["title"])
    sha256 = hashlib.sha256(data).hexdigest()
    editions = [_edition(value, pack, title, sha256) for value in root["editions"].items()]
    if not editions:
        root["editions"].place.refuse("a pack needs at least one edition")
    days = [one.valid_from for one in editions]
    if days != sorted(set(days)):
        root["editions"].place.refuse(f"editions must follow one another by date, not {', '.join(map(str, days))}")
    return editions


def _edition(value: Value, pack: str, title: dict[str, str], sha256: str) -> Edition:
    names = ("valid_from", "scheme", "decision", "void", "rules")
    fields = value.fields(names, required=names)
    rules = tuple(_rule(one) for one in fields["rules"].items())
    _check_rules(fields["rules"], rules)
    return Edition(
        pack=pack,
        valid_from=fields["valid_from"].day(),
        title=title,
        scheme=_scheme(fields["scheme"]),
        decision=_decision(fields["decision"]),
        void=tuple(_void(one) for one in fields["void"].items()),
        rules=rules,
        sha256=sha256,
        by_id={rule.id: rule for rule in rules},
    )


def _scheme(value: Value) -> Scheme:
    fields = value.fields(
        ("direction", "start", "fails_over", "passes_at", "exercises", "clause", "provisional"),
        required=("direction", "start", "clause", "provisional"),
    )
    direction = fields["direction"].text(("add", "subtract"))
    needed = "fails_over" if direction == "add" else "passes_at"
    if needed not in fields or {"fails_over", "passes_at"} <= fields.keys():
        value.place.refuse(f"a scheme that is to {direction} needs {needed!r} and only that")
    if "exercises" in fields and fields["exercises"].integer(1) > len(EXERCISES):
        fields["exercises"].place.refuse(
            f"{fields['exercises'].text()} exercises; only {len(EXERCISES)} kinds are known"
        )
    return Scheme(
        direction=direction,
        start=fields["start"].integer(),
        fails_over=fields["fails_over"].integer() if "fails_over" in fields else None,
        passes_at=fields["passes_at"].integer() if "passes_at" in fields else None,
        clause=fields["clause"].text(),
        provisional=fields["provisional"].boolean(),
    )


def _decision(value: Value) -> Decision:
    names = ("k_f", "k_p", "independent_looks")
    fields = value.fields(names, required=names)
    return Decision(
        fields["k_f"].number(3.0, 10.0),
        fields["k_p"].number(1.0, 10.0),
        fields["independent_looks"].integer(1, 100_000),
    )


def _void(value: Value) -> VoidRule:
    names = ("source", "longer_than_s", "exercises", "verdict", "provisional")
    fields = value.fields((*names, "faults"), required=names)
    exercises = None
    if fields["exercises"].text() != "all":
        exercises = tuple(one.text(EXERCISES) for one in fields["exercises"].items())
    return VoidRule(
        source=fields["source"].text(),
        longer_than_s=fields["longer_than_s"].number(0.1, 3600.0),
        exercises=exercises,
        faults=tuple(one.text(DEVICE_FAULTS) for one in fields["faults"].items()) if "faults" in fields else (),
        verdict=fields["verdict"].text(("void", "continue")),
        provisional=fields["provisional"].boolean(),
    )


def _rule(value: Value) -> Rule:
    fields = value.fields(
        (
            "id",
            "exercise",
            "title",
            "observation",
            "parameters",
            "limit",
            "points",
            "repeats",
            "supersedes",
            "clause",
            "source",
        ),
        required=("id", "exercise", "title", "observation", "limit", "points", "repeats", "clause", "source"),
    )
    observation = fields["observation"].text(OBSERVATIONS)
    points = fields["points"].fields(("value", "disqualifies", "provisional"), required=("provisional",))
    disqualifies = "disqualifies" in points and points["disqualifies"].boolean()
    if ("value" in points) == disqualifies:
        fields["points"].place.refuse("points are either a value or 'disqualifies: true'")
    return Rule(
        id=fields["id"].text(),
        exercise=fields["exercise"].text(("any", *EXERCISES)),
        title=_title(fields["title"]),
        observation=observation,
        parameters=_parameters(fields.get("parameters"), value, observation),
        limit=_limit(fields["limit"], observation),
        points=0 if disqualifies else points["value"].integer(1, 1000),
        disqualifies=disqualifies,
        points_provisional=points["provisional"].boolean(),
        repeats=fields["repeats"].text(REPEATS),
        supersedes=tuple(one.text() for one in fields["supersedes"].items()) if "supersedes" in fields else (),
        clause=fields["clause"].text(),
        source=fields["source"].text(),
    )


def _limit(value: Value, observation: str) -> Limit:
    fields = value.fields(
        ("value", "unit", "far_tolerance", "at_least", "provisional"),
        required=("value", "unit", "far_tolerance", "provisional"),
    )
    unit = fields["unit"].text(UNITS)
    if unit != OBSERVATIONS[observation].unit:
        fields["unit"].place.refuse(f"{unit!r} is not the unit of {observation!r}, {OBSERVATIONS[observation].unit!r}")
    if fields["far_tolerance"].number() <= 0:
        fields["far_tolerance"].place.refuse("the far tolerance must be above 0, or nothing could ever be judged ok")
    return Limit(
        value=fields["value"].number(),
        unit=unit,
        far_tolerance=fields["far_tolerance"].number(),
        at_least="at_least" in fields and fields["at_least"].boolean(),
        provisional=fields["provisional"].boolean(),
    )


def _parameters(value: Value | None, rule: Value, observation: str) -> dict[str, str | float | bool]:
    known = OBSERVATIONS[observation].parameters
    fields = value.fields(known) if value is not None else {}
    for name in known:
        if name not in fields:
            rule.place.refuse(f"observation {observation!r} needs the parameter {name!r}")
    read: dict[str, str | float | bool] = {}
    for name, field in fields.items():
        allowed = known[name]
        if allowed is float:
            read[name] = field.number()
        elif allowed is bool:
            read[name] = field.boolean()
        else:
            assert isinstance(allowed, tuple), "the vocabulary knows numbers, booleans and words"
            read[name] = field.text(allowed)
    return read


def _title(value: Value) -> dict[str, str]:
    fields = value.fields(LANGUAGES, required=LANGUAGES)
    return {language: fields[language].text() for language in LANGUAGES}


def _check_rules(value: Value, rules: tuple[Rule, ...]) -> None:
    ids = [rule.id for rule in rules]
    for item, rule in zip(value.items(), rules, strict=True):
        if ids.count(rule.id) > 1:
            item.place.refuse(f"rule {rule.id!r} stands more than once")
        for other in rule.supersedes:
            if other not in ids or other == rule.id:
                item.place.refuse(f"rule {rule.id!r} supersedes {other!r}, which is no other rule of this edition")
