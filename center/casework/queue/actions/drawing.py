"""Drawing the inspector of a case; nobody is asked whom they would like."""

from __future__ import annotations

import os
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from center.casework.fields import N_, BadFields, Fault
from center.casework.queue import assignment, draw_queries, queries
from center.casework.queue.actions import entries
from center.casework.queue.assignment import Inspector, LeftOut
from center.casework.queue.hall import DRAW_AGAIN, SYSTEM, Hall
from center.casework.queue.tables import InspectorDraw
from center.database import Transaction, new_id
from center.errors import Conflict
from center.people import queries as people
from center.people.powers import Actor, CaseFacts, Strength

SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 500


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


def draw_in(transaction: Transaction, hall: Hall, need: Need) -> InspectorDraw | None:
    """Draw for a step that nobody was drawn for, in the caller's transaction; None: not now.

    A step that is done again keeps its draw, unless whoever was drawn is off duty or may not have it any more.
    """
    before = _draws(transaction, need)
    inspectors = _inspectors(transaction, hall, need, before)
    lost = _why_lost(before[-1], inspectors) if before else None
    if before and lost is None:
        return before[-1]
    waited_s = (hall.now() - need.waiting_since).total_seconds()
    policy = hall.policy(hall.now())
    if not assignment.is_ready(
        inspectors,
        waited_s=waited_s,
        least_free=policy.least_free_to_draw,
        anyway_after_s=policy.draw_anyway_after_s,
    ):
        return None
    return _drawn(transaction, hall, need, inspectors, len(before) + 1, SYSTEM, lost)


def draw_again_in(transaction: Transaction, hall: Hall, need: Need, actor: Actor, reason: str) -> InspectorDraw:
    """Another draw for a step, by the supervisor, with a reason, and never for somebody who had it before.

    Nor for the one who happens to be free: a supervisor who waits for that moment would have chosen.
    """
    refused = hall.powers.may(actor, DRAW_AGAIN, need.case_state, need.facts)
    if refused is not None:
        raise refused.error()
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        text = N_("Why an inspector is drawn again takes %(least)s to %(most)s characters.")
        raise BadFields([Fault("reason", text, {"least": SHORTEST_REASON, "most": LONGEST_REASON})])
    before = _draws(transaction, need)
    if not before:
        raise Conflict(N_("Nobody has been drawn for this step yet."))
    inspectors = _inspectors(transaction, hall, need, before)
    if not assignment.candidates(inspectors):
        raise Conflict(N_("No other inspector is free, qualified and on duty."))
    policy = hall.policy(hall.now())
    least = policy.least_free_to_draw
    if not assignment.is_ready(inspectors, waited_s=0, least_free=least, anyway_after_s=policy.draw_anyway_after_s):
        text = N_("A draw between fewer than %(least)s is none while others on duty have a case in hand.")
        raise Conflict(text, least=least)
    return _drawn(transaction, hall, need, inspectors, before[-1].round + 1, actor.account_id, reason.strip())


def inspectors_for(transaction: Transaction, hall: Hall, need: Need) -> list[Inspector]:
    """How everybody who could inspect stands to a step now."""
    return _inspectors(transaction, hall, need, _draws(transaction, need))


def _draws(transaction: Transaction, need: Need) -> list[InspectorDraw]:
    return [one for one in queries.draws(transaction, need.case_id) if one.step == need.step]


def _why_lost(last: InspectorDraw, inspectors: list[Inspector]) -> str | None:
    """Why whoever was drawn last cannot have the step again; None: they can, whatever else they have in hand."""
    facts = next((one for one in inspectors if one.account_id == last.drawn), None)
    if facts is None or not facts.qualified:
        return LeftOut.NOT_QUALIFIED
    if not facts.may:
        return LeftOut.MAY_NOT
    return None if facts.on_duty else LeftOut.OFF_DUTY


def _inspectors(transaction: Transaction, hall: Hall, need: Need, before: list[InspectorDraw]) -> list[Inspector]:
    today: date = hall.today(hall.now())
    qualified = set(people.accounts_in_role(transaction, hall.powers, need.role, today))
    began = hall.day_began(hall.now())
    duties = {account: one.on_duty for account, one in draw_queries.duties(transaction, began).items()}
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
