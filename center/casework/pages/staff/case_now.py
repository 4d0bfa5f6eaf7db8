"""A case as it stands, without what only its page shows: enough to take an action in it."""

from __future__ import annotations

from dataclasses import dataclass

from center.casework import queries
from center.casework.case import Action, CaseState
from center.casework.fold import fold
from center.casework.services import Edition
from center.casework.tables import Case
from center.database import Transaction


@dataclass(frozen=True, slots=True)
class CaseNow:
    """Its row, the service that it is under, what happened, and what came of it."""

    row: Case
    edition: Edition
    actions: tuple[Action, ...]
    state: CaseState


def read(transaction: Transaction, case_id: str) -> CaseNow:
    """The case; raises :class:`NotFound`."""
    row = queries.case_row(transaction, case_id)
    edition, actions = queries.edition_of(row), queries.actions(transaction, row.id)
    return CaseNow(row, edition, tuple(actions), fold(edition, row.id, actions))
