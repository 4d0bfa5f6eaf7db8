"""Money goes back once, never more than was paid, and not at all by mistake."""

from __future__ import annotations

from dataclasses import replace

import pytest

from center.casework.commands import Applicant
from center.casework.payments import queries
from center.casework.payments.actions import catching_up
from center.casework.payments.actions.asking import ask
from center.casework.payments.actions.hearing import hear
from center.casework.payments.actions.refunding import RefundOrder, refund
from center.casework.payments.callbacks import Verdict
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.casework.queries import case_state
from center.database import Database
from center.errors import BadRequest, Conflict, Forbidden, NotFound
from tests.center.casework.payments.offices import (
    AMOUNT,
    ONCE_PAID,
    charges,
    event,
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
    return RefundOrder(paid.intent_id, amount, "case_withdrawn", key, SUPERVISOR)


def test_a_double_click_gives_back_once(at: PaymentOffice, gateway: OutsideSystem, paid: IntentFacts) -> None:
    first, second = (refund(at, _order(paid)) for _ in range(2))
    assert (first.refund_id, first.state) == (second.refund_id, "done")
    assert [one["kind"] for one in charges(gateway, paid)] == ["charge", "refund"]
    assert money_kinds(at, paid.case_id) == [*ONCE_PAID, "fee.refunded", "fee.refunded"]


@pytest.mark.parametrize("kind", ["drop", "hang", "error", "garbage", "truncated"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_refund_that_was_not_confirmed_is_ordered_again_and_made_once(
    at: PaymentOffice, gateway: OutsideSystem, paid: IntentFacts, kind: str, when: str
) -> None:
    gateway.breaks(kind, "/v1/intents", when=when, times=1)
    assert refund(at, _order(paid)).state == "requested"
    gateway.mends()
    catching_up.catch_up(at)
    with at.database.reading() as transaction:
        (known,) = queries.refunds_of(transaction, paid.intent_id)
    assert known.state == "done"
    assert [one["kind"] for one in charges(gateway, paid)] == ["charge", "refund"]


def test_parts_go_back_until_nothing_is_left(at: PaymentOffice, paid: IntentFacts) -> None:
    refund(at, _order(paid, 1081, "a"))
    with pytest.raises(Conflict, match=f"{AMOUNT} tenge cannot be given back: {AMOUNT - 1081} are left"):
        refund(at, _order(paid, AMOUNT, "b"))
    assert refund(at, _order(paid, AMOUNT - 1081, "c")).state == "done"
    with pytest.raises(Conflict, match="0 are left"):
        refund(at, _order(paid, 1, "d"))


def test_a_part_is_taken_from_the_first_fee_on(at: PaymentOffice, paid: IntentFacts) -> None:
    refund(at, _order(paid, 1000, "a"))
    refund(at, _order(paid, 100, "b"))
    with at.database.reading() as transaction:
        state = case_state(transaction, paid.case_id)
    assert state.fees_paid == {"plate": 12110 - 19}


def test_only_a_supervisor_gives_back(at: PaymentOffice, paid: IntentFacts) -> None:
    for who in (AKBOTA, Applicant(), staff("adm", "administrator")):
        with pytest.raises(Forbidden):
            refund(at, replace(_order(paid), who=who))


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_or_less_cannot_go_back(at: PaymentOffice, paid: IntentFacts, amount: int) -> None:
    with pytest.raises(Conflict, match="cannot be given back"):
        refund(at, _order(paid, amount))


def test_what_was_not_paid_is_not_given_back(at: PaymentOffice) -> None:
    with pytest.raises(Conflict, match="was not paid"):
        refund(at, _order(ask(at, request(at))))


def test_a_reason_is_one_of_the_list_and_a_payment_one_of_ours(at: PaymentOffice, paid: IntentFacts) -> None:
    with pytest.raises(BadRequest, match="'because' is no reason"):
        refund(at, replace(_order(paid), reason="because"))
    with pytest.raises(NotFound):
        refund(at, replace(_order(paid), intent_id="0198f000-0000-7000-8000-000000000000"))


def test_the_gateways_word_that_it_gave_back_ends_a_refund(
    at: PaymentOffice, gateway: OutsideSystem, paid: IntentFacts
) -> None:
    gateway.breaks("error", "/v1/intents")
    noted = refund(at, _order(paid))
    told = event(paid, kind="refund.succeeded", refund="re_1", refund_key=noted.refund_id)
    assert hear(at, *signed(told)) is Verdict.SETTLE
    assert hear(at, *signed(told)) is Verdict.REPEATED
    with at.database.reading() as transaction:
        assert queries.refund(transaction, noted.refund_id).state == "done"
