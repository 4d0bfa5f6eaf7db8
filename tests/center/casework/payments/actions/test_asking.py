"""A thing is asked to be paid once at a time, whatever fails between the centre and the gateway."""

from __future__ import annotations

import threading

import pytest

from center.casework.payments import queries
from center.casework.payments.actions import asking, catching_up
from center.casework.payments.actions.asking import ask
from center.casework.payments.callbacks import IntentState
from center.casework.payments.office import GatewaySilent
from center.database import Database
from center.errors import BadRequest, Conflict
from tests.center.casework.payments.offices import AMOUNT, DUES, ONCE_PAID, charges, money_kinds, office, pays, request
from tests.center.casework.sample_cases import AKBOTA
from tests.services.outside_systems import OutsideSystem


def test_a_payment_can_be_paid_as_soon_as_it_is_asked_for(database: Database, gateway: OutsideSystem) -> None:
    at = office(database, gateway)
    intent = ask(at, request(at))
    assert (intent.state, intent.amount_tenge) == (IntentState.OPEN, AMOUNT)
    assert intent.pay_url == f"{gateway.url}/pay/{intent.gateway_id}"
    assert intent.provisional, "the rounding of 2026 is only recalled"


def test_many_desks_asking_at_once_get_one_payment(database: Database, gateway: OutsideSystem) -> None:
    at = office(database, gateway)
    wanted = request(at)
    ids: list[str] = []
    threads = [threading.Thread(target=lambda: ids.append(ask(at, wanted).intent_id)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 8
    assert len(set(ids)) == 1
    assert money_kinds(at, wanted.case_id) == ONCE_PAID[:2]


@pytest.mark.parametrize("kind", ["drop", "hang", "error", "garbage", "truncated"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_payment_that_the_gateway_did_not_confirm_is_taken_up_again(
    database: Database, gateway: OutsideSystem, kind: str, when: str
) -> None:
    at = office(database, gateway)
    wanted = request(at)
    gateway.breaks(kind, "/v1/intents", when=when, times=1)
    with pytest.raises(GatewaySilent, match="nothing is lost"):
        ask(at, wanted)
    with database.reading() as transaction:
        (noted,) = queries.of_case(transaction, wanted.case_id)
    assert noted.state is IntentState.REQUESTED
    gateway.mends()
    catching_up.catch_up(at)
    assert ask(at, wanted).intent_id == noted.intent_id
    assert ask(at, wanted).state is IntentState.OPEN


def test_what_is_paid_is_not_asked_for_again(database: Database, gateway: OutsideSystem) -> None:
    at = office(database, gateway)
    wanted = request(at)
    intent = ask(at, wanted)
    pays(gateway, intent)
    catching_up.catch_up(at)
    with pytest.raises(Conflict, match="was paid already"):
        ask(at, wanted)
    assert len(charges(gateway, intent)) == 1


def test_another_amount_is_asked_for_only_after_the_first_is_cancelled(
    database: Database, gateway: OutsideSystem
) -> None:
    at = office(database, gateway)
    wanted = request(at)
    first = ask(at, wanted)
    less = request(at, wanted.case_id, dues=DUES[:1])
    with pytest.raises(Conflict, match=f"A payment of {AMOUNT} tenge stands open"):
        ask(at, less)
    assert asking.cancel(at, first.intent_id, who=AKBOTA).state is IntentState.CANCELLED
    second = ask(at, less)
    assert (second.attempt, second.amount_tenge) == (2, 1081)
    assert gateway.post(f"/pay/{first.gateway_id}").status_code == 200
    assert charges(gateway, first) == [], "what was cancelled cannot be paid"


def test_what_was_paid_in_the_meantime_cannot_be_cancelled(database: Database, gateway: OutsideSystem) -> None:
    at = office(database, gateway)
    intent = ask(at, request(at))
    pays(gateway, intent)
    with pytest.raises(Conflict, match="made in the meantime"):
        asking.cancel(at, intent.intent_id, who=AKBOTA)
    with database.reading() as transaction:
        assert queries.intent(transaction, intent.intent_id).state is IntentState.PAID


def test_a_payment_whose_opening_was_not_confirmed_is_cancelled_at_the_gateway_too(
    database: Database, gateway: OutsideSystem
) -> None:
    at = office(database, gateway)
    wanted = request(at)
    gateway.breaks("drop", "/v1/intents", when="after", times=1)
    with pytest.raises(GatewaySilent):
        ask(at, wanted)
    with database.reading() as transaction:
        (noted,) = queries.of_case(transaction, wanted.case_id)
    cancelled = asking.cancel(at, noted.intent_id, who=AKBOTA)
    assert cancelled.state is IntentState.CANCELLED
    assert gateway.get(f"/v1/intents/{cancelled.gateway_id}")["state"] == "cancelled"


def test_while_the_gateway_is_silent_a_payment_is_not_called_cancelled(
    database: Database, gateway: OutsideSystem
) -> None:
    at = office(database, gateway)
    intent = ask(at, request(at))
    gateway.breaks("error")
    with pytest.raises(GatewaySilent, match="stands as it was"):
        asking.cancel(at, intent.intent_id, who=AKBOTA)
    with database.reading() as transaction:
        assert queries.intent(transaction, intent.intent_id).state is IntentState.OPEN


def test_nothing_to_pay_is_no_payment(database: Database, gateway: OutsideSystem) -> None:
    at = office(database, gateway)
    with pytest.raises(BadRequest, match="at least one fee"):
        ask(at, request(at, dues=()))
