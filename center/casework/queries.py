"""What is asked of the cases: one of them with its history, lists, and numbers; every answer is plain frozen data."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, or_, select

from center.casework import calendar_file, services_file
from center.casework.case import Action, ActorKind, CaseState
from center.casework.clocks import Clocks
from center.casework.fold import fold
from center.casework.services import Edition
from center.casework.tables import Case, CaseAction, DeskAbsence
from center.database import Transaction
from center.errors import NotFound

# Read at every request: columns, and a statement that is made once, cost half of what objects of its rows do.
_ACTIONS: Final = (
    select(
        CaseAction.ordinal,
        CaseAction.kind,
        CaseAction.step,
        CaseAction.actor_kind,
        CaseAction.actor,
        CaseAction.role,
        CaseAction.at,
        CaseAction.payload,
    )
    .where(CaseAction.case_id == bindparam("case_id"))
    .order_by(CaseAction.ordinal)
)


def actions(transaction: Transaction, case_id: str) -> list[Action]:
    """A case's actions, oldest first."""
    rows = transaction.execute(_ACTIONS, {"case_id": case_id})
    return [
        Action(ordinal, kind, step, ActorKind(actor_kind), actor, role, at, payload)
        for ordinal, kind, step, actor_kind, actor, role, at, payload in rows
    ]


def case_row(transaction: Transaction, case_id: str) -> Case:
    """A case's row; raises NotFound."""
    if (mine := _mine(transaction).get(case_id)) is not None:
        return mine[0]
    row = None
    if is_id(case_id):
        row = transaction.get(Case, case_id)
    if row is None or row.centre_id != transaction.centre_id:
        raise NotFound(f"There is no case {case_id[:36]!r}.")
    return row


def edition_of(row: Case) -> Edition:
    """The edition of the service under which a case was opened."""
    return services_file.load().named(row.edition)


def case_state(transaction: Transaction, case_id: str) -> CaseState:
    """A case, folded from its actions; raises NotFound."""
    if (mine := _mine(transaction).get(case_id)) is not None:
        return mine[1]
    row = case_row(transaction, case_id)
    return fold(edition_of(row), row.id, actions(transaction, row.id))


def keep(transaction: Transaction, row: Case, state: CaseState) -> None:
    """Remember how this transaction, which alone writes, leaves a case that it changed or made."""
    _mine(transaction)[row.id] = (row, state)


def _mine(transaction: Transaction) -> dict[str, tuple[Case, CaseState]]:
    mine: dict[str, tuple[Case, CaseState]] = transaction.info.setdefault("cases", {})
    return mine


def clocks(transaction: Transaction, since: datetime) -> Clocks:
    """What the clocks of a case that was opened then are read from."""
    rows = transaction.scalars(
        select(DeskAbsence)
        .where(
            DeskAbsence.centre_id == transaction.centre_id,
            or_(DeskAbsence.until.is_(None), DeskAbsence.until > since),
        )
        .order_by(DeskAbsence.since)
    )
    absences: dict[str, list[tuple[datetime, datetime | None]]] = {}
    for row in rows:
        absences.setdefault(row.desk, []).append((row.since, row.until))
    return Clocks(calendar_file.load(), absences)


def numbered(transaction: Transaction, number: str) -> str:
    """The id of the case with this number; raises NotFound."""
    found = transaction.scalar(select(Case.id).where(Case.centre_id == transaction.centre_id, Case.number == number))
    if found is None:
        raise NotFound(f"There is no case number {number[:32]!r}.")
    return found


def is_id(text: str) -> bool:
    """Whether a text can be an id; a database is not asked for others, such as one with a zero byte."""
    return re.fullmatch(r"[0-9a-f-]{36}", text) is not None
