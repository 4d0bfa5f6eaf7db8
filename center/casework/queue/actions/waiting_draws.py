"""How it stands with steps that wait for their draw: who is free, and when it is drawn at the latest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from center.casework.case import CaseState, CaseStatus, HolderKind
from center.casework.queue import assignment
from center.casework.queue.actions import assigning, drawing
from center.casework.queue.assignment import LeftOut
from center.casework.queue.hall import Hall
from center.casework.services import Edition
from center.database import Transaction


@dataclass(frozen=True, slots=True)
class WaitingDraw:
    """A step in the queue of its role that nobody may take."""

    step: str
    since: datetime
    free: int
    """Who could be drawn now."""
    on_duty: int
    """Them and those who have a case in hand."""
    least_free: int
    """So many free ones make a draw at once."""
    anyway_at: datetime
    """From then on one free one is enough."""


def waiting_draws(transaction: Transaction, hall: Hall, edition: Edition, state: CaseState) -> list[WaitingDraw]:
    """The steps of a case that wait for a draw now."""
    found = []
    for step in edition.steps.values():
        need, holder = assigning.need_of(transaction, edition, state, step.id), state.holder_of(step.id)
        if need is None or holder is None or holder.kind is not HolderKind.QUEUE or state.status is not CaseStatus.OPEN:
            continue
        inspectors = drawing.inspectors_for(transaction, hall, need)
        policy = hall.policy(hall.now())
        found.append(
            WaitingDraw(
                step=step.id,
                since=need.waiting_since,
                free=len(assignment.candidates(inspectors)),
                on_duty=sum(one.left_out in (None, LeftOut.BUSY) for one in inspectors),
                least_free=policy.least_free_to_draw,
                anyway_at=need.waiting_since + timedelta(seconds=policy.draw_anyway_after_s),
            )
        )
    return found
