"""The fewest people with whom a centre may work at all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest

from center.casework import services_file
from center.casework.case_walk import Person
from center.casework.services import Edition
from center.casework.staffing import can_answer_complaints, largest_role_sets, smallest
from center.people import powers_file
from center.people.powers import Powers

POWERS = powers_file.load()
SERVICES = services_file.load().latest()


def _held(powers: Powers, services: Sequence[Edition], *, every_role: bool = False) -> list[frozenset[str]]:
    return [person.roles for person in smallest(powers, services, every_role=every_role).people]


def test_five_people_can_give_every_service_and_answer_every_complaint() -> None:
    # Who accepts neither inspects nor produces, who inspects does not produce, the administrator sees no case, and
    # whoever answers a complaint acted in none.
    people = _held(POWERS, SERVICES)
    assert len(people) == 5
    assert frozenset({"administrator"}) in people
    assert frozenset({"auditor"}) in people
    for role in ("operator", "police_inspector", "document_issuer"):
        assert sum(role in roles for roles in people) == 1


def test_the_certificate_of_records_alone_takes_four() -> None:
    people = _held(POWERS, [one for one in SERVICES if one.service == "records_certificate"])
    assert len(people) == 4
    assert not any("police_inspector" in roles for roles in people)


def test_every_role_is_filled_by_five_people() -> None:
    # Administrator, auditor, operator, police inspector and document issuer exclude one another, pair by pair.
    people = _held(POWERS, SERVICES, every_role=True)
    assert len(people) == 5
    assert frozenset().union(*people) == frozenset(POWERS.roles)


def test_a_complaint_is_answered_by_whoever_can_act_in_no_case() -> None:
    def answered_by(*roles: str) -> bool:
        return can_answer_complaints(POWERS, SERVICES, [Person("anna", frozenset(roles))])

    assert answered_by("auditor")
    for roles in (("supervisor",), ("supervisor", "examiner"), ("administrator",), ("operator", "supervisor")):
        assert not answered_by(*roles)


def test_nobody_in_it_holds_two_roles_that_exclude_one_another() -> None:
    for roles in [*largest_role_sets(POWERS), *_held(POWERS, SERVICES, every_role=True)]:
        for first, second in combinations(sorted(roles), 2):
            assert POWERS.clash(frozenset({first}), second) is None


def test_one_more_separation_takes_one_more_person() -> None:
    text = powers_file.FILE.read_text()
    pair = '  - pair: [step.complete:accept, step.complete:hand_over]\n    reason: "a test."\n'
    separated = powers_file.parse(
        text.replace("exclusions:\n", pair + "exclusions:\n").replace("\n\n" + pair, "\n" + pair).encode()
    )
    assert len(_held(separated, SERVICES)) == 6


def test_a_table_by_which_nothing_can_be_done_is_told() -> None:
    text = powers_file.FILE.read_text().replace(
        "  - pair: [step.complete:accept, step.complete:produce]", "  - pair: [case.open, case.view]", 1
    )
    lines = [line for line in text.splitlines() if "case.open:" not in line]
    closed = powers_file.parse(
        "\n".join([*lines]).replace("[case.open, case.view]", "[case.view, case.refuse]").encode()
    )
    with pytest.raises(ValueError, match="no staffing"):
        smallest(closed, SERVICES)
