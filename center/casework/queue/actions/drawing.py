"""Drawing the inspector of a case; nobody is asked whom they would like."""

from __future__ import annotations

import os
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from center.casework.queue import assignment, queries
from center.casework.queue.actions import entries
from center.casework.queue.assignment import Inspector
from center.casework.queue.hall import DRAW_AGAIN, DUTY, SYSTEM, Hall
from center.casework.queue.tables import InspectorDraw, InspectorDuty
from center.database import Transaction, lock_until_commit, new_id
from center.errors import BadRequest, Conflict
from center.people import queries as people
from center.people.powers import Actor, CaseFacts, Strength


@dataclass(frozen=True, slots=True)
class Need:
    """What has to be inspected: a step of a case, the power it takes, and what bears on who may."""

    case_id: str
    step: str
    role: str
    power: str
    case_state: str
    facts: CaseFacts
    busy: Set[str]
    """Accounts that hold a step now."""
    waiting_since: datetime


def set_duty(hall: Hall, actor: Actor, *, on_duty: bool) -> None:
    """The inspector takes cases from now on, or takes none; the case they hold stays with them."""
    hall.require(actor, DUTY)
    with hall.alone() as transaction:
        now = hall.now()
        row = transaction.scalar(
            select(InspectorDuty).where(
                InspectorDuty.centre_id == transaction.centre_id, InspectorDuty.account_id == actor.account_id
            )
        )
        if row is None:
            row = InspectorDuty(centre_id=transaction.centre_id, account_id=actor.account_id, on_duty=not on_duty)
            transaction.add(row)
        if row.on_duty == on_duty:
            return
        row.on_duty, row.changed_at = on_duty, now
        kind = "inspector_on_duty" if on_duty else "inspector_off_duty"
        entries.about(transaction, kind, f"staff:{actor.account_id}", actor.account_id, now, {})


def draw_in(transaction: Transaction, hall: Hall, need: Need) -> InspectorDraw | None:
    """Draw for a step that nobody was drawn for, in the caller's transaction; None: not now.

    A step that has its draw keeps it: the draw that was made is returned.
    """
    _lock(transaction, need)
    before = _draws(transaction, need)
    if before:
        return before[-1]
    inspectors = _inspectors(transaction, hall, need, before)
    waited_s = (hall.now() - need.waiting_since).total_seconds()
    policy = hall.policy(hall.now())
    if not assignment.is_ready(
        inspectors,
        waited_s=waited_s,
        least_free=policy.least_free_to_draw,
        anyway_after_s=policy.draw_anyway_after_s,
    ):
        return None
    return _drawn(transaction, hall, need, inspectors, 1, SYSTEM, None)


def draw_again_in(transaction: Transaction, hall: Hall, need: Need, actor: Actor, reason: str) -> InspectorDraw:
    """Another draw for a step, by the supervisor, with a reason, and never for somebody who had it before."""
    hall.require(actor, DRAW_AGAIN)
    if not 10 <= len(reason.strip()) <= 500:
        raise BadRequest("Why an inspector is drawn again takes 10 to 500 characters.")
    _lock(transaction, need)
    before = _draws(transaction, need)
    if not before:
        raise Conflict("Nobody has been drawn for this step yet.")
    inspectors = _inspectors(transaction, hall, need, before)
    if not assignment.candidates(inspectors):
        raise Conflict("No other inspector is free, qualified and on duty.")
    return _drawn(transaction, hall, need, inspectors, before[-1].round + 1, actor.account_id, reason.strip())


def _lock(transaction: Transaction, need: Need) -> None:
    if transaction.get_bind().dialect.name == "postgresql":
        lock_until_commit(transaction, f"draw {transaction.centre_id}")


def _draws(transaction: Transaction, need: Need) -> list[InspectorDraw]:
    return [one for one in queries.draws(transaction, need.case_id) if one.step == need.step]


def _inspectors(transaction: Transaction, hall: Hall, need: Need, before: list[InspectorDraw]) -> list[Inspector]:
    today: date = hall.today(hall.now())
    qualified = set(people.accounts_in_role(transaction, hall.powers, need.role, today))
    query = select(InspectorDuty).where(InspectorDuty.centre_id == transaction.centre_id)
    duties = {row.account_id: row.on_duty for row in transaction.scalars(query)}
    had_it = {one.drawn for one in before}

    def may(account: str) -> bool:
        roles = people.open_roles(transaction, hall.powers, account, today)
        actor = Actor(account, roles, Strength.PASSKEY)
        return hall.powers.may(actor, need.power, need.case_state, need.facts) is None

    return [
        Inspector(
            account_id=account,
            on_duty=duties.get(account, False),
            busy=account in need.busy,
            qualified=account in qualified,
            may=account in qualified and may(account),
            had_it=account in had_it,
        )
        for account in sorted(qualified | set(duties))
    ]


def _drawn(
    transaction: Transaction,
    hall: Hall,
    need: Need,
    inspectors: list[Inspector],
    round_number: int,
    asked_by: str,
    reason: str | None,
) -> InspectorDraw:
    accounts, seed, now = assignment.candidates(inspectors), os.urandom(assignment.SEED_BYTES), hall.now()
    row = InspectorDraw(
        id=new_id(),
        centre_id=transaction.centre_id,
        case_id=need.case_id,
        step=need.step,
        round=round_number,
        seed=seed.hex(),
        candidates=accounts,
        left_out={one.account_id: str(one.left_out) for one in inspectors if one.left_out is not None},
        drawn=assignment.draw(seed, need.case_id, need.step, round_number, accounts),
        drawn_at=now,
        asked_by=asked_by,
        reason=reason,
    )
    transaction.add(row)
    transaction.flush()
    facts = {
        "draw": row.id,
        "step": need.step,
        "round": round_number,
        "seed": row.seed,
        "candidates": accounts,
        "left_out": row.left_out,
        "drawn": row.drawn,
        "reason": reason,
    }
    entries.about(transaction, "inspector_drawn", f"case:{need.case_id}", asked_by, now, facts)
    return row
