"""What is known of the centre's days: blanks received, the last closing, desks away, totals to close on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import func, select

from center.casework import services_file
from center.casework.blank_stock import Receipt
from center.casework.case import CaseStatus
from center.casework.tables import Blank, Case, CaseAction, CenterAction, DeskAbsence
from center.database import Transaction


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What happened from one closing to the next, without a gap; what it ends with."""

    since: datetime | None
    until: datetime
    fees_paid_tenge: int
    fees_paid: int
    fees_refunded_tenge: int
    fees_refunded: int
    documents_issued: int
    documents_handed_over: int
    blanks_received: int
    blanks_used: int
    blanks_spoilt: int
    blanks_left: int
    cases_opened: int
    cases_ended: int
    cases_open: int
    cases_suspended: int


@dataclass(frozen=True, slots=True)
class Absence:
    """A desk that is away now."""

    desk: str
    since: datetime
    reason: str


def receipts(transaction: Transaction) -> list[Receipt]:
    """All blanks that ever came."""
    rows = transaction.scalars(
        select(CenterAction.payload).where(
            CenterAction.centre_id == transaction.centre_id, CenterAction.kind == "blanks.receive"
        )
    )
    return [Receipt(row["series"], row["first"], row["count"]) for row in rows]


def last_closing(transaction: Transaction) -> CenterAction | None:
    """The newest closing of a day."""
    return transaction.scalar(
        select(CenterAction)
        .where(CenterAction.centre_id == transaction.centre_id, CenterAction.kind == "day.close")
        .order_by(CenterAction.at.desc())
        .limit(1)
    )


def desks_away(transaction: Transaction) -> list[Absence]:
    """The desks that are away now."""
    rows = transaction.scalars(
        select(DeskAbsence)
        .where(DeskAbsence.centre_id == transaction.centre_id, DeskAbsence.until.is_(None))
        .order_by(DeskAbsence.desk)
    )
    return [Absence(row.desk, row.since, row.reason) for row in rows]


def day_totals(transaction: Transaction, until: datetime) -> DayTotals:
    """Everything since the last closing."""
    last = last_closing(transaction)
    since = last.at if last else None
    paid, refunded = _fees(transaction, "fee.paid", since, until), _fees(transaction, "fee.refunded", since, until)
    issued, handed_over = _completions(transaction, since, until)
    received = sum(one.count for one in receipts(transaction))
    gone = transaction.scalar(_count(Blank, transaction)) or 0
    return DayTotals(
        since=since,
        until=until,
        fees_paid_tenge=sum(paid),
        fees_paid=len(paid),
        fees_refunded_tenge=sum(refunded),
        fees_refunded=len(refunded),
        documents_issued=issued,
        documents_handed_over=handed_over,
        blanks_received=sum(
            row["count"] for row in _payloads(transaction, CenterAction, "blanks.receive", since, until)
        ),
        blanks_used=_blanks(transaction, "used", since, until),
        blanks_spoilt=_blanks(transaction, "spoilt", since, until),
        blanks_left=received - gone,
        cases_opened=transaction.scalar(_count(Case, transaction, *_between(Case.opened_at, since, until))) or 0,
        cases_ended=transaction.scalar(_count(Case, transaction, *_between(Case.ended_at, since, until))) or 0,
        cases_open=transaction.scalar(_count(Case, transaction, Case.status == CaseStatus.OPEN)) or 0,
        cases_suspended=transaction.scalar(_count(Case, transaction, Case.status == CaseStatus.SUSPENDED)) or 0,
    )


def _between(column: Any, since: datetime | None, until: datetime) -> list[sqlalchemy.ColumnElement[bool]]:
    return [column <= until, *([column > since] if since else [])]


def _count(
    table: type[Case] | type[Blank], transaction: Transaction, *where: sqlalchemy.ColumnElement[bool]
) -> sqlalchemy.Select[int]:
    return select(func.count()).select_from(table).where(table.centre_id == transaction.centre_id, *where)


def _payloads(
    transaction: Transaction,
    table: type[CaseAction] | type[CenterAction],
    kind: str,
    since: datetime | None,
    until: datetime,
) -> list[Mapping[str, Any]]:
    where = (table.centre_id == transaction.centre_id, table.kind == kind, *_between(table.at, since, until))
    return list(transaction.scalars(select(table.payload).where(*where)))


def _fees(transaction: Transaction, kind: str, since: datetime | None, until: datetime) -> list[int]:
    return [row["amount_tenge"] for row in _payloads(transaction, CaseAction, kind, since, until)]


def _blanks(transaction: Transaction, state: str, since: datetime | None, until: datetime) -> int:
    where = (Blank.state == state, *_between(Blank.at, since, until))
    return transaction.scalar(_count(Blank, transaction, *where)) or 0


def _completions(transaction: Transaction, since: datetime | None, until: datetime) -> tuple[int, int]:
    """How many documents were issued, and how many handed over."""
    services = services_file.load()
    rows = transaction.execute(
        select(Case.edition, CaseAction.step, func.count())
        .join(Case, Case.id == CaseAction.case_id)
        .where(
            CaseAction.centre_id == transaction.centre_id,
            CaseAction.kind == "step.complete",
            *_between(CaseAction.at, since, until),
        )
        .group_by(Case.edition, CaseAction.step)
    )
    issued = handed_over = 0
    for edition, step_id, count in rows:
        step = services.named(edition).step(step_id)
        issued += count if step.issues else 0
        handed_over += count if "signature" in step.needs else 0
    return issued, handed_over
