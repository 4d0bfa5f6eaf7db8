"""A step that is drawn by lot gets its holder: the draw and its assignment, or neither, in one transaction."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from center.casework import queries
from center.casework.actions.acting import act
from center.casework.case import CaseState, HolderKind
from center.casework.commands import CaseCommand, System
from center.casework.permission import facts_of
from center.casework.queue import draw_queries
from center.casework.queue.actions import drawing
from center.casework.queue.actions.drawing import Need
from center.casework.queue.hall import DRAW_AGAIN, Hall
from center.casework.queue.tables import InspectorDraw
from center.casework.services import Edition
from center.casework.tables import CaseAction
from center.database import Transaction
from center.errors import N_, CenterError, Conflict
from center.people.powers import Actor

QUEUE: Final = System("queue")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AnotherDraw:
    """What a supervisor asks for: the same key again is the same draw."""

    case_id: str
    step: str
    reason: str
    client_key: str


def assign_waiting(hall: Hall) -> int:
    """Draw for every step that waits for it, each in a transaction of its own; how many got a holder."""
    with hall.database.reading() as transaction:
        somebody = any(one.on_duty for one in draw_queries.duties(transaction, hall.day_began(hall.now())).values())
        waiting = draw_queries.steps_to_draw(transaction) if somebody else []
    return sum(_assign(hall, one.case_id, one.step) for one in waiting)


def draw_again(hall: Hall, actor: Actor, asked: AnotherDraw) -> None:
    """Another inspector for a step that somebody was drawn for; who it is, the lot says.

    Raises :class:`Forbidden` for who may not, :class:`Conflict` where nobody else can be drawn, :class:`BadFields`
    without a reason.
    """
    hall.require(actor, DRAW_AGAIN)
    with hall.database.writing() as transaction:
        if _is_repeated(transaction, asked):
            return
        edition, state = _case(transaction, asked.case_id)
        need = need_of(transaction, edition, state, asked.step)
        if need is None or state.holder_of(asked.step) == edition.step(asked.step).first_holder:
            raise Conflict(N_("This step is in nobody's hands, so that nobody is drawn again."))
        made = drawing.draw_again_in(transaction, hall, need, actor, asked.reason)
        _give(transaction, hall, made, asked.client_key)


def need_of(transaction: Transaction, edition: Edition, state: CaseState, step_id: str) -> Need | None:
    """What has to be inspected; None for a step that is not open, or not drawn by lot."""
    step, index = edition.step(step_id), state.current(step_id)
    if index is None or not step.by_lot:
        return None
    return Need(
        case_id=state.case_id,
        step=step.id,
        role=step.held_by,
        power=step.power,
        case_state=state.status,
        facts=facts_of(state),
        busy=draw_queries.busy(transaction),
        waiting_since=state.activations[index].holdings[-1].since,
    )


def _assign(hall: Hall, case_id: str, step_id: str) -> bool:
    try:
        with hall.database.writing() as transaction:
            edition, state = _case(transaction, case_id)
            need = need_of(transaction, edition, state, step_id)
            holder = state.holder_of(step_id)
            if need is None or holder is None or holder.kind is not HolderKind.QUEUE:
                return False
            made = drawing.draw_in(transaction, hall, need)
            if made is not None:
                # A step that is done again gives the same draw once more: each time it opens is an assignment.
                _give(transaction, hall, made, f"draw-{made.id}-{state.current(step_id)}")
            return made is not None
    except CenterError as error:
        # The case moved on since the list was made; the message names ids only.
        _log.warning("Step %s of case %s was not drawn for: %s", step_id, case_id, error)
        return False


def _give(transaction: Transaction, hall: Hall, made: InspectorDraw, client_key: str) -> None:
    told = {"to": made.drawn, "draw": made.id}
    act(transaction, QUEUE, CaseCommand("step.assign", client_key, made.case_id, made.step, told), hall.now())


def _case(transaction: Transaction, case_id: str) -> tuple[Edition, CaseState]:
    row = queries.case_row(transaction, case_id)
    return queries.edition_of(row), queries.case_state(transaction, row.id)


def _is_repeated(transaction: Transaction, asked: AnotherDraw) -> bool:
    wanted = (CaseAction.centre_id == transaction.centre_id, CaseAction.client_key == asked.client_key)
    row = transaction.scalar(select(CaseAction).where(*wanted))
    if row is not None and (row.kind, row.case_id, row.step) != ("step.assign", asked.case_id, asked.step):
        raise Conflict(N_("This client key belongs to another action already."))
    return row is not None
