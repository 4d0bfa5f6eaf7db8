"""Holes planted in the table of powers, all of them: each is found, and where none is none is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product

import pytest

from center.casework import services_file
from center.casework.action_kinds import OPEN_CASE
from center.casework.model_check import issued_by_few
from center.casework.services import Edition
from center.people import powers_file
from center.people.powers import Powers, Separation
from tests.sampling import sample

POWERS = powers_file.load()
SERVICES = services_file.load().latest()
DOING = [name for name in POWERS.actions if name == OPEN_CASE or name.startswith("step.complete:")]
"""What the way to a document is made of."""


@dataclass(frozen=True)
class Plant:
    """Actions that a role may take and should not, and a separation that was deleted."""

    role: str
    actions: tuple[str, ...]
    deleted: Separation | None

    @property
    def powers(self) -> Powers:
        """The table with these holes in it."""
        actions = dict(POWERS.actions)
        for name in self.actions:
            actions[name] = replace(actions[name], roles=actions[name].roles | {self.role})
        left = tuple(pair for pair in POWERS.separations if pair is not self.deleted)
        return replace(POWERS, actions=actions, separations=left)

    def __str__(self) -> str:
        """Which they are."""
        without = f" without {self.deleted.first}-{self.deleted.second}" if self.deleted else ""
        return f"{' and '.join(self.actions)} by {self.role}{without}"


def _plants() -> Iterator[Plant]:
    """Every set of grants to one role, with every separation that bears on it, or one less."""
    in_cases = [pair for pair in POWERS.separations if pair.first in DOING]
    for deleted, role in product((None, *in_cases), POWERS.roles):
        more = [action for action in DOING if role not in POWERS.actions[action].roles]
        for many in range(1, len(more) + 1):
            for actions in combinations(more, many):
                yield Plant(role, actions, deleted)


@pytest.mark.parametrize("plant", sample(_plants(), 12, name="holes planted in the table of powers"), ids=str)
def test_every_planted_hole_is_found_and_nothing_else(plant: Plant) -> None:
    powers = plant.powers
    for edition in SERVICES:
        assert [hole.who for hole in issued_by_few(powers, edition)] == list(_able(powers, edition))


def _able(powers: Powers, edition: Edition) -> Iterator[str]:
    """Who gets to a document: found without any walk, by trying who of the two takes which of its steps."""
    needed = _needed(edition)
    if _fits(powers, dict.fromkeys(needed, "anna")):
        yield "one person"
    for role in powers.roles:
        may = all(role in powers.actions[action].roles for action in needed)
        ways = product(("anna", "boris"), repeat=len(needed))
        if may and any(_fits(powers, dict(zip(needed, way, strict=True))) for way in ways):
            yield f"two of the role {role}"


def _fits(powers: Powers, takers: dict[str, str]) -> bool:
    pairs = ((takers.get(pair.first), takers.get(pair.second)) for pair in powers.separations)
    return all(one is None or one != other for one, other in pairs)


def _needed(edition: Edition) -> list[str]:
    """What the staff must have done before a document is issued."""
    steps = {step.id for step in edition.steps.values() if step.issues}
    while more := {before for step in steps for before in edition.steps[step].after} - steps:
        steps |= more
    return [
        OPEN_CASE,
        *(f"step.complete:{step}" for step in edition.steps if step in steps and edition.steps[step].is_staffs),
    ]
