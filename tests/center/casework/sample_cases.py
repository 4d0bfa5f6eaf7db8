"""People, commands and walks that tests of casework share."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from center.casework.actions.acting import act
from center.casework.actions.center_acting import CenterCommand, act_for_center
from center.casework.case import CaseState
from center.casework.commands import CaseCommand, System, Who
from center.database import Database
from center.people.powers import Actor, Strength

# Tuesday 14 April 2026, 09:30 in Sarytau (UTC+5).
MORNING = datetime(2026, 4, 14, 4, 30, tzinfo=UTC)
SIGNATURE = "5e" * 32
REASON = "Because the paper says another name."


def staff(name: str, *roles: str, strength: Strength = Strength.PASSKEY) -> Actor:
    """A person of the staff."""
    return Actor(name, frozenset(roles), strength)


AKBOTA = staff("akbota", "operator")
BOLAT = staff("bolat", "operator")
ISSUER = staff("ilyas", "document_issuer")
SECOND_ISSUER = staff("indira", "document_issuer")
SUPERVISOR = staff("saule", "supervisor")
PAYMENTS, REGISTERS, CLOCK = System("payments"), System("registers"), System("clock")
_keys = itertools.count()


def key() -> str:
    """A client key that no other command has."""
    return f"client-key-{next(_keys):08d}"


def command(kind: str, case_id: str = "", step: str | None = None, **payload: Any) -> CaseCommand:
    """A command with a fresh key."""
    return CaseCommand(kind, key(), case_id, step, payload)


# Who does what from an open case to its end, and how many minutes after the action before.
WALK: tuple[tuple[Who, str, str | None, Mapping[str, Any], int], ...] = (
    (AKBOTA, "step.take", "accept", {}, 2),
    (AKBOTA, "step.complete", "accept", {"documents": ["identity"], "consent": ["persons"]}, 4),
    (REGISTERS, "register.answered", None, {"register": "persons", "found": True}, 1),
    (PAYMENTS, "fee.paid", None, {"payment": "p-1", "purpose": "records_certificate", "amount_tenge": 1081}, 3),
    (ISSUER, "step.take", "produce", {}, 2),
    (ISSUER, "step.complete", "produce", {"blank": "AA-000001"}, 5),
    (BOLAT, "step.take", "hand_over", {}, 1),
    (BOLAT, "step.complete", "hand_over", {"signature": SIGNATURE}, 2),
)


def receive_blanks(database: Database, series: str = "AA", first: int = 1, count: int = 1000) -> None:
    """Blanks come from the printing house."""
    asked = CenterCommand("blanks.receive", key(), {"series": series, "first": first, "count": count})
    do_for_center(database, SUPERVISOR, asked, MORNING - timedelta(hours=1))


def do_for_center(database: Database, who: Actor, asked: CenterCommand, at: datetime = MORNING) -> dict[str, Any]:
    """One action for the centre in a transaction of its own."""
    with database.writing() as transaction:
        return act_for_center(transaction, who, asked, at)


def open_case(database: Database, who: Who = AKBOTA, at: datetime = MORNING) -> CaseState:
    """A fresh case."""
    with database.writing() as transaction:
        return act(transaction, who, command("case.open", service="records_certificate"), at)


def do(database: Database, who: Who, asked: CaseCommand, at: datetime = MORNING) -> CaseState:
    """One action in a transaction of its own."""
    with database.writing() as transaction:
        return act(transaction, who, asked, at)


def walk(database: Database, state: CaseState, steps: int = len(WALK), *, blank: str = "AA-000001") -> CaseState:
    """The first so many actions of the usual way."""
    at = state.changed_at
    for who, kind, step, payload, minutes in WALK[:steps]:
        at += timedelta(minutes=minutes)
        told = {**payload, "blank": blank} if "blank" in payload else payload
        state = do(database, who, command(kind, state.case_id, step, **told), at)
    return state
