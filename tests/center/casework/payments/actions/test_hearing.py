"""Call-backs: what is the gateway's own has its effect once, and nothing else has any."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from center.casework.payments import queries
from center.casework.payments.actions import asking, catching_up
from center.casework.payments.actions.asking import ask
from center.casework.payments.actions.hearing import hear
from center.casework.payments.callbacks import IntentState, Refused, Verdict
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.casework.payments.tables import CallbackRefusal, PaymentEvent
from center.casework.queries import case_state
from center.database import Database
from tests.center.casework.payments.offices import ONCE_PAID, charges, event, money_kinds, office, pays, request, signed
from tests.center.casework.sample_cases import AKBOTA, command, do
from tests.services.outside_systems import OutsideSystem


@pytest.fixture
def at(database: Database, gateway: OutsideSystem) -> PaymentOffice:
    return office(database, gateway)


@pytest.fixture
def intent(at: PaymentOffice) -> IntentFacts:
    return ask(at, request(at))


def _now(at: PaymentOffice, intent: IntentFacts) -> IntentFacts:
    with at.database.reading() as transaction:
        return queries.intent(transaction, intent.intent_id)


def _refusals(at: PaymentOffice) -> dict[str, int]:
    with at.database.reading() as transaction:
        return {row.reason: row.count for row in transaction.scalars(select(CallbackRefusal))}


def test_a_signed_call_back_pays(at: PaymentOffice, intent: IntentFacts) -> None:
    assert hear(at, *signed(event(intent))) is Verdict.SETTLE
    assert _now(at, intent).state is IntentState.PAID
    assert money_kinds(at, intent.case_id) == ONCE_PAID


def test_the_same_call_back_many_times_at_once_pays_once(at: PaymentOffice, intent: IntentFacts) -> None:
    header, body = signed(event(intent))
    verdicts: list[Verdict] = []
    threads = [threading.Thread(target=lambda: verdicts.append(hear(at, header, body))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(verdicts) == [Verdict.REPEATED] * 7 + [Verdict.SETTLE]
    assert money_kinds(at, intent.case_id) == ONCE_PAID
    with at.database.reading() as transaction:
        assert transaction.scalar(select(func.count()).select_from(PaymentEvent)) == 1


def test_a_call_back_that_comes_while_the_gateways_answer_is_on_its_way_pays_once(
    at: PaymentOffice, gateway: OutsideSystem, intent: IntentFacts
) -> None:
    pays(gateway, intent)
    answer = at.gateway.intent(intent.gateway_id or "")
    assert hear(at, *signed(event(intent))) is Verdict.SETTLE
    paid = _now(at, intent)
    assert asking.note_state(at, intent.intent_id, answer) == paid
    assert money_kinds(at, intent.case_id) == ONCE_PAID


def test_two_events_of_one_payment_pay_once(at: PaymentOffice, intent: IntentFacts) -> None:
    assert hear(at, *signed(event(intent))) is Verdict.SETTLE
    assert hear(at, *signed(event(intent))) is Verdict.REPEATED
    assert money_kinds(at, intent.case_id) == ONCE_PAID


@pytest.mark.parametrize(
    ("changes", "reason", "status"),
    [
        ({"amount_tenge": 1}, "other_amount", 409),
        ({"amount_tenge": 999_999_999}, "other_amount", 409),
        ({"currency": "EUR"}, "other_amount", 409),
        ({"intent": "pi_another"}, "other_intent", 409),
        ({"reference": "0198f000-0000-7000-8000-000000000000"}, "unknown", 404),
        ({"kind": "payment.imagined"}, "unreadable", 400),
        ({"amount_tenge": -5}, "unreadable", 400),
        ({"amount_tenge": "1081"}, "unreadable", 400),
        ({"amount_tenge": 1e30}, "unreadable", 400),
        ({"reference": "\x00"}, "unreadable", 400),
        ({"event_id": "e" * 65}, "unreadable", 400),
        ({"at_ns": 2**63}, "unreadable", 400),
        ({"kind": "refund.succeeded"}, "unknown_refund", 404),
        ({"kind": "refund.succeeded", "refund_key": "none", "refund": "re_1"}, "unknown_refund", 404),
    ],
)
def test_a_signed_call_back_that_does_not_fit_changes_nothing(
    at: PaymentOffice, intent: IntentFacts, changes: dict[str, Any], reason: str, status: int
) -> None:
    with pytest.raises(Refused) as refusal:
        hear(at, *signed(event(intent, **changes)))
    assert (refusal.value.reason, refusal.value.status) == (reason, status)
    assert _now(at, intent) == intent
    assert _refusals(at) == {reason: 1}
    assert money_kinds(at, intent.case_id) == ONCE_PAID[:2]


def test_a_forged_call_back_changes_nothing(at: PaymentOffice, intent: IntentFacts) -> None:
    told = event(intent)
    header, body = signed(told)
    other = json.dumps({**told, "event_id": "ev_other"}).encode()
    for forged in (
        signed(told, secret="guess"),
        (header, other),
        (header, body + b" "),
        (header.replace("v1=", "v1=00"), body),
        ("t=1,v1=" + "0" * 64, body),
    ):
        with pytest.raises(Refused):
            hear(at, *forged)
    for unsigned in (None, "", "v1=", "t=,v1=", header + ",v1=" + "0" * 64, header.upper()):
        with pytest.raises(Refused) as refusal:
            hear(at, unsigned, body)
        assert refusal.value.status == 401
    assert _now(at, intent) == intent


@pytest.mark.parametrize("off", [timedelta(minutes=-6), timedelta(minutes=6), timedelta(days=-400)])
def test_a_call_back_sent_again_later_changes_nothing(at: PaymentOffice, intent: IntentFacts, off: timedelta) -> None:
    with pytest.raises(Refused, match="300 s from now"):
        hear(at, *signed(event(intent), at=datetime.now(UTC) + off))
    assert _now(at, intent) == intent


def test_a_stranger_cannot_fill_the_database(at: PaymentOffice, intent: IntentFacts) -> None:
    for _ in range(20):
        with pytest.raises(Refused):
            hear(at, *signed(event(intent), secret="guess"))
    with at.database.reading() as transaction:
        assert transaction.scalar(select(func.count()).select_from(CallbackRefusal)) == 1
    assert _refusals(at) == {"forged": 20}


def test_a_payment_of_which_the_gateways_id_was_never_heard_is_paid_by_its_call_back(
    at: PaymentOffice, gateway: OutsideSystem
) -> None:
    wanted = request(at)
    gateway.breaks("drop", "/v1/intents", when="after", times=1)
    with pytest.raises(Exception, match="does not answer"):
        ask(at, wanted)
    with at.database.reading() as transaction:
        (noted,) = queries.of_case(transaction, wanted.case_id)
    assert noted.gateway_id is None
    assert hear(at, *signed(event(noted, intent="pi_unheard_of"))) is Verdict.SETTLE
    assert _now(at, noted).gateway_id == "pi_unheard_of"


def test_money_taken_for_a_cancelled_payment_is_given_back(at: PaymentOffice, intent: IntentFacts) -> None:
    asking.cancel(at, intent.intent_id, who=AKBOTA)
    assert hear(at, *signed(event(intent))) is Verdict.SETTLE
    with at.database.reading() as transaction:
        (refund,) = queries.refunds_of(transaction, intent.intent_id)
    assert (refund.amount_tenge, refund.reason, refund.state) == (
        intent.amount_tenge,
        "paid_after_cancelling",
        "requested",
    )
    assert money_kinds(at, intent.case_id) == ONCE_PAID


def test_money_that_comes_for_a_case_that_is_over_is_given_back(
    at: PaymentOffice, intent: IntentFacts, gateway: OutsideSystem
) -> None:
    told = command("case.withdraw", intent.case_id, reason="The applicant thought better of it.")
    do(at.database, AKBOTA, told)
    pays(gateway, intent)
    catching_up.catch_up(at)
    with at.database.reading() as transaction:
        (refund,) = queries.refunds_of(transaction, intent.intent_id)
        state = case_state(transaction, intent.case_id)
    assert (refund.reason, refund.state) == ("case_takes_no_fee", "done")
    assert state.fees_paid == {}
    assert [one["kind"] for one in charges(gateway, intent)] == ["charge", "refund"]


def test_a_cancelling_call_back_after_the_payment_is_refused(at: PaymentOffice, intent: IntentFacts) -> None:
    hear(at, *signed(event(intent)))
    with pytest.raises(Refused, match="only refunded"):
        hear(at, *signed(event(intent, kind="payment.cancelled")))
    assert _now(at, intent).state is IntentState.PAID
