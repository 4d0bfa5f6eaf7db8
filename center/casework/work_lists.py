"""Steps that somebody holds or could take, as lists show them: ids and instants, and nobody's name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from center.casework import services_file
from center.casework.case import HolderKind
from center.casework.tables import Case, OpenStep
from center.database import Transaction


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One open step of a case."""

    case_id: str
    number: str
    edition: str
    step: str
    status: str
    """Of the case."""
    holder_kind: str
    holder: str
    since: datetime
    due_at: datetime | None
    reminded: bool
    explained: bool

    @property
    def by_lot(self) -> bool:
        """Whether nobody takes it, because its holder is drawn."""
        return services_file.load().named(self.edition).step(self.step).by_lot

    def is_late(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.due_at is not None and self.due_at < now


def in_hand(transaction: Transaction, account_id: str) -> list[WorkItem]:
    """What a person holds, the one that is due first before the others."""
    return _items(transaction, OpenStep.holder_kind == HolderKind.PERSON, OpenStep.holder == account_id)


def queued(transaction: Transaction, roles: Collection[str], limit: int = 50) -> list[WorkItem]:
    """What lies in the queues of roles, oldest first."""
    of_roles = (OpenStep.holder_kind == HolderKind.QUEUE, OpenStep.holder.in_(sorted(roles)))
    return _items(transaction, *of_roles, limit=limit)


def of_cases(transaction: Transaction, case_ids: Collection[str]) -> list[WorkItem]:
    """The open steps of some cases."""
    return _items(transaction, OpenStep.case_id.in_(sorted(case_ids)))


def _items(transaction: Transaction, *wanted: ColumnElement[bool], limit: int = 200) -> list[WorkItem]:
    query = (
        select(OpenStep, Case.number, Case.edition, Case.status)
        .join(Case, Case.id == OpenStep.case_id)
        .where(OpenStep.centre_id == transaction.centre_id, *wanted)
        .order_by(OpenStep.since)
        .limit(limit)
    )
    return [
        WorkItem(
            case_id=step.case_id,
            number=number,
            edition=edition,
            step=step.step,
            status=status,
            holder_kind=step.holder_kind,
            holder=step.holder,
            since=step.since,
            due_at=step.due_at,
            reminded=step.reminded,
            explained=step.explained,
        )
        for step, number, edition, status in transaction.execute(query)
    ]
