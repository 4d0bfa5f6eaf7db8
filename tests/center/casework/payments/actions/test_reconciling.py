"""Each day's book is compared with the gateway's, and what differs is named."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from center.casework.payments import queries
from center.casework.payments.actions import catching_up
from center.casework.payments.actions.asking import ask
from center.casework.payments.actions.reconciling import reconcile, span_of
from center.casework.payments.actions.refunding import RefundOrder
from center.casework.payments.office import GatewaySilent
from center.casework.payments.reconciliation import Fault
from center.casework.payments.tables import PaymentIntent
from center.clock import Clock, nanoseconds
from center.database import Database
from center.errors import Conflict
from messages.clock import TimeScale
from tests.center.casework.payments.offices import AMOUNT, given_back, office, pays, request
from tests.center.casework.sample_cases import AKBOTA, SUPERVISOR
from tests.services.outside_systems import OutsideSystem

DAY = date(2026, 4, 14)
NOON = datetime(2026, 4, 14, 12, tzinfo=ZoneInfo("Asia/Almaty"))


@pytest.fixture
def noon() -> TimeScale:
    return TimeScale(nanoseconds(NOON), time.time_ns())


@pytest.fixture
def fresh_gateway(tmp_path: Path, noon: TimeScale) -> Iterator[OutsideSystem]:
    system = OutsideSystem("gateway", tmp_path, "--ledger", str(tmp_path / "ledger"), "--time-scale", str(noon))
    system.start()
    yield system
    system.stop()


def test_a_day_whose_call_backs_were_all_lost_agrees_after_finding_out(
    database: Database, fresh_gateway: OutsideSystem, noon: TimeScale
) -> None:
    at = office(database, fresh_gateway, clock=Clock(noon))
    intents = [ask(at, request(at)) for _ in range(3)]
    for intent in intents[:2]:
        pays(fresh_gateway, intent)
    catching_up.catch_up(at)
    given_back(at, RefundOrder(intents[0].intent_id, 81, "paid_in_error", "key", AKBOTA))
    comparison = reconcile(at, DAY, who=SUPERVISOR)
    assert comparison.agrees
    assert (comparison.charges, comparison.refunds) == (2, 1)
    assert (comparison.charged_tenge, comparison.refunded_tenge) == (2 * AMOUNT, 81)
    with database.reading() as transaction:
        (kept,) = queries.reconciliations(transaction)
    assert (kept.day, kept.charged_tenge, kept.differences) == ("2026-04-14", 2 * AMOUNT, ())
    with database.writing() as transaction:
        transaction.execute(delete(PaymentIntent).where(PaymentIntent.id == intents[1].intent_id))
    (difference,) = reconcile(at, DAY, who=SUPERVISOR).differences
    assert (difference.fault, difference.reference) == (Fault.MISSING_HERE, intents[1].intent_id)


def test_a_day_is_not_compared_while_the_gateway_is_silent(database: Database, gateway: OutsideSystem) -> None:
    gateway.breaks("error")
    with pytest.raises(GatewaySilent, match="cannot be compared"):
        reconcile(office(database, gateway), DAY, who=SUPERVISOR)
    with database.reading() as transaction:
        assert queries.reconciliations(transaction) == []


def test_a_day_that_is_to_come_is_not_compared(database: Database, gateway: OutsideSystem) -> None:
    with pytest.raises(Conflict, match="has not begun"):
        reconcile(office(database, gateway), date(2999, 1, 1), who=SUPERVISOR)


def test_a_day_is_the_centres_civil_one() -> None:
    begin, end = span_of(date(2026, 4, 14), "Asia/Almaty")
    assert begin == datetime(2026, 4, 13, 19, tzinfo=UTC)
    assert end - begin == timedelta(days=1)
