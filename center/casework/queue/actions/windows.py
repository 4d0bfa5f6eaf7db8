"""Windows opened and closed by who sits at them; staff moved and lines changed by the supervisor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.casework.fields import Fields
from center.casework.queue.actions import entries
from center.casework.queue.hall import MANAGE, SERVE, Hall
from center.casework.queue.policy import QueuePolicy
from center.casework.queue.tables import AT_WINDOW, QueueLeg, QueueWindow, StaffMove, WindowState
from center.database import Transaction
from center.errors import N_, BadRequest, Conflict, NotFound
from center.people.powers import Actor

_MOST_WINDOWS = 200


def set_up(hall: Hall, actor: Actor, number: int, lines: Sequence[str], reason: str) -> None:
    """The supervisor says which lines a window serves; a window of a new number is made, closed."""
    hall.require(actor, MANAGE)
    if not 1 <= number <= _MOST_WINDOWS:
        raise BadRequest(N_("A window's number is between 1 and %(most)s."), most=_MOST_WINDOWS)
    reason = _written(reason)
    with hall.database.writing() as transaction:
        now = hall.now()
        chosen = _known(hall.policy(now), lines)
        window = _find(transaction, number)
        if window is None:
            window = QueueWindow(
                centre_id=transaction.centre_id,
                number=number,
                state=WindowState.CLOSED,
                favoured_in_a_row=0,
                changed_at=now,
            )
            transaction.add(window)
        window.lines, window.changed_at = chosen, now
        _note_move(transaction, actor, window, None, reason, now)


def open_window(hall: Hall, actor: Actor, number: int) -> None:
    """The actor sits down at a window; raises :class:`Conflict` if somebody else does, or they at another."""
    hall.require(actor, SERVE)
    with hall.database.writing() as transaction:
        now, window = hall.now(), _get(transaction, number)
        mine = _of(transaction, actor.account_id)
        if window.account_id == actor.account_id and window.state == WindowState.OPEN:
            return
        if window.account_id not in (None, actor.account_id):
            raise Conflict(N_("Somebody else sits at window %(number)s."), number=number)
        if mine is not None and mine.number != number:
            raise Conflict(N_("You sit at window %(number)s; close it first."), number=mine.number)
        window.account_id, window.state, window.changed_at = actor.account_id, WindowState.OPEN, now
        _note(transaction, "window_opened", window, actor, now)


def pause(hall: Hall, actor: Actor) -> None:
    """The actor's window calls nobody for a while; who is at it is served to the end."""
    _change(hall, actor, WindowState.PAUSED, "window_paused")


def close(hall: Hall, actor: Actor) -> None:
    """The actor leaves their window; raises :class:`Conflict` while somebody is at it."""
    _change(hall, actor, WindowState.CLOSED, "window_closed")


def move_staff(hall: Hall, actor: Actor, account_id: str, to_window: int, reason: str) -> None:
    """The supervisor moves somebody to another, empty window; whoever is at the old one is served first."""
    hall.require(actor, MANAGE)
    reason = _written(reason)
    with hall.database.writing() as transaction:
        now, target = hall.now(), _get(transaction, to_window)
        old = _of(transaction, account_id)
        if old is None:
            raise Conflict(N_("This person sits at no window."))
        if old.number == to_window:
            return
        if target.account_id is not None:
            raise Conflict(N_("Somebody else sits at window %(to_window)s."), to_window=to_window)
        _refuse_busy(transaction, old)
        state = old.state
        old.account_id, old.state, old.changed_at = None, WindowState.CLOSED, now
        transaction.flush()
        target.account_id, target.state, target.changed_at = account_id, state, now
        _note_move(transaction, actor, target, old.number, reason, now)


def _change(hall: Hall, actor: Actor, state: WindowState, kind: str) -> None:
    hall.require(actor, SERVE)
    with hall.database.writing() as transaction:
        now, window = hall.now(), _of(transaction, actor.account_id)
        if window is None or window.state == state:
            return
        if state is WindowState.CLOSED:
            _refuse_busy(transaction, window)
            window.account_id = None
        window.state, window.changed_at = state, now
        _note(transaction, kind, window, actor, now)


def _find(transaction: Transaction, number: int) -> QueueWindow | None:
    query = select(QueueWindow).where(QueueWindow.centre_id == transaction.centre_id, QueueWindow.number == number)
    return transaction.scalar(query)


def _get(transaction: Transaction, number: int) -> QueueWindow:
    window = _find(transaction, number) if 1 <= number <= _MOST_WINDOWS else None
    if window is None:
        raise NotFound(N_("There is no window %(number)s."), number=number)
    return window


def _of(transaction: Transaction, account_id: str) -> QueueWindow | None:
    query = select(QueueWindow).where(
        QueueWindow.centre_id == transaction.centre_id, QueueWindow.account_id == account_id
    )
    return transaction.scalar(query)


def _refuse_busy(transaction: Transaction, window: QueueWindow) -> None:
    query = select(QueueLeg.id).where(
        QueueLeg.centre_id == transaction.centre_id,
        QueueLeg.window == window.number,
        QueueLeg.state.in_(AT_WINDOW),
    )
    if transaction.scalar(query) is not None:
        raise Conflict(N_("Somebody is at window %(number)s; finish that visit first."), number=window.number)


def _known(policy: QueuePolicy, lines: Sequence[str]) -> list[str]:
    if not lines:
        raise BadRequest(N_("A window serves at least one line."))
    return sorted({policy.line(line).id for line in lines})


def _written(reason: str) -> str:
    form = Fields({"reason": reason})
    text = form.text("reason", at_most=500, lines=True)
    form.finish()
    return text


def _note(transaction: Transaction, kind: str, window: QueueWindow, actor: Actor, now: datetime) -> None:
    subject = f"window:{window.number}"
    entries.about(transaction, kind, subject, actor.account_id, now, {"lines": list(window.lines)})


def _note_move(
    transaction: Transaction, actor: Actor, window: QueueWindow, from_window: int | None, reason: str, now: datetime
) -> None:
    transaction.add(
        StaffMove(
            centre_id=transaction.centre_id,
            account_id=window.account_id,
            from_window=from_window,
            to_window=window.number,
            lines=list(window.lines),
            reason=reason,
            moved_by=actor.account_id,
            moved_at=now,
        )
    )
    facts = {"from": from_window, "lines": list(window.lines), "account": window.account_id, "reason": reason}
    entries.about(transaction, "staff_moved", f"window:{window.number}", actor.account_id, now, facts)
