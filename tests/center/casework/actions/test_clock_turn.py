"""The holder is reminded, the supervisor is told, the late holder states why; each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from center.casework import queries
from center.casework.actions.clock_turn import turn
from center.casework.board_queries import board, who_delayed
from center.casework.tables import CaseAction
from center.database import Database
from center.errors import BadRequest, Conflict
from tests.center.casework.sample_cases import (
    AKBOTA,
    MORNING,
    REASON,
    SUPERVISOR,
    WALK,
    command,
    do,
    open_case,
    walk,
)

DUE = MORNING + timedelta(minutes=10)
INSTANT = timedelta(microseconds=1)


def _told(database: Database, case_id: str) -> list[tuple[str, str | None, str]]:
    query = select(CaseAction.kind, CaseAction.step, CaseAction.actor).where(
        CaseAction.case_id == case_id, CaseAction.actor_kind == "system"
    )
    with database.reading() as transaction:
        return [(row[0], row[1], row[2]) for row in transaction.execute(query.order_by(CaseAction.ordinal))]


def test_reminder_and_escalation_come_after_their_instant_and_once(stocked_centre: Database) -> None:
    state = open_case(stocked_centre)
    remind_at = MORNING + timedelta(minutes=7)
    assert turn(stocked_centre, remind_at) == 0
    assert turn(stocked_centre, remind_at + INSTANT) == 1
    assert turn(stocked_centre, DUE) == 0
    assert turn(stocked_centre, DUE + INSTANT) == 1
    assert turn(stocked_centre, DUE + timedelta(hours=1)) == 0
    assert _told(stocked_centre, state.case_id) == [
        ("step.remind", "accept", "clock"),
        ("step.escalate", "accept", "clock"),
    ]


def test_much_that_is_due_at_once_is_told_bit_by_bit_until_all_of_it_is(stocked_centre: Database) -> None:
    cases = [open_case(stocked_centre).case_id for _ in range(23)]
    later = DUE + timedelta(hours=1)
    # Of each kind 20 in one turn.
    assert [turn(stocked_centre, later) for _ in range(3)] == [40, 6, 0]
    assert all(len(_told(stocked_centre, case)) == 2 for case in cases)


def test_who_completes_late_states_why_and_it_is_shown(stocked_centre: Database) -> None:
    state = walk(stocked_centre, open_case(stocked_centre), 1)
    late = DUE + timedelta(minutes=5)
    with pytest.raises(BadRequest, match="late_reason: The step is late by 5 minutes"):
        do(stocked_centre, AKBOTA, command("step.complete", state.case_id, "accept", **WALK[1][3]), late)
    asked = command("step.complete", state.case_id, "accept", **WALK[1][3], late_reason=REASON)
    do(stocked_centre, AKBOTA, asked, late)
    with stocked_centre.reading() as transaction:
        spans = who_delayed(transaction, state.case_id, late)
    assert [(one.step, one.holder.name, one.late) for one in spans] == [
        ("accept", "operator", False),
        ("accept", "akbota", True),
    ]
    assert spans[-1].reasons == (REASON,)
    assert sum((one.held for one in spans), timedelta(0)) == late - MORNING


def test_a_suspended_case_is_not_late(stocked_centre: Database) -> None:
    state = walk(stocked_centre, open_case(stocked_centre), 1)
    asked = command("case.suspend", state.case_id, reference="police-17", reason=REASON)
    do(stocked_centre, SUPERVISOR, asked, MORNING + timedelta(minutes=5))
    assert turn(stocked_centre, DUE + timedelta(days=3)) == 0
    with pytest.raises(Conflict, match="is suspended"):
        do(stocked_centre, AKBOTA, command("step.complete", state.case_id, "accept", **WALK[1][3]), DUE)
    resumed = MORNING + timedelta(days=2)
    do(stocked_centre, SUPERVISOR, command("case.resume", state.case_id, reason=REASON), resumed)
    with stocked_centre.reading() as transaction:
        row = queries.case_row(transaction, state.case_id)
        (late,) = [one for one in board(transaction, resumed + timedelta(minutes=6)).late if one.step == "accept"]
        holders = [one.holder.name for one in who_delayed(transaction, state.case_id, resumed)]
    assert row.due_at == resumed + timedelta(minutes=55)
    assert late.due_at == resumed + timedelta(minutes=5)
    assert holders == ["operator", "akbota", "investigation"]
