"""Taking a ticket at the self-service page, and leaving the line again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from center.casework.queue import queries
from center.casework.queue.actions import entries, requests
from center.casework.queue.hall import SELF_SERVICE, Hall
from center.casework.queue.order import Standing
from center.casework.queue.policy import QueuePolicy
from center.casework.queue.queries import TicketFacts
from center.casework.queue.tables import UNDER_WAY, LegState, QueueLeg, QueueTicket
from center.database import Transaction, new_id
from center.errors import N_, BadRequest, Conflict


@dataclass(frozen=True, slots=True)
class TicketRequest:
    """What somebody asks at the self-service page."""

    service: str
    client_key: str
    ground: str = ""
    """Why they go first; the window looks at it, and it is not stored."""
    draft_id: str | None = None
    booked_at: datetime | None = None
    """The time that was booked with the draft."""


def take(hall: Hall, request: TicketRequest) -> TicketFacts:
    """A ticket in the service's line; the same key again gives the same ticket."""
    with hall.database.writing() as transaction:
        return take_in(transaction, hall, request, hall.now())


def take_in(transaction: Transaction, hall: Hall, request: TicketRequest, now: datetime) -> TicketFacts:
    """As :func:`take`, in the caller's transaction."""
    policy = hall.policy(now)
    line = policy.line_of(request.service)
    if request.ground and request.ground not in {ground.id for ground in policy.grounds}:
        raise BadRequest(N_("'%(ground)s' is no ground to go first."), ground=request.ground[:40])
    if before := requests.earlier(transaction, request.client_key, "take"):
        assert before.leg_id is not None
        return queries.ticket(transaction, transaction.get_one(QueueLeg, before.leg_id).ticket_id)
    _refuse_second(transaction, request)
    ticket = _numbered(transaction, hall.today(now).isoformat(), line.letter, request, now)
    transaction.add(ticket)
    standing, due_at = _standing(policy, request, now)
    leg = join(transaction, hall, ticket, line.id, standing, now, due_at=due_at)
    requests.note(transaction, request.client_key, "take", leg.id, now)
    facts = {"line": line.id, "standing": standing.name.lower(), "expected_s": leg.expected_s}
    entries.about_ticket(transaction, "ticket_taken", ticket, SELF_SERVICE, now, facts)
    return queries.facts(ticket, leg)


def leave(hall: Hall, ticket_id: str) -> TicketFacts:
    """The holder of a ticket does not want to wait any more; raises :class:`Conflict` once it is at a window."""
    with hall.database.writing() as transaction:
        now = hall.now()
        ticket_id = queries.ticket(transaction, ticket_id).ticket_id
        ticket, leg = transaction.get_one(QueueTicket, ticket_id), queries.last_leg(transaction, ticket_id)
        if leg.state == LegState.LEFT:
            return queries.facts(ticket, leg)
        if leg.state != LegState.WAITING:
            raise Conflict(N_("Ticket %(number)s does not wait any more."), number=ticket.number)
        leg.state, leg.ended_at = LegState.LEFT, now
        entries.about_ticket(transaction, "ticket_left", ticket, SELF_SERVICE, now, {})
        return queries.facts(ticket, leg)


def join(
    transaction: Transaction,
    hall: Hall,
    ticket: QueueTicket,
    line: str,
    standing: Standing,
    now: datetime,
    *,
    due_at: datetime | None = None,
    since: datetime | None = None,
) -> QueueLeg:
    """A ticket's next leg, with the wait that is told for it."""
    last = transaction.scalar(select(func.max(QueueLeg.ordinal)).where(QueueLeg.ticket_id == ticket.id))
    leg = QueueLeg(
        id=new_id(),
        centre_id=transaction.centre_id,
        ticket_id=ticket.id,
        ordinal=(last or 0) + 1,
        line=line,
        standing=int(standing),
        since=since or now,
        due_at=due_at,
        state=LegState.WAITING,
        calls=0,
        joined_at=now,
    )
    transaction.flush()
    transaction.add(leg)
    transaction.flush()
    leg.expected_s = queries.expected_waits(transaction, hall.policy(now), now).get(leg.id)
    transaction.flush()
    return leg


def _standing(policy: QueuePolicy, request: TicketRequest, now: datetime) -> tuple[Standing, datetime | None]:
    grace = timedelta(minutes=policy.booking_grace_minutes)
    if request.booked_at is not None and now <= request.booked_at + grace:
        return Standing.BOOKED, request.booked_at
    return (Standing.PRIORITY if request.ground else Standing.IN_TURN), None


def _refuse_second(transaction: Transaction, request: TicketRequest) -> None:
    """One draft has one ticket at a time."""
    if request.draft_id is None:
        return
    query = (
        select(QueueTicket.number)
        .join(QueueLeg, QueueLeg.ticket_id == QueueTicket.id)
        .where(
            QueueTicket.centre_id == transaction.centre_id,
            QueueTicket.draft_id == request.draft_id,
            QueueLeg.state.in_(UNDER_WAY),
        )
    )
    if (number := transaction.scalar(query)) is not None:
        raise Conflict(N_("Your ticket is %(number)s; it is still good."), number=number)


def _numbered(transaction: Transaction, day: str, letter: str, request: TicketRequest, now: datetime) -> QueueTicket:
    last = transaction.scalar(
        select(func.max(QueueTicket.ordinal)).where(
            QueueTicket.centre_id == transaction.centre_id, QueueTicket.day == day, QueueTicket.letter == letter
        )
    )
    ordinal = (last or 0) + 1
    return QueueTicket(
        id=new_id(),
        centre_id=transaction.centre_id,
        day=day,
        letter=letter,
        ordinal=ordinal,
        number=f"{letter}{ordinal:03d}",
        service=request.service,
        priority=bool(request.ground),
        draft_id=request.draft_id,
        taken_at=now,
    )
