"""What draws are made from: steps that wait for one, who is on duty, who has a case in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.casework import services_file
from center.casework.case import CaseStatus, HolderKind
from center.casework.queue import queries
from center.casework.queue.draw_record import DrawFacts
from center.casework.queue.tables import InspectorDuty
from center.casework.tables import Case, OpenStep
from center.database import Transaction


@dataclass(frozen=True, slots=True)
class Duty:
    """Whether somebody takes cases, and since when they do or do not."""

    on_duty: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class StepToDraw:
    """A step that lies in its role's queue until somebody is drawn for it."""

    case_id: str
    step: str
    since: datetime


def duties(transaction: Transaction, day_began: datetime) -> dict[str, Duty]:
    """Account → its duty, of all who were ever on it; whoever went home without a word is off it by the next day."""
    rows = transaction.scalars(select(InspectorDuty).where(InspectorDuty.centre_id == transaction.centre_id))
    return {row.account_id: Duty(row.on_duty and row.changed_at >= day_began, row.changed_at) for row in rows}


def steps_to_draw(transaction: Transaction) -> list[StepToDraw]:
    """Every step that waits for a draw, oldest first; those of suspended cases wait with their case."""
    rows = transaction.execute(
        select(OpenStep.case_id, OpenStep.step, OpenStep.since, Case.edition)
        .join(Case, Case.id == OpenStep.case_id)
        .where(
            OpenStep.centre_id == transaction.centre_id,
            OpenStep.holder_kind == HolderKind.QUEUE,
            OpenStep.step.in_(_drawn_steps()),
            Case.status == CaseStatus.OPEN,
        )
        .order_by(OpenStep.since, OpenStep.case_id)
    )
    services = services_file.load()
    return [
        StepToDraw(case_id, step, since)
        for case_id, step, since, edition in rows
        if services.named(edition).step(step).by_lot
    ]


def draws(transaction: Transaction, case_id: str) -> list[DrawFacts]:
    """A case's draws, by step and round."""
    return [
        DrawFacts(
            draw_id=row.id,
            case_id=row.case_id,
            step=row.step,
            round=row.round,
            seed=row.seed,
            candidates=tuple(row.candidates),
            left_out=dict(row.left_out),
            drawn=row.drawn,
            drawn_at=row.drawn_at,
            asked_by=row.asked_by,
            reason=row.reason,
        )
        for row in queries.draws(transaction, case_id)
    ]


def busy(transaction: Transaction) -> frozenset[str]:
    """Accounts that hold a step of a case that goes on; a suspended one keeps nobody from work."""
    rows = transaction.scalars(
        select(OpenStep.holder)
        .join(Case, Case.id == OpenStep.case_id)
        .where(
            OpenStep.centre_id == transaction.centre_id,
            OpenStep.holder_kind == HolderKind.PERSON,
            Case.status == CaseStatus.OPEN,
        )
    )
    return frozenset(rows)


def _drawn_steps() -> list[str]:
    every = (edition for editions in services_file.load().editions.values() for edition in editions)
    return sorted({step.id for edition in every for step in edition.steps.values() if step.by_lot})
