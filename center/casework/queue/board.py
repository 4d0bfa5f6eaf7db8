"""What the board in the hall shows, how wrong the told waits were, and where the supervisor might help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from center.casework.queue.estimate import Accuracy, accuracy, expected_waits_s
from center.casework.queue.order import Standing, Waiting
from center.casework.queue.policy import QueuePolicy
from center.casework.queue.queries import loads, service_times_s, waiting
from center.casework.queue.rebalance import Suggestion, suggestion
from center.casework.queue.tables import AT_WINDOW, LegState, QueueCall, QueueLeg, QueueTicket, StaffMove
from center.database import Transaction

_WORTH_A_MOVE_S: Final = 300


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A ticket that is to go to a window, or is at it."""

    number: str
    window: int
    called_at: datetime
    sequence: int
    serving: bool


@dataclass(frozen=True, slots=True)
class LineFacts:
    """How a line stands."""

    line: str
    title: Mapping[str, str]
    waiting: int
    open_windows: int
    next_wait_s: int | None
    """What somebody who came now would wait; None: no open window serves the line."""


@dataclass(frozen=True, slots=True)
class Board:
    """What the board shows. It chimes when ``cue`` is above the one that it showed last."""

    cue: int
    rows: tuple[BoardRow, ...]
    lines: tuple[LineFacts, ...]


def board(transaction: Transaction, policy: QueuePolicy, now: datetime, limit: int = 10) -> Board:
    """What the board shows: who is called or at a window, the newest call first, and how each line stands."""
    query = (
        select(QueueLeg, QueueTicket.number, func.max(QueueCall.sequence))
        .join(QueueTicket, QueueTicket.id == QueueLeg.ticket_id)
        .join(QueueCall, QueueCall.leg_id == QueueLeg.id)
        .where(QueueLeg.centre_id == transaction.centre_id, QueueLeg.state.in_(AT_WINDOW))
        .group_by(QueueLeg.id, QueueTicket.number)
        .order_by(func.max(QueueCall.sequence).desc())
        .limit(limit)
    )
    rows = [
        BoardRow(number, leg.window, leg.last_called_at, sequence, leg.state == LegState.SERVING)
        for leg, number, sequence in transaction.execute(query)
        if leg.window is not None and leg.last_called_at is not None
    ]
    cue = transaction.scalar(select(func.max(QueueCall.sequence)).where(QueueCall.centre_id == transaction.centre_id))
    return Board(cue or 0, tuple(rows), tuple(_lines(transaction, policy, now)))


def waits_accuracy(transaction: Transaction, since: datetime, until: datetime) -> dict[str, Accuracy]:
    """Line → how wrong the told waits of the tickets were that were called in a time."""
    query = select(QueueLeg.line, QueueLeg.error_s).where(
        QueueLeg.centre_id == transaction.centre_id,
        QueueLeg.error_s.is_not(None),
        QueueLeg.called_at >= since,
        QueueLeg.called_at < until,
    )
    errors: dict[str, list[int]] = {}
    for line, error in transaction.execute(query):
        errors.setdefault(line, []).append(error or 0)
    return {line: told for line, values in errors.items() if (told := accuracy(values))}


def hint(transaction: Transaction, policy: QueuePolicy, now: datetime) -> Suggestion | None:
    """Where one window more would help most."""
    return suggestion(
        waiting(transaction),
        loads(transaction),
        service_times_s(transaction, policy),
        most_favoured_in_a_row=policy.most_favoured_in_a_row,
        now=now,
        worth_s=_WORTH_A_MOVE_S,
    )


def staff_moves(transaction: Transaction, limit: int = 50) -> Sequence[StaffMove]:
    """The supervisor's moves, newest first."""
    query = select(StaffMove).where(StaffMove.centre_id == transaction.centre_id)
    return transaction.scalars(query.order_by(StaffMove.id.desc()).limit(limit)).all()


def _lines(transaction: Transaction, policy: QueuePolicy, now: datetime) -> list[LineFacts]:
    there, open_windows = waiting(transaction), loads(transaction)
    service_s = service_times_s(transaction, policy)
    found = []
    for line in policy.lines.values():
        newcomer = Waiting("newcomer", line.id, Standing.IN_TURN, now)
        most = policy.most_favoured_in_a_row
        waits = expected_waits_s([*there, newcomer], open_windows, service_s, most_favoured_in_a_row=most, now=now)
        count = sum(one.line == line.id for one in there)
        serving = sum(line.id in window.lines for window in open_windows)
        found.append(LineFacts(line.id, line.title, count, serving, waits.get(newcomer.leg_id)))
    return found
