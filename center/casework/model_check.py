"""Whether one person, or two of one role, could reach a document or a power: every service and every power is walked.

A single person is given every role there is, for roles change from one week to the next while a case and its record
stay. Two of one role act in that role alone. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Final

from center.casework.case_walk import Goal, Move, Person, find_path, find_paths, is_issued
from center.casework.services import Edition, Step
from center.people.powers import CONFIRM, PROPOSE, CaseFacts, Powers

TAKES_TWO: Final = (
    "account.create",
    "role.grant",
    "passkey.enrol",
    "passkey.replace",
    "password.reset",
    "account.unlock",
    "certificate.record",
    "fee.refund",
)
"""What must take two persons of two roles: somebody could make themselves a second person, or pay money out."""


@dataclass(frozen=True, slots=True)
class Hole:
    """What must not be, who could do it, and how."""

    rule: str
    who: str
    path: tuple[Move, ...]

    def __str__(self) -> str:
        """One line: what, who, and the path."""
        return f"{self.rule}, by {self.who}: {' → '.join(map(str, self.path))}"


def check(powers: Powers, editions: Iterable[Edition]) -> list[Hole]:
    """Every hole; empty: none."""
    holes = list(_holes_in_administration(powers))
    for edition in editions:
        holes += [*issued_by_few(powers, edition), *_two_things_in_one_hand(powers, edition)]
    return holes


def _coalitions(powers: Powers) -> Iterator[tuple[str, list[Person]]]:
    yield "one person", [Person("anna", frozenset(powers.roles))]
    for role in powers.roles:
        yield f"two of the role {role}", [Person(name, frozenset({role})) for name in ("anna", "boris")]


def issued_by_few(powers: Powers, edition: Edition) -> Iterator[Hole]:
    """Ways of one person, or of two of one role, to a document of a service."""
    for who, people in _coalitions(powers):
        path = find_path(powers, edition, people, is_issued(edition))
        if path:
            yield Hole(f"A document of {edition.name} is issued", who, path)


def _two_things_in_one_hand(powers: Powers, edition: Edition) -> Iterator[Hole]:
    """With honest colleagues in every role, could one person decide twice in a case, or decide and meet applicants?"""
    anna = Person("anna", frozenset(powers.roles))
    colleagues = [Person(f"honest-{role}", frozenset({role})) for role in powers.roles]
    pairs = [pair for pair in combinations(edition.steps.values(), 2) if _takes_two_hands(*pair)]
    goals = [_has_done_both(anna, *pair) for pair in pairs]
    for (one, other), path in zip(pairs, find_paths(powers, edition, [anna, *colleagues], goals), strict=True):
        if path:
            rule = f"{one.id} and {other.id} of one case of {edition.name} are in one hand"
            yield Hole(rule, "one person", path)


def _takes_two_hands(one: Step, other: Step) -> bool:
    decides_and_meets = (one.decides and other.meets_applicant) or (other.decides and one.meets_applicant)
    return decides_and_meets or (one.decides and other.decides)


def _has_done_both(person: Person, one: Step, other: Step) -> Goal:
    both = frozenset({(one.power, person.name), (other.power, person.name)})
    return lambda state: both <= state.taken


def _holes_in_administration(powers: Powers) -> Iterator[Hole]:
    for name in TAKES_TWO:
        for role in sorted(powers.actions[name].roles) if name in powers.actions else ():
            yield Hole(f"{name} is done", "one person", (Move(f"anna ({role})", name),))
    for name in powers.two_person_actions():
        for who, people in _coalitions(powers):
            path = administrative_path(powers, name, people)
            if path:
                yield Hole(f"{name} is done", who, path)


def administrative_path(powers: Powers, action: str, people: Sequence[Person]) -> tuple[Move, ...] | None:
    """How these people propose and confirm an administrative action; None: they cannot."""
    for proposer, confirmer in [*permutations(people, 2), *((one, one) for one in people)]:
        facts = CaseFacts(taken=frozenset({(PROPOSE + action, proposer.name)}))
        if (
            powers.may(proposer.actor, PROPOSE + action) is None
            and powers.may(confirmer.actor, CONFIRM + action, "", facts) is None
        ):
            return Move(proposer.name, PROPOSE + action), Move(confirmer.name, CONFIRM + action)
    return None
