"""What a service needs, costs and takes, for everybody to read: made from the data by which the centre itself works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from center.casework.fees import Schedule, due
from center.casework.registers.policy import Policies
from center.casework.services import Edition, Services, Step

Titles = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A document that is to be brought."""

    title: Titles
    optional: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """A fee as it is on the day."""

    title: Titles
    tenge: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """A step: who holds it, and for how many minutes of working time at most."""

    title: Titles
    held_by: str
    within_minutes: int
    register: Titles | None
    with_consent: bool
    """Whether that register is asked only with the applicant's consent."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One service on one day."""

    service: str
    title: Titles
    clause: str
    provisional: bool
    valid_from: date
    changes_on: date | None
    """When its next edition comes into force, if that is known."""
    within_minutes: int
    channels: tuple[str, ...]
    needed: Mapping[str, tuple[Needed, ...]]
    """By kind of applicant."""
    portrait: bool
    """Whether one is taken at the desk."""
    costs: tuple[Cost, ...]
    stages: tuple[Stage, ...]

    @property
    def total_tenge(self) -> int:
        """All fees together."""
        return sum(one.tenge for one in self.costs)

    @property
    def registers(self) -> tuple[Titles, ...]:
        """The state registers that the centre asks with consent, so that nobody brings paper for them."""
        return tuple(one.register for one in self.stages if one.register is not None and one.with_consent)


def offers(services: Services, schedule: Schedule, policies: Policies, day: date) -> list[Offer]:
    """Every service in force on a civil day, in the order of the files."""
    return [
        _offer(editions, schedule, policies, day)
        for editions in services.editions.values()
        if is_in_force(editions, day)
    ]


def is_in_force(editions: Sequence[Edition], day: date) -> bool:
    """Whether a service has begun by a civil day."""
    return any(one.valid_from <= day for one in editions)


def _offer(editions: Sequence[Edition], schedule: Schedule, policies: Policies, day: date) -> Offer:
    edition = [one for one in editions if one.valid_from <= day][-1]
    later = [one.valid_from for one in editions if one.valid_from > day]
    return Offer(
        service=edition.service,
        title=edition.title,
        clause=edition.clause,
        provisional=edition.provisional,
        valid_from=edition.valid_from,
        changes_on=later[0] if later else None,
        within_minutes=edition.within_minutes,
        channels=edition.channels,
        needed={
            applicant: tuple(Needed(one.title, one.optional) for one in edition.documents_for(applicant))
            for applicant in edition.applicants
        },
        portrait=edition.wants_portrait,
        costs=tuple(_cost(fee, schedule, day) for fee in edition.fees),
        stages=tuple(_stage(edition.steps[one], policies) for one in edition.order),
    )


def _cost(fee: str, schedule: Schedule, day: date) -> Cost:
    found = due(schedule, fee, day)
    return Cost(schedule.fees[fee].title, found.tenge, found.provisional)


def _stage(step: Step, policies: Policies) -> Stage:
    register = None
    if step.register is not None:
        register = next(policy.title for name, policy in policies.registers.items() if name == step.register)
    return Stage(step.title, step.held_by, step.within_minutes, register, not step.without_consent)
