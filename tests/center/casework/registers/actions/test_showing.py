"""What was fetched is shown with a note of who looked, and the citizen finds every reading in the list."""

from __future__ import annotations

import pytest

from center.casework.register_kinds import Register
from center.casework.registers import queries
from center.casework.registers.actions.asking import ask
from center.casework.registers.actions.showing import Viewer, show
from center.casework.registers.answers import Person
from center.casework.registers.office import RegisterOffice, subject_of
from center.errors import Forbidden
from tests.center.casework.registers.inquiries import IIN, WANTED, inquiry, vehicle
from tests.center.casework.sample_cases import AKBOTA, staff
from tests.services.outside_systems import OutsideSystem

OPERATOR = Viewer(AKBOTA, "identity")


def test_an_officer_sees_what_was_fetched_and_the_citizen_that_they_saw_it(office: RegisterOffice) -> None:
    one = inquiry(office)
    ask(office, one)
    shown = show(office, one.case_id, OPERATOR)
    answer = shown[Register.PERSONS, ""].answer
    assert answer is not None
    assert isinstance(answer.record, Person)
    with office.database.reading() as transaction:
        in_case = queries.accesses_in_case(transaction, one.case_id)
        of_person = queries.accesses_to_person(transaction, office.vault.fingerprint("iin", IIN))
    assert in_case == of_person
    assert [(access.how, access.officer, access.purpose, access.registers) for access in in_case] == [
        ("asked", "akbota", "identity", ("persons",)),
        ("shown", "akbota", "identity", ("persons",)),
    ]


def test_a_later_silence_does_not_hide_an_earlier_answer(office: RegisterOffice, registers: OutsideSystem) -> None:
    one = inquiry(office)
    ask(office, one)
    registers.breaks("error")
    ask(office, inquiry(office, case_id=one.case_id, client_key="click-00002"))
    assert show(office, one.case_id, OPERATOR)[Register.PERSONS, ""].answer is not None


def test_whoever_has_no_business_with_it_sees_nothing_and_leaves_no_mark(office: RegisterOffice) -> None:
    one = inquiry(office)
    ask(office, one)
    for who in (staff("aud", "auditor"), staff("adm", "administrator")):
        with pytest.raises(Forbidden):
            show(office, one.case_id, Viewer(who, "identity"))
    with office.database.reading() as transaction:
        assert [access.how for access in queries.accesses_in_case(transaction, one.case_id)] == ["asked"]


def test_of_a_silent_register_only_its_silence_is_shown(office: RegisterOffice, registers: OutsideSystem) -> None:
    registers.breaks("error")
    one = inquiry(office)
    ask(office, one)
    fetched = show(office, one.case_id, OPERATOR)[Register.PERSONS, ""]
    assert fetched.answer is None
    assert fetched.read.is_silent


def test_the_wanted_list_is_shown_to_no_operator(office: RegisterOffice) -> None:
    one = vehicle(office, WANTED)
    ask(office, one)
    assert show(office, one.case_id, OPERATOR) == {}


def test_after_shredding_who_read_is_still_known_and_what_is_gone(office: RegisterOffice) -> None:
    one = inquiry(office)
    ask(office, one)
    office.vault.forget(subject_of(one.case_id))
    assert show(office, one.case_id, OPERATOR)[Register.PERSONS, ""].answer is None
    with office.database.reading() as transaction:
        accesses = queries.accesses_to_person(transaction, office.vault.fingerprint("iin", IIN))
    assert [access.how for access in accesses] == ["asked", "shown"]
