"""What pages and actions ask about the hall; every answer is plain frozen data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from center.casework.queue.estimate import WindowLoad, expected_service_s, expected_waits_s
from center.casework.queue.order import Standing, Waiting
from center.casework.queue.policy import QueuePolicy
from center.casework.queue.tables import (
    AT_WINDOW,
    UNDER_WAY,
    InspectorDraw,
    LegState,
    QueueLeg,
    QueueTicket,
    QueueWindow,
    WindowState,
)
from center.database import Transaction
from center.errors import N_, BadRequest, NotFound

_MEASURED_VISITS: Final = 20
_ID: Final = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """A ticket and its present, or last, leg."""

    ticket_id: str
    leg_id: str
    number: str
    service: str
    line: str
    priority: bool
    standing: Standing
    state: LegState
    window: int | None
    calls: int
    taken_at: datetime
    called_at: datetime | None
    last_called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    expected_s: int | None
    error_s: int | None
    case_id: str | None
    draft_id: str | None
    due_at: datetime | None
    """The booked time on which it stands."""


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """A window and who is at it."""

    number: int
    lines: tuple[str, ...]
    state: WindowState
    account_id: str | None
    ticket: TicketFacts | None


def ticket(transaction: Transaction, ticket_id: str) -> TicketFacts:
    """One ticket; raises :class:`NotFound`."""
    row = transaction.get(QueueTicket, ticket_id) if _ID.fullmatch(ticket_id) else None
    if row is None or row.centre_id != transaction.centre_id:
        raise NotFound(N_("There is no such ticket."))
    return facts(row, last_leg(transaction, row.id))


def ticket_numbered(transaction: Transaction, day: str, number: str) -> TicketFacts:
    """A day's ticket by what the board shows; raises :class:`NotFound`."""
    wanted = number.strip().upper()
    if re.fullmatch(r"[A-Z][0-9]{1,6}", wanted) is None:
        raise BadRequest(N_("A ticket's number is a letter and digits, such as A012."))
    query = select(QueueTicket).where(
        QueueTicket.centre_id == transaction.centre_id, QueueTicket.day == day, QueueTicket.number == wanted
    )
    row = transaction.scalar(query)
    if row is None:
        raise NotFound(N_("There is no ticket %(wanted)s today."), wanted=wanted)
    return facts(row, last_leg(transaction, row.id))


def under_way_of(transaction: Transaction, draft_id: str) -> TicketFacts | None:
    """The ticket that a draft's holder has and has not used up."""
    query = select(QueueTicket).where(QueueTicket.centre_id == transaction.centre_id, QueueTicket.draft_id == draft_id)
    row = transaction.scalar(query.order_by(QueueTicket.id.desc()).limit(1))
    found = None if row is None else facts(row, last_leg(transaction, row.id))
    return found if found is not None and found.state in UNDER_WAY else None


def last_leg(transaction: Transaction, ticket_id: str) -> QueueLeg:
    """A ticket's present leg."""
    query = select(QueueLeg).where(QueueLeg.ticket_id == ticket_id).order_by(QueueLeg.ordinal.desc()).limit(1)
    return transaction.scalars(query).one()


def waiting(transaction: Transaction) -> list[Waiting]:
    """Everybody who waits."""
    query = select(QueueLeg).where(QueueLeg.centre_id == transaction.centre_id, QueueLeg.state == LegState.WAITING)
    return [
        Waiting(leg.id, leg.line, Standing(leg.standing), leg.since, leg.due_at) for leg in transaction.scalars(query)
    ]


def windows(transaction: Transaction) -> list[WindowFacts]:
    """The windows by number, each with the ticket that is at it."""
    there = {leg.window: leg for leg in _legs_at_windows(transaction)}
    tickets = {leg.ticket_id: transaction.get_one(QueueTicket, leg.ticket_id) for leg in there.values()}
    rows = transaction.scalars(
        select(QueueWindow).where(QueueWindow.centre_id == transaction.centre_id).order_by(QueueWindow.number)
    )
    return [
        WindowFacts(
            number=row.number,
            lines=tuple(row.lines),
            state=WindowState(row.state),
            account_id=row.account_id,
            ticket=facts(tickets[leg.ticket_id], leg) if (leg := there.get(row.number)) else None,
        )
        for row in rows
    ]


def loads(transaction: Transaction) -> list[WindowLoad]:
    """The open windows as the estimate sees them."""
    there = {leg.window: leg for leg in _legs_at_windows(transaction)}
    rows = transaction.scalars(
        select(QueueWindow).where(QueueWindow.centre_id == transaction.centre_id, QueueWindow.state == WindowState.OPEN)
    )
    found = []
    for row in rows:
        leg = there.get(row.number)
        since = (leg.started_at or leg.called_at) if leg else None
        found.append(
            WindowLoad(row.number, frozenset(row.lines), leg.line if leg else None, since, row.favoured_in_a_row)
        )
    return found


def service_times_s(transaction: Transaction, policy: QueuePolicy) -> dict[str, int]:
    """Line → what a visit takes, by the last ones that were measured."""
    return {
        line.id: expected_service_s(line.usual_service_s, _measured_s(transaction, line.id))
        for line in policy.lines.values()
    }


def expected_waits(transaction: Transaction, policy: QueuePolicy, now: datetime) -> dict[str, int]:
    """Leg → seconds until it is called, for all that an open window will call."""
    return expected_waits_s(
        waiting(transaction),
        loads(transaction),
        service_times_s(transaction, policy),
        most_favoured_in_a_row=policy.most_favoured_in_a_row,
        now=now,
    )


def draws(transaction: Transaction, case_id: str) -> Sequence[InspectorDraw]:
    """A case's draws in their order."""
    query = select(InspectorDraw).where(
        InspectorDraw.centre_id == transaction.centre_id, InspectorDraw.case_id == case_id
    )
    return transaction.scalars(query.order_by(InspectorDraw.step, InspectorDraw.round)).all()


def facts(row: QueueTicket, leg: QueueLeg) -> TicketFacts:
    """A ticket as plain data."""
    return TicketFacts(
        ticket_id=row.id,
        leg_id=leg.id,
        number=row.number,
        service=row.service,
        line=leg.line,
        priority=row.priority,
        standing=Standing(leg.standing),
        state=LegState(leg.state),
        window=leg.window,
        calls=leg.calls,
        taken_at=row.taken_at,
        called_at=leg.called_at,
        last_called_at=leg.last_called_at,
        started_at=leg.started_at,
        ended_at=leg.ended_at,
        expected_s=leg.expected_s,
        error_s=leg.error_s,
        case_id=row.case_id,
        draft_id=row.draft_id,
        due_at=leg.due_at,
    )


def _legs_at_windows(transaction: Transaction) -> Sequence[QueueLeg]:
    query = select(QueueLeg).where(QueueLeg.centre_id == transaction.centre_id, QueueLeg.state.in_(AT_WINDOW))
    return transaction.scalars(query).all()


def _measured_s(transaction: Transaction, line: str) -> list[int]:
    query = (
        select(QueueLeg.called_at, QueueLeg.ended_at)
        .where(
            QueueLeg.centre_id == transaction.centre_id,
            QueueLeg.line == line,
            QueueLeg.state.in_((LegState.DONE, LegState.MOVED)),
            QueueLeg.ended_at.is_not(None),
            QueueLeg.called_at.is_not(None),
        )
        .order_by(QueueLeg.ended_at.desc())
        .limit(_MEASURED_VISITS)
    )
    visits = transaction.execute(query)
    return [round((ended - called).total_seconds()) for called, ended in visits if called and ended]
