"""The fees of a step: what is due on the day, once, and the step is done when they are paid."""

from __future__ import annotations

import time

import pytest

from center.casework.case import StepStatus
from center.casework.commands import Applicant
from center.casework.payments.actions import catching_up
from center.casework.payments.actions.charging import charge
from center.casework.queries import case_state
from center.clock import Clock, nanoseconds
from center.database import Database
from center.errors import Conflict, Forbidden
from messages.clock import TimeScale
from tests.center.casework.payments.offices import money_kinds, office, pays
from tests.center.casework.sample_cases import AKBOTA, ISSUER, MORNING, open_case, walk
from tests.services.outside_systems import OutsideSystem

HOME = "http://localhost:8000/"


def _clock() -> Clock:
    return Clock(TimeScale(nanoseconds(MORNING), time.time_ns()))


@pytest.mark.parametrize("who", [AKBOTA, Applicant()], ids=["operator", "applicant"])
def test_a_step_is_done_when_its_fee_is_paid(database: Database, gateway: OutsideSystem, who: object) -> None:
    at = office(database, gateway, clock=_clock())
    case_id = walk(database, open_case(database), 2).case_id
    intent = charge(at, who, case_id, "pay", HOME)  # type: ignore[arg-type]
    assert (intent.amount_tenge, intent.purpose, intent.provisional) == (1081, "pay", True)
    assert charge(at, AKBOTA, case_id, "pay", HOME).intent_id == intent.intent_id
    pays(gateway, intent)
    catching_up.catch_up(at)
    with database.reading() as transaction:
        state = case_state(transaction, case_id)
    assert state.steps["pay"] is StepStatus.DONE
    assert state.fees_paid == {"records_certificate": 1081}
    assert money_kinds(at, case_id) == ["fee.asked", "fee.paid"]
    with pytest.raises(Conflict, match="Nothing is to be paid now for the step"):
        charge(at, AKBOTA, case_id, "pay", HOME)


def test_nothing_is_charged_before_the_step_is_open_or_for_one_without_fees(
    database: Database, gateway: OutsideSystem
) -> None:
    at, case_id = office(database, gateway), open_case(database).case_id
    with pytest.raises(Conflict, match="to be paid now for the step “Fee paid”"):
        charge(at, AKBOTA, case_id, "pay", HOME)
    with pytest.raises(Conflict, match="Nothing is left to pay for the step “Documents accepted"):
        charge(at, AKBOTA, case_id, "accept", HOME)


def test_who_may_not_ask_for_a_fee_does_not(database: Database, gateway: OutsideSystem) -> None:
    at, case_id = office(database, gateway), walk(database, open_case(database), 2).case_id
    with pytest.raises(Forbidden):
        charge(at, ISSUER, case_id, "pay", HOME)
    assert money_kinds(at, case_id) == []
