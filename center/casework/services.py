"""What a service is: steps and who takes them, documents, registers, fees and clocks, as dated data. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from center.casework.case import CaseState, Holder, HolderKind
from center.errors import N_, BadRequest

PORTRAIT: Final = "portrait"
NEEDS: Final = ("documents", "consent", PORTRAIT, "blank", "signature")
"""What can be asked for to complete a step of the staff."""
BODY: Final = "body"
UNITS: Final = (BODY, "engine", "chassis")
"""What of a vehicle bears a number."""
CONTRACT: Final = ("seller", "buyer")
"""The sides of one, where both come together."""
APPLICANT: Final = "applicant"
OUTSIDE: Final = "outside"


@dataclass(frozen=True, slots=True)
class Document:
    """What an applicant is asked to bring; never what a register tells."""

    id: str
    title: Mapping[str, str]
    applicants: tuple[str, ...]
    """Kinds of applicant that are asked for it."""
    optional: bool
    if_acted_for: str | None = None
    """The side of a contract that is asked for it where somebody else acts for that side; None: whoever it is."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a service."""

    id: str
    title: Mapping[str, str]
    held_by: str
    """A role, ``applicant`` or ``outside``."""
    after: tuple[str, ...]
    """Steps that are done before this one opens."""
    within_minutes: int
    remind_minutes: int
    """So long before it is due."""
    needs: tuple[str, ...] = ()
    register: str | None = None
    """The state register that answers an outside step."""
    without_consent: bool = False
    """Of an outside step: the law lets the register be asked without the applicant's consent."""
    fees: tuple[str, ...] = ()
    """What an applicant's step pays."""
    decides: bool = False
    meets_applicant: bool = False
    issues: bool = False
    """Completing it makes the document exist."""
    reads: tuple[str, ...] = ()
    """Units whose numbers are read off the vehicle."""
    by_lot: bool = False
    """Who holds it is drawn; nobody takes it, and it is given to nobody by name."""

    @property
    def is_staffs(self) -> bool:
        """Whether a person of the staff takes it."""
        return self.held_by not in (APPLICANT, OUTSIDE)

    @property
    def first_holder(self) -> Holder:
        """Who holds it when it opens."""
        if self.is_staffs:
            return Holder(HolderKind.QUEUE, self.held_by)
        if self.held_by == APPLICANT:
            return Holder(HolderKind.APPLICANT, APPLICANT)
        return Holder(HolderKind.OUTSIDE, self.register or OUTSIDE)

    @property
    def power(self) -> str:
        """How the table of powers calls its completion."""
        return f"step.complete:{self.id}"


@dataclass(frozen=True)
class Edition:
    """A service as it is from a day on."""

    service: str
    valid_from: date
    title: Mapping[str, str]
    clause: str
    provisional: bool
    within_minutes: int
    """Working time for the whole."""
    about_vehicle: bool
    """Whether a case of it is about a vehicle, known by its VIN."""
    applicants: tuple[str, ...]
    channels: tuple[str, ...]
    documents: tuple[Document, ...]
    steps: Mapping[str, Step]
    sha256: str

    @property
    def name(self) -> str:
        """``service@YYYY-MM-DD``"""
        return f"{self.service}@{self.valid_from}"

    def step(self, step_id: str | None) -> Step:
        """One step; raises :class:`BadRequest`."""
        found = self.steps.get(step_id or "")
        if found is None:
            known = ", ".join(self.steps)
            raise BadRequest(
                N_("The service %(service)s has no step '%(step_id)s'; it has %(known)s."),
                service=self.service,
                step_id=(step_id or "")[:64],
                known=known,
            )
        return found

    @cached_property
    def downstream(self) -> Mapping[str, frozenset[str]]:
        """Step → all steps that come after it, directly or not."""
        found: dict[str, frozenset[str]] = {}
        for step_id in reversed(self.order):
            direct = [one.id for one in self.steps.values() if step_id in one.after]
            found[step_id] = frozenset(direct).union(*(found[one] for one in direct))
        return found

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Steps so that each comes after all that it waits for; else in the file's order."""
        placed: list[str] = []
        while len(placed) < len(self.steps):
            placed.append(
                next(one.id for one in self.steps.values() if one.id not in placed and set(one.after) <= set(placed))
            )
        return tuple(placed)

    @cached_property
    def longest_minutes(self) -> Mapping[str, int]:
        """Step → minutes of the longest way from its beginning to the end of the service."""
        found: dict[str, int] = {}
        for step_id in reversed(self.order):
            after = [found[one.id] for one in self.steps.values() if step_id in one.after]
            found[step_id] = self.steps[step_id].within_minutes + max(after, default=0)
        return found

    @cached_property
    def fees(self) -> tuple[str, ...]:
        """Every fee of the service."""
        return tuple(dict.fromkeys(fee for step in self.steps.values() for fee in step.fees))

    @cached_property
    def registers(self) -> tuple[str, ...]:
        """Every register that is asked."""
        return tuple(dict.fromkeys(step.register for step in self.steps.values() if step.register))

    @cached_property
    def wants_portrait(self) -> bool:
        """Whether a portrait is taken at the desk."""
        return any(PORTRAIT in step.needs for step in self.steps.values())

    @cached_property
    def consents(self) -> tuple[str, ...]:
        """Every register that is asked only when the applicant agrees."""
        asked = (step for step in self.steps.values() if not step.without_consent)
        return tuple(dict.fromkeys(step.register for step in asked if step.register))

    def documents_of(self, state: CaseState) -> list[Document]:
        """What is asked for in a case."""
        asked = self.documents_for(state.applicant)
        return [one for one in asked if one.if_acted_for is None or one.if_acted_for in state.acted_for]

    def documents_for(self, applicant: str) -> list[Document]:
        """What this kind of applicant can be asked for."""
        return [one for one in self.documents if applicant in one.applicants]


@dataclass(frozen=True)
class Services:
    """Every service with its whole history."""

    editions: Mapping[str, tuple[Edition, ...]]

    def on(self, service: str, day: date) -> Edition:
        """The edition in force on a day; raises :class:`BadRequest`."""
        valid = [one for one in self.editions.get(service, ()) if one.valid_from <= day]
        if not valid:
            known = ", ".join(self.editions)
            raise BadRequest(
                N_("There is no service '%(service)s' on %(day)s; there are %(known)s."),
                service=service[:64],
                day=day,
                known=known,
            )
        return valid[-1]

    def named(self, edition: str) -> Edition:
        """The edition that a case was opened under; raises :class:`BadRequest`."""
        for one in self.editions.get(edition.partition("@")[0], ()):
            if one.name == edition:
                return one
        raise BadRequest(N_("There is no edition '%(edition)s' of a service."), edition=edition[:80])

    def latest(self) -> list[Edition]:
        """The newest edition of each."""
        return [editions[-1] for editions in self.editions.values()]

    def all(self) -> list[Edition]:
        """Every edition of each: cases that were opened under an earlier one go on under it."""
        return [edition for editions in self.editions.values() for edition in editions]
