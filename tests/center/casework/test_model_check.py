"""No single person and no two of one role reach a document or a power; every hole that is planted is found."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from center.casework import services_file
from center.casework.case_walk import Person, find_path, is_completed
from center.casework.model_check import TAKES_TWO, check
from center.casework.services import Edition
from center.people import powers_file
from center.people.powers import PROPOSE, Powers, Separation

TEXT = powers_file.FILE.read_text()
POWERS = powers_file.load()
SERVICES = services_file.load().all()
"""Earlier editions too: what was begun under one is finished under it."""
NO_SERVICE: tuple[Edition, ...] = ()
"""For what concerns accounts only."""


def _planted(change: str, into: str) -> Powers:
    changed = TEXT.replace(change, into, 1)
    assert changed != TEXT
    return powers_file.parse(changed.encode())


def _without_pair(first: str, second: str, text: str = TEXT) -> Powers:
    pattern = rf"  - pair: \[{re.escape(first)}, {re.escape(second)}\]\n    reason: .*\n"
    changed, count = re.subn(pattern, "", text)
    assert count == 1
    return powers_file.parse(changed.encode())


def test_the_table_of_powers_has_no_hole() -> None:
    assert [str(hole) for hole in check(POWERS, SERVICES)] == []


def test_the_services_can_be_given_at_all() -> None:
    everybody = [Person(role, frozenset({role})) for role in POWERS.roles]
    for edition in SERVICES:
        assert find_path(POWERS, edition, everybody, is_completed)


@pytest.mark.parametrize("pair", POWERS.separations, ids=lambda pair: f"{pair.first}-{pair.second}")
def test_a_separation_that_is_deleted_is_missed_by_name(pair: Separation) -> None:
    first, second = pair.first, pair.second
    # A pair of accounts is no part of any case.
    holes = check(_without_pair(first, second), NO_SERVICE if first.startswith(PROPOSE) else SERVICES)
    assert holes
    paths = [[move.action for move in hole.path] for hole in holes]
    assert any(first in path and second in path for path in paths)
    assert all(len({move.person for move in hole.path if not move.person.startswith("honest")}) == 1 for hole in holes)


def test_two_operators_who_may_also_produce_are_found_with_their_path() -> None:
    powers = _planted(
        "step.complete:produce: {roles: [document_issuer]", "step.complete:produce: {roles: [document_issuer, operator]"
    )
    found = [hole for hole in check(powers, SERVICES) if hole.who == "two of the role operator"]
    # Not that of an inspection, which takes a third.
    path = "anna: case.open → anna: step.complete:accept → boris: step.complete:produce"
    assert [str(hole) for hole in found] == [
        f"A document of {edition} is issued, by two of the role operator: {path}"
        for edition in ("exam_card@2020-01-01", "records_certificate@2020-01-01", "records_certificate@2026-12-01")
    ]


def test_an_inspection_takes_three_hands_and_two_with_one_pair_less_are_found() -> None:
    text = TEXT
    for step, role in (("inspect", "police_inspector"), ("produce", "document_issuer")):
        row = f"step.complete:{step}: {{roles: [{role}"
        assert row in text
        text = text.replace(row, f"{row}, operator")
    inspection = [one for one in SERVICES if one.service == "vehicle_inspection"]
    assert check(powers_file.parse(text.encode()), inspection) == []
    powers = _without_pair("step.complete:accept", "step.complete:inspect", text)
    (hole,) = [one for one in check(powers, inspection) if one.who.startswith("two of")]
    assert str(hole) == (
        "A document of vehicle_inspection@2014-12-02 is issued, by two of the role operator: anna: case.open → "
        "anna: step.complete:accept → anna: step.complete:inspect → boris: step.complete:produce"
    )


@pytest.mark.parametrize("action", POWERS.two_person_actions())
def test_a_confirmation_granted_to_the_proposers_role_is_found(action: str) -> None:
    # The loader would refuse such a table; the model check finds the hole by itself.
    row, role = POWERS.actions[f"confirm:{action}"], min(POWERS.actions[f"propose:{action}"].roles)
    granted = replace(row, roles=row.roles | {role})
    powers = replace(POWERS, actions={**POWERS.actions, row.name: granted})
    (hole,) = check(powers, NO_SERVICE)
    assert (hole.rule, hole.who) == (f"{action} is done", f"two of the role {role}")
    assert {move.person for move in hole.path} == {"anna", "boris"}


@pytest.mark.parametrize("action", TAKES_TWO)
def test_a_power_or_money_given_by_one_hand_is_found(action: str) -> None:
    powers = _planted("  account.lock:", f"  {action}: {{roles: [administrator]}}\n  account.lock:")
    (hole,) = check(powers, NO_SERVICE)
    assert str(hole) == f"{action} is done, by one person: anna (administrator): {action}"
