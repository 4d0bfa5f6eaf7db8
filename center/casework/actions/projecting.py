"""What lists and boards look up, brought up to the case's state; all of it can be computed again from the actions."""

from __future__ import annotations

from sqlalchemy import delete, select

from center.casework.case import Activation, CaseState
from center.casework.critical_path import critical_activation
from center.casework.services import Edition
from center.casework.tables import Case, OpenStep
from center.database import Transaction, new_id


def project(transaction: Transaction, row: Case, edition: Edition, before: CaseState | None, after: CaseState) -> None:
    """Bring the case's row and its open steps up to ``after``."""
    row.status, row.ended_at = after.status, after.ended_at
    wanted = {after.activations[index].step: index for index in after.open_now()}
    critical = critical_activation(edition, after)
    for step in transaction.scalars(select(OpenStep).where(OpenStep.case_id == row.id)).all():
        index = wanted.get(step.step)
        if index is None or step.opened_at != after.activations[index].opened_at:
            transaction.execute(delete(OpenStep).where(OpenStep.id == step.id))
        else:
            del wanted[step.step]
            _fill(step, after, after.activations[index], index, critical)
    for name, index in wanted.items():
        held_by = edition.steps[name].held_by
        step = OpenStep(
            id=new_id(), centre_id=row.centre_id, case_id=row.id, step=name, service=row.service, held_by=held_by
        )
        _fill(step, after, after.activations[index], index, critical)
        transaction.add(step)
    transaction.flush()


def _fill(step: OpenStep, state: CaseState, activation: Activation, index: int, critical: int | None) -> None:
    step.holder_kind, step.holder = activation.holder.kind, activation.holder.name
    step.since, step.opened_at = activation.holdings[-1].since, activation.opened_at
    step.reminded, step.escalated = index in state.reminded, index in state.escalated
    step.explained = any(one.step == step.step and one.at >= activation.opened_at for one in state.explanations)
    step.critical = index == critical
