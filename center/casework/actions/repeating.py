"""Whether an action was recorded before under its client's key: a double click, or a request that was sent again."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from center.casework import payloads as p
from center.casework.action_kinds import OPEN_CASE
from center.casework.commands import CaseCommand, Who, name_of
from center.casework.tables import CaseAction
from center.database import Transaction
from center.errors import N_, Conflict

_KEPT: Final = select(CaseAction.case_id, CaseAction.kind, CaseAction.step, CaseAction.actor, CaseAction.payload).where(
    CaseAction.centre_id == bindparam("centre_id"), CaseAction.client_key == bindparam("client_key")
)


def is_repeated(transaction: Transaction, who: Who, command: CaseCommand, payload: p.Payload) -> bool:
    """Whether this very action was recorded under its key; raises :class:`Conflict` if another one was."""
    row = transaction.execute(
        _KEPT, {"centre_id": transaction.centre_id, "client_key": command.client_key}
    ).one_or_none()
    if row is None:
        return False
    told = {**row.payload, **({"edition": ""} if command.kind == OPEN_CASE else {})}
    asked = {**p.written(payload), **({"edition": ""} if command.kind == OPEN_CASE else {})}
    same_case = row.case_id == command.case_id or command.kind == OPEN_CASE
    if (row.kind, row.step, row.actor) == (command.kind, command.step, name_of(who)) and told == asked and same_case:
        return True
    raise Conflict(N_("This client key belongs to another action already."))


def case_of_key(transaction: Transaction, command: CaseCommand) -> str:
    """The case in which an action was recorded under a command's key."""
    found = transaction.scalar(
        select(CaseAction.case_id).where(
            CaseAction.centre_id == transaction.centre_id, CaseAction.client_key == command.client_key
        )
    )
    assert found is not None
    return found
