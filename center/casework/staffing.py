"""The smallest legal staffing: with how few people every service can be given and every power be kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement

from center.casework.action_kinds import KINDS, power_of
from center.casework.case import ActorKind
from center.casework.case_walk import Person, find_path, is_completed
from center.casework.model_check import administrative_path
from center.casework.services import Edition
from center.people.powers import Powers


@dataclass(frozen=True, slots=True)
class Staffing:
    """People, each with the roles that they must hold."""

    people: tuple[Person, ...]


def smallest(powers: Powers, editions: Iterable[Edition], *, every_role: bool = False) -> Staffing:
    """The fewest people who can give every service and carry out every administrative action.

    ``every_role``: with somebody in every role of the table, needed or not. Raises ValueError if no staffing will do.
    """
    services = list(editions)
    choices = largest_role_sets(powers)
    for count in range(1, len(powers.roles) + 2):
        for roles in combinations_with_replacement(choices, count):
            people = tuple(Person(f"person-{number}", one) for number, one in enumerate(roles, 1))
            if _suffices(powers, services, people, every_role=every_role):
                return Staffing(_without_needless(powers, services, people, every_role=every_role))
    raise ValueError("By this table of powers no staffing can give every service.")


def largest_role_sets(powers: Powers) -> list[frozenset[str]]:
    """The sets of roles that one account may hold, and to which none can be added."""
    names = list(powers.roles)
    legal = [
        frozenset(chosen)
        for size in range(1, len(names) + 1)
        for chosen in combinations(names, size)
        if all(powers.clash(frozenset(chosen) - {one}, one) is None for one in chosen)
    ]
    return [one for one in legal if not any(one < other for other in legal)]


def can_answer_complaints(powers: Powers, services: Sequence[Edition], people: Iterable[Person]) -> bool:
    """Whether somebody may answer complaints who can act in no case: whoever acted, no complaint is stuck."""
    acting = {power_of(kind.name, step) for kind in KINDS.values() if ActorKind.STAFF in kind.actors
              for edition in services for step in (edition.steps if kind.on_step else (None,))}  # fmt: skip
    able = frozenset[str]().union(*(powers.actions[one].roles for one in acting if one in powers.actions))
    answering = powers.actions["complaint.answer"].roles
    return any(one.roles & answering and not one.roles & able for one in people)


def _suffices(powers: Powers, services: Sequence[Edition], people: Sequence[Person], *, every_role: bool) -> bool:
    held = frozenset(role for person in people for role in person.roles)
    if every_role and not held >= frozenset(powers.roles):
        return False
    if not can_answer_complaints(powers, services, people):
        return False
    needed = {step.held_by for edition in services for step in edition.steps.values() if step.is_staffs}
    if not needed <= held:
        return False
    if any(administrative_path(powers, name, people) is None for name in powers.two_person_actions()):
        return False
    return all(find_path(powers, edition, people, is_completed) is not None for edition in services)


def _without_needless(
    powers: Powers, services: Sequence[Edition], people: tuple[Person, ...], *, every_role: bool
) -> tuple[Person, ...]:
    """The same people without the roles that nothing needs of them."""
    for place, person in enumerate(people):
        for role in powers.roles:
            fewer = Person(person.name, people[place].roles - {role})
            changed = (*people[:place], fewer, *people[place + 1 :])
            if role in people[place].roles and _suffices(powers, services, changed, every_role=every_role):
                people = changed
    return people
