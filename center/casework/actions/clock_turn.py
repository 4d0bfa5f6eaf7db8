"""Reminders, and telling the supervisor: what the clock does by itself, as actions like any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from center.casework.actions.acting import act
from center.casework.commands import CaseCommand, System
from center.casework.tables import OpenStep
from center.clock import nanoseconds
from center.database import Database, Transaction
from center.errors import CenterError

CLOCK: Final = System("clock")
_MOST: Final = 20
"""In one turn, so that after a night or an outage the desks are not kept waiting by what the clock has to tell."""


@dataclass(frozen=True, slots=True)
class _Due:
    kind: str
    case_id: str
    step: str
    opened_at: datetime

    def command(self) -> CaseCommand:
        """The same for the same activation, so that two workers tell it once."""
        word = self.kind.partition(".")[2]
        key = f"{word}-{self.case_id}-{nanoseconds(self.opened_at) // 1000}"
        return CaseCommand(self.kind, key, self.case_id, self.step)


def turn(database: Database, now: datetime) -> int:
    """Remind and escalate all that is due, each in a transaction of its own; how many."""
    with database.reading() as transaction:
        due = _due(transaction, now)
    done = 0
    for one in due:
        try:
            with database.writing() as transaction:
                act(transaction, CLOCK, one.command(), now)
            done += 1
        except CenterError:
            # The step ended or was reopened meanwhile: there is nothing to tell any more.
            continue
    return done


def _due(transaction: Transaction, now: datetime) -> list[_Due]:
    found = []
    for kind, moment, told in (
        ("step.remind", OpenStep.remind_at, OpenStep.reminded),
        ("step.escalate", OpenStep.due_at, OpenStep.escalated),
    ):
        # Strictly before: a step that is completed in its last instant is in time.
        where = (OpenStep.centre_id == transaction.centre_id, moment < now, told.is_(False))
        rows = transaction.scalars(select(OpenStep).where(*where).order_by(moment).limit(_MOST))
        found += [_Due(kind, row.case_id, row.step, row.opened_at) for row in rows]
    return found
