"""What lists and boards look up, brought up to the case's state; all of it can be computed again from the actions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from center.casework import queries
from center.casework.actions.held_times import add_ended
from center.casework.case import CaseState
from center.casework.clocks import Clocks
from center.casework.critical_path import critical_activation
from center.casework.services import Edition
from center.casework.tables import Case, OpenStep
from center.database import Transaction, new_id


def project(transaction: Transaction, row: Case, edition: Edition, before: CaseState | None, after: CaseState) -> None:
    """Bring a case's row, its open steps and the held times up to what just happened."""
    clocks = queries.clocks(transaction, after.opened_at)
    refresh(transaction, row, edition, after, clocks, after.changed_at)
    add_ended(transaction, row, edition, before, after, clocks)
    transaction.flush()


def refresh(
    transaction: Transaction, row: Case, edition: Edition, state: CaseState, clocks: Clocks, now: datetime
) -> None:
    """Write a case's row and its open steps as its state says."""
    row.status, row.ended_at = state.status, state.ended_at
    row.due_at = clocks.of_case(edition, state, now).due_at
    wanted = {state.activations[index].step: index for index in state.open_now()}
    for step in transaction.scalars(select(OpenStep).where(OpenStep.case_id == row.id)).all():
        index = wanted.get(step.step)
        if index is None or step.opened_at != state.activations[index].opened_at:
            transaction.execute(delete(OpenStep).where(OpenStep.id == step.id))
            continue
        del wanted[step.step]
        _fill(step, edition, state, index, clocks, now)
    for name, index in wanted.items():
        step = OpenStep(id=new_id(), centre_id=row.centre_id, case_id=row.id, step=name, service=row.service)
        _fill(step, edition, state, index, clocks, now)
        transaction.add(step)


def _fill(step: OpenStep, edition: Edition, state: CaseState, index: int, clocks: Clocks, now: datetime) -> None:
    one, clock = state.activations[index], clocks.of_step(edition, state, index, now)
    step.held_by = edition.steps[one.step].held_by
    step.holder_kind, step.holder = one.holder.kind, one.holder.name
    step.since, step.opened_at = one.holdings[-1].since, one.opened_at
    step.remind_at, step.due_at = clock.remind_at, clock.due_at
    step.reminded, step.escalated = index in state.reminded, index in state.escalated
    step.explained = state.is_explained(index)
    step.critical = index == critical_activation(edition, state)
