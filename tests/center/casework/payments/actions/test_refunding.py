"""Money goes back once, never more than was paid, and not at all by mistake."""

from __future__ import annotations

from dataclasses import replace

import pytest

from center.casework.commands import Applicant
from center.casework.payments import queries
from center.casework.payments.actions import catching_up
from center.casework.payments.actions.asking import ask
from center.casework.payments.actions.hearing import hear
from center.casework.payments.actions.proposing_refunds import confirm, decline, propose
from center.casework.payments.actions.refunding import RefundOrder
from center.casework.payments.callbacks import Verdict
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.casework.queries import actions, case_state
from center.database import Database
from center.errors import BadRequest, Conflict, Forbidden, NotFound
from tests.center.casework.payments.offices import (
    AMOUNT,
    ONCE_PAID,
    charges,
    event,
    given_back,
    money_kinds,
    office,
    pays,
    request,
    signed,
)
from tests.center.casework.sample_cases import AKBOTA, SUPERVISOR, staff
from tests.services.outside_systems import OutsideSystem


@pytest.fixture
def at(database: Database, gateway: OutsideSystem) -> PaymentOffice:
    return office(database, gateway)


@pytest.fixture
def paid(at: PaymentOffice, gateway: OutsideSystem) -> IntentFacts:
    intent = ask(at, request(at))
    pays(gateway, intent)
    catching_up.catch_up(at)
    return intent


def _order(paid: IntentFacts, amount: int = AMOUNT, key: str = "click-1") -> RefundOrder:
    return RefundOrder(paid.intent_id, amount, "case_withdrawn", key, AKBOTA)


def test_a_double_click_gives_back_once(at: PaymentOffice, gateway: OutsideSystem, paid: IntentFacts) -> None:
    first, second = (given_back(at, _order(paid)) for _ in range(2))
    assert (first.refund_id, first.state) == (second.refund_id, "done")
    assert [one["kind"] for one in charges(gateway, paid)] == ["charge", "refund"]
    assert money_kinds(at, paid.case_id) == [*ONCE_PAID, "fee.refunded", "fee.refunded"]
    assert first.decided_by == SUPERVISOR.account_id


@pytest.mark.parametrize("kind", ["drop", "hang", "error", "garbage", "truncated"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_refund_that_was_not_confirmed_is_ordered_again_and_made_once(
    at: PaymentOffice, gateway: OutsideSystem, paid: IntentFacts, kind: str, when: str
) -> None:
    gateway.breaks(kind, "/v1/intents", when=when, times=1)
    assert given_back(at, _order(paid)).state == "requested"
    gateway.mends()
    catching_up.catch_up(at)
    with at.database.reading() as transaction:
        (known,) = queries.refunds_of(transaction, paid.intent_id)
    assert known.state == "done"
    assert [one["kind"] for one in charges(gateway, paid)] == ["charge", "refund"]


def test_parts_go_back_until_nothing_is_left(at: PaymentOffice, paid: IntentFacts) -> None:
    given_back(at, _order(paid, 1081, "a"))
    with pytest.raises(Conflict, match=f"{AMOUNT} tenge cannot be given back: {AMOUNT - 1081} are left"):
        propose(at, _order(paid, AMOUNT, "b"))
    assert given_back(at, _order(paid, AMOUNT - 1081, "c")).state == "done"
    with pytest.raises(Conflict, match="0 are left"):
        given_back(at, _order(paid, 1, "d"))


def test_a_part_is_taken_from_the_first_fee_on(at: PaymentOffice, paid: IntentFacts) -> None:
    given_back(at, _order(paid, 1000, "a"))
    given_back(at, _order(paid, 100, "b"))
    with at.database.reading() as transaction:
        state = case_state(transaction, paid.case_id)
    assert state.fees_paid == {"plate": 12110 - 19}


def test_one_person_gives_nothing_back(at: PaymentOffice, gateway: OutsideSystem, paid: IntentFacts) -> None:
    both = staff("akbota", "operator", "supervisor")
    proposed = propose(at, replace(_order(paid), who=both))
    assert proposed.state == "proposed"
    for who in (both, AKBOTA, staff("asel", "auditor"), staff("gulnar", "operator")):
        with pytest.raises(Forbidden):
            confirm(at, who, proposed.refund_id)
    catching_up.catch_up(at)
    assert [one["kind"] for one in charges(gateway, paid)] == ["charge"]
    assert confirm(at, SUPERVISOR, proposed.refund_id).decided_by == SUPERVISOR.account_id
    assert confirm(at, SUPERVISOR, proposed.refund_id).state == "done"


def test_whoever_confirmed_in_a_case_proposes_nothing_in_it(at: PaymentOffice, paid: IntentFacts) -> None:
    both = staff("saule", "operator", "supervisor")
    confirm(at, both, propose(at, _order(paid, 81, "a")).refund_id)
    with pytest.raises(Forbidden, match="two persons"):
        propose(at, replace(_order(paid, 81, "b"), who=both))


def test_only_an_operator_proposes(at: PaymentOffice, paid: IntentFacts) -> None:
    for who in (SUPERVISOR, Applicant(), staff("adm", "administrator")):
        with pytest.raises(Forbidden):
            propose(at, replace(_order(paid), who=who))
    with at.database.reading() as transaction:
        assert queries.refunds_of(transaction, paid.intent_id) == []


def test_what_is_declined_does_not_go_back_and_can_be_proposed_again(
    at: PaymentOffice, gateway: OutsideSystem, paid: IntentFacts
) -> None:
    first = propose(at, _order(paid))
    with pytest.raises(Conflict, match="0 are left"):
        propose(at, _order(paid, 1, "another click"))
    for _ in range(2):
        assert decline(at, SUPERVISOR, first.refund_id, "The document was made.").state == "declined"
    with pytest.raises(Conflict, match="decided already"):
        confirm(at, SUPERVISOR, first.refund_id)
    catching_up.catch_up(at)
    assert [one["kind"] for one in charges(gateway, paid)] == ["charge"]
    assert given_back(at, _order(paid, AMOUNT, "another click")).state == "done"


def test_the_case_tells_who_proposed_and_who_decided(at: PaymentOffice, paid: IntentFacts) -> None:
    given_back(at, _order(paid, 81, "a"))
    decline(at, SUPERVISOR, propose(at, _order(paid, 82, "b")).refund_id, "The document was made.")
    with at.database.reading() as transaction:
        told = [(one.kind, one.actor) for one in actions(transaction, paid.case_id) if "refund" in one.kind]
    assert told == [
        ("propose:fee.refund", "akbota"),
        ("confirm:fee.refund", "saule"),
        ("fee.refunded", "payments"),
        ("propose:fee.refund", "akbota"),
        ("decline:fee.refund", "saule"),
    ]


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_or_less_cannot_go_back(at: PaymentOffice, paid: IntentFacts, amount: int) -> None:
    with pytest.raises(Conflict, match="cannot be given back"):
        given_back(at, _order(paid, amount))


def test_what_was_not_paid_is_not_given_back(at: PaymentOffice) -> None:
    with pytest.raises(Conflict, match="was not paid"):
        given_back(at, _order(ask(at, request(at))))


def test_a_reason_is_one_of_the_list_and_a_payment_one_of_ours(at: PaymentOffice, paid: IntentFacts) -> None:
    with pytest.raises(BadRequest, match="'because' is no reason"):
        given_back(at, replace(_order(paid), reason="because"))
    with pytest.raises(NotFound):
        given_back(at, replace(_order(paid), intent_id="0198f000-0000-7000-8000-000000000000"))


def test_the_gateways_word_that_it_gave_back_ends_a_refund(
    at: PaymentOffice, gateway: OutsideSystem, paid: IntentFacts
) -> None:
    gateway.breaks("error", "/v1/intents")
    noted = given_back(at, _order(paid))
    told = event(paid, kind="refund.succeeded", refund="re_1", refund_key=noted.refund_id)
    assert hear(at, *signed(told)) is Verdict.SETTLE
    assert hear(at, *signed(told)) is Verdict.REPEATED
    with at.database.reading() as transaction:
        assert queries.refund(transaction, noted.refund_id).state == "done"
