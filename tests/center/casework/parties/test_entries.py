"""The parties of a case hold together: sides, representatives, ages, and no one on both sides of a contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from center.casework.fields import BadFields
from center.casework.parties import representation_law
from center.casework.parties.entries import Entry, faults
from center.casework.parties.mandates import read_mandate
from center.casework.parties.persons import Firm, Person
from center.casework.parties.representation import Basis, Deed, Mandate
from tests.center.casework.parties.people import AIGERIM, CHILD, DENIS, FIRM, GRANDMOTHER, power

DAY = date(2026, 4, 14)
LAW = representation_law.load(DAY)
DEED = Deed("apply", "records_certificate", DAY)


def _told(*entries: Entry) -> list[str]:
    return [fault.sentence for fault in faults(LAW, entries, DEED)]


def test_a_person_applies_for_themselves() -> None:
    assert _told(Entry("applicant", AIGERIM)) == []


def test_a_grandmother_with_a_power_applies_for_the_owner() -> None:
    assert _told(Entry("applicant", AIGERIM, GRANDMOTHER, (power("apply"),))) == []


def test_without_a_power_she_does_not() -> None:
    assert _told(Entry("applicant", AIGERIM, GRANDMOTHER)) == [
        "There is no paper that says for whom this person may act."
    ]


def test_a_firm_acts_through_somebody() -> None:
    assert _told(Entry("applicant", FIRM)) == [
        "A firm acts through somebody: its head, or whom an order or power names."
    ]
    head = Mandate(Basis.HEAD_OF_FIRM, "", "", date(2020, 1, 1), None, frozenset())
    assert _told(Entry("applicant", FIRM, DENIS, (head,))) == []


def test_a_child_does_not_apply_alone() -> None:
    assert _told(Entry("applicant", CHILD)) == ["Somebody under 14 is represented by a parent or guardian."]
    parent = Mandate(Basis.PARENT, "", "", date(2016, 1, 1), None, frozenset())
    assert _told(Entry("applicant", CHILD, AIGERIM, (parent,))) == []


def test_whom_a_guardian_acts_for_does_not_act_alone_while_the_guardian_is_in_office() -> None:
    alone = Entry("applicant", AIGERIM, None, (Mandate(Basis.GUARDIAN, "", "", date(2024, 1, 10), None, frozenset()),))
    told = ["A court has appointed a guardian for this person, who acts for them."]
    assert _told(alone) == told
    changes: list[tuple[dict[str, Any], list[str]]] = [
        ({"valid_until": DAY}, told),
        ({"valid_until": DAY - timedelta(days=1)}, []),
        ({"revoked_on": DAY}, []),
        ({"basis": Basis.POWER_OF_ATTORNEY}, []),
    ]
    for change, comes_out in changes:
        (mandate,) = alone.mandates
        assert _told(replace(alone, mandates=(msgspec.structs.replace(mandate, **change),))) == comes_out


def test_somebody_of_fourteen_applies_with_their_own_hand() -> None:
    assert _told(Entry("applicant", msgspec.structs.replace(CHILD, born_on=date(2012, 4, 14)))) == []
    assert _told(Entry("applicant", msgspec.structs.replace(CHILD, born_on=date(2012, 4, 15)))) != []


def test_nobody_represents_themselves() -> None:
    assert _told(Entry("applicant", AIGERIM, AIGERIM, (power("apply"),))) == ["Nobody represents themselves."]


def test_two_parties_make_a_contract() -> None:
    assert _told(Entry("seller", AIGERIM), Entry("buyer", DENIS)) == []
    assert _told(Entry("seller", AIGERIM)) == ["A contract has a seller and a buyer."]
    assert _told(Entry("seller", AIGERIM), Entry("buyer", AIGERIM)) == ["The two sides of a contract are two."]


def test_one_person_does_not_act_for_both_sides_nor_sell_to_themselves() -> None:
    both = "One person cannot act for both sides of a contract."
    agent = (GRANDMOTHER, (power("apply"),))
    assert _told(Entry("seller", AIGERIM, *agent), Entry("buyer", DENIS, *agent)) == [both]
    assert _told(Entry("seller", AIGERIM, DENIS, (power("apply"),)), Entry("buyer", DENIS)) == [both]


def test_sides_are_known_and_taken_once() -> None:
    assert "There is no side witness." in _told(Entry("witness", AIGERIM))
    assert "Each side has one party." in _told(Entry("applicant", AIGERIM), Entry("applicant", DENIS))
    assert _told() == ["Somebody must apply."]


PAPER = {
    "basis": "power_of_attorney",
    "number": "17-204",
    "certified_by": "Notary Ахметова",
    "issued_on": "2026-01-10",
    "valid_until": "2027-01-09",
    "acts": "apply receive_document",
    "services": "",
    "vehicle": "xtagfk330jy144213",
    "may_delegate": "no",
    "revoked_on": "",
}


def test_a_paper_is_read_from_its_form() -> None:
    mandate = read_mandate(PAPER, LAW, DAY)
    assert mandate.acts == {"apply", "receive_document"}
    assert (mandate.vehicle, mandate.may_delegate) == ("XTAGFK330JY144213", False)
    parent = read_mandate({"basis": "parent", "issued_on": "2016-01-01"}, LAW, DAY)
    assert parent.basis is Basis.PARENT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("basis", "friendship"),
        ("number", ""),
        ("number", "x\x00"),
        ("certified_by", "x" * 201),
        ("issued_on", "2026-04-15"),
        ("valid_until", "2026-01-09"),
        ("acts", ""),
        ("acts", "apply issue"),
        ("acts", " ".join(f"act{number}" for number in range(21))),
        ("vehicle", "x" * 18),
        ("may_delegate", "perhaps"),
        ("revoked_on", "yesterday"),
        ("role", "administrator"),
    ],
)
def test_each_field_of_a_paper_refuses_what_it_cannot_be(field: str, value: str) -> None:
    with pytest.raises(BadFields) as refused:
        read_mandate(PAPER | {field: value}, LAW, DAY)
    assert field in {fault.field for fault in refused.value.faults}


def test_parties_survive_the_vaults_json() -> None:
    for party in (AIGERIM, FIRM):
        assert msgspec.json.decode(msgspec.json.encode(party), type=Person | Firm) == party
