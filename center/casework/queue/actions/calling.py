"""At the window: the next one called, called again, served, moved on, done with, or given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from center.casework.queue import queries
from center.casework.queue.actions import entries, requests, tickets
from center.casework.queue.hall import SERVE, Hall
from center.casework.queue.order import Standing, next_waiting
from center.casework.queue.queries import TicketFacts
from center.casework.queue.tables import AT_WINDOW, LegState, QueueCall, QueueLeg, QueueTicket, QueueWindow, WindowState
from center.database import Transaction
from center.errors import N_, Conflict, Forbidden
from center.people.powers import Actor


def call_next(hall: Hall, actor: Actor, *, client_key: str) -> TicketFacts | None:
    """Call whoever is next to the actor's window; None: nobody waits for it. The same key again calls nobody else."""
    hall.require(actor, SERVE)
    with hall.database.writing() as transaction:
        now = hall.now()
        if before := requests.earlier(transaction, client_key, "call"):
            leg_id = before.leg_id
            return None if leg_id is None else _facts(transaction, transaction.get_one(QueueLeg, leg_id))
        window = _window_of(transaction, actor)
        _refuse_unless_free(transaction, window)
        policy = hall.policy(now)
        found = next_waiting(
            queries.waiting(transaction),
            window.lines,
            favoured_in_a_row=window.favoured_in_a_row,
            most_favoured_in_a_row=policy.most_favoured_in_a_row,
            now=now,
        )
        requests.note(transaction, client_key, "call", found.leg_id if found else None, now)
        if found is None:
            return None
        window.favoured_in_a_row = window.favoured_in_a_row + 1 if found.is_favoured(now) else 0
        leg = transaction.get_one(QueueLeg, found.leg_id)
        _first_call(leg, window.number, actor.account_id, now)
        _show_call(transaction, leg, now)
        return _told(transaction, "ticket_called", leg, actor, now)


def call_again(hall: Hall, actor: Actor, leg_id: str) -> TicketFacts:
    """Call somebody who has not come yet once more; not sooner than the rules let, so that a double click is silent."""
    hall.require(actor, SERVE)
    with hall.database.writing() as transaction:
        now, leg = hall.now(), _leg_of(transaction, actor, leg_id)
        _refuse_unless(leg, LegState.CALLED)
        assert leg.last_called_at is not None
        if now - leg.last_called_at < timedelta(seconds=hall.policy(now).call_again_after_s):
            return _facts(transaction, leg)
        leg.calls, leg.last_called_at = leg.calls + 1, now
        _show_call(transaction, leg, now)
        return _told(transaction, "ticket_called_again", leg, actor, now)


def start(hall: Hall, actor: Actor, leg_id: str, *, priority_shown: bool = True) -> TicketFacts:
    """The called one has come. Who cannot show why they go first goes back to wait in turn, from when they came."""
    hall.require(actor, SERVE)
    with hall.database.writing() as transaction:
        now, leg = hall.now(), _leg_of(transaction, actor, leg_id)
        if leg.state == LegState.SERVING:
            return _facts(transaction, leg)
        _refuse_unless(leg, LegState.CALLED)
        if leg.standing == Standing.PRIORITY and not priority_shown:
            return _sent_back(transaction, hall, leg, actor, now)
        leg.state, leg.started_at = LegState.SERVING, now
        return _told(transaction, "ticket_started", leg, actor, now)


def finish(hall: Hall, actor: Actor, leg_id: str) -> TicketFacts:
    """The visit is over."""
    hall.require(actor, SERVE)
    with hall.database.writing() as transaction:
        now, leg = hall.now(), _leg_of(transaction, actor, leg_id)
        if leg.state == LegState.DONE:
            return _facts(transaction, leg)
        _refuse_unless(leg, LegState.SERVING)
        leg.state, leg.ended_at = LegState.DONE, now
        return _told(transaction, "ticket_done", leg, actor, now)


def give_up(hall: Hall, actor: Actor, leg_id: str) -> TicketFacts:
    """The called one does not come; only after as many calls as the rules want."""
    hall.require(actor, SERVE)
    with hall.database.writing() as transaction:
        now, leg = hall.now(), _leg_of(transaction, actor, leg_id)
        if leg.state == LegState.ABSENT:
            return _facts(transaction, leg)
        _refuse_unless(leg, LegState.CALLED)
        least = hall.policy(now).calls_before_absent
        if leg.calls < least:
            raise Conflict(
                N_("Call %(least)s times before giving up; this was call %(calls)s."), least=least, calls=leg.calls
            )
        leg.state, leg.ended_at = LegState.ABSENT, now
        return _told(transaction, "ticket_absent", leg, actor, now)


def hand_over(hall: Hall, actor: Actor, leg_id: str, line: str) -> TicketFacts:
    """Send somebody on to another desk's line, where they go before those who have not begun."""
    hall.require(actor, SERVE)
    with hall.database.writing() as transaction:
        now, leg = hall.now(), _leg_of(transaction, actor, leg_id)
        hall.policy(now).line(line)
        _refuse_unless(leg, LegState.SERVING)
        leg.state, leg.ended_at = LegState.MOVED, now
        ticket = transaction.get_one(QueueTicket, leg.ticket_id)
        following = tickets.join(transaction, hall, ticket, line, Standing.HANDED_OVER, now)
        facts = {"from": leg.line, "to": line, "window": leg.window, "expected_s": following.expected_s}
        entries.about_ticket(transaction, "ticket_handed_over", ticket, actor.account_id, now, facts)
        return queries.facts(ticket, following)


def bring_back(hall: Hall, actor: Actor, number: str) -> TicketFacts:
    """Somebody who was given up has come after all: within the time of the rules they keep their place."""
    hall.require(actor, SERVE)
    with hall.database.writing() as transaction:
        now = hall.now()
        told = queries.ticket_numbered(transaction, hall.today(now).isoformat(), number)
        ticket, leg = transaction.get_one(QueueTicket, told.ticket_id), transaction.get_one(QueueLeg, told.leg_id)
        if leg.state == LegState.WAITING:
            return told
        _refuse_unless(leg, LegState.ABSENT)
        minutes = hall.policy(now).absent_return_within_minutes
        assert leg.ended_at is not None
        if now - leg.ended_at > timedelta(minutes=minutes):
            raise Conflict(
                N_("Ticket %(number)s was given up more than %(minutes)s minutes ago; take a new one."),
                number=ticket.number,
                minutes=minutes,
            )
        following = tickets.join(
            transaction, hall, ticket, leg.line, Standing(leg.standing), now, since=leg.since, due_at=leg.due_at
        )
        entries.about_ticket(transaction, "ticket_brought_back", ticket, actor.account_id, now, {"line": leg.line})
        return queries.facts(ticket, following)


def attach_case(transaction: Transaction, actor: Actor, ticket_id: str, case_id: str, now: datetime) -> TicketFacts:
    """From here on the ticket stands for this case; in the caller's transaction. Raises :class:`Conflict`."""
    told = queries.ticket(transaction, ticket_id)
    ticket = transaction.get_one(QueueTicket, told.ticket_id)
    if ticket.case_id not in (None, case_id):
        raise Conflict(N_("Ticket %(number)s stands for another case already."), number=ticket.number)
    if told.state is not LegState.SERVING or transaction.get_one(QueueLeg, told.leg_id).account_id != actor.account_id:
        raise Conflict(N_("Ticket %(number)s is not being served at your window."), number=ticket.number)
    ticket.case_id = case_id
    entries.about_ticket(transaction, "ticket_has_case", ticket, actor.account_id, now, {"window": told.window})
    return queries.ticket(transaction, ticket_id)


def _window_of(transaction: Transaction, actor: Actor) -> QueueWindow:
    query = select(QueueWindow).where(
        QueueWindow.centre_id == transaction.centre_id, QueueWindow.account_id == actor.account_id
    )
    window = transaction.scalar(query)
    if window is None or window.state != WindowState.OPEN:
        raise Conflict(N_("You have no open window; open one before you call."))
    return window


def _refuse_unless_free(transaction: Transaction, window: QueueWindow) -> None:
    query = select(QueueLeg).where(
        QueueLeg.centre_id == transaction.centre_id,
        QueueLeg.window == window.number,
        QueueLeg.state.in_(AT_WINDOW),
    )
    if (leg := transaction.scalar(query)) is not None:
        number = transaction.get_one(QueueTicket, leg.ticket_id).number
        text = N_("You have not finished with ticket %(ticket)s at window %(window)s.")
        raise Conflict(text, ticket=number, window=window.number)


def _leg_of(transaction: Transaction, actor: Actor, leg_id: str) -> QueueLeg:
    leg = transaction.get(QueueLeg, leg_id) if len(leg_id) == 36 and leg_id.isascii() and leg_id.isprintable() else None
    if leg is None or leg.centre_id != transaction.centre_id:
        raise Conflict(N_("This ticket was not called to your window."))
    if leg.account_id != actor.account_id:
        raise Forbidden(N_("This ticket was called by somebody else."))
    return leg


def _refuse_unless(leg: QueueLeg, state: LegState) -> None:
    if leg.state != state:
        raise Conflict(N_("This ticket is not where it was when the page was opened."))


def _first_call(leg: QueueLeg, window: int, account_id: str, now: datetime) -> None:
    leg.state, leg.window, leg.account_id = LegState.CALLED, window, account_id
    leg.called_at, leg.last_called_at, leg.calls = now, now, 1
    if leg.expected_s is not None:
        leg.error_s = round((now - leg.joined_at).total_seconds()) - leg.expected_s


def _show_call(transaction: Transaction, leg: QueueLeg, now: datetime) -> None:
    last = transaction.scalar(select(func.max(QueueCall.sequence)).where(QueueCall.centre_id == transaction.centre_id))
    ticket = transaction.get_one(QueueTicket, leg.ticket_id)
    assert leg.window is not None
    transaction.add(
        QueueCall(
            centre_id=transaction.centre_id,
            sequence=(last or 0) + 1,
            leg_id=leg.id,
            number=ticket.number,
            window=leg.window,
            called_at=now,
        )
    )


def _sent_back(transaction: Transaction, hall: Hall, leg: QueueLeg, actor: Actor, now: datetime) -> TicketFacts:
    leg.state, leg.ended_at = LegState.MOVED, now
    ticket = transaction.get_one(QueueTicket, leg.ticket_id)
    ticket.priority = False
    following = tickets.join(transaction, hall, ticket, leg.line, Standing.IN_TURN, now, since=leg.since)
    entries.about_ticket(transaction, "ticket_priority_not_shown", ticket, actor.account_id, now, {"line": leg.line})
    return queries.facts(ticket, following)


def _told(transaction: Transaction, kind: str, leg: QueueLeg, actor: Actor, now: datetime) -> TicketFacts:
    ticket = transaction.get_one(QueueTicket, leg.ticket_id)
    facts = {"line": leg.line, "window": leg.window, "calls": leg.calls, "error_s": leg.error_s}
    entries.about_ticket(transaction, kind, ticket, actor.account_id, now, facts)
    return queries.facts(ticket, leg)


def _facts(transaction: Transaction, leg: QueueLeg) -> TicketFacts:
    return queries.facts(transaction.get_one(QueueTicket, leg.ticket_id), leg)
