"""How long steps were held, summed by hour, step and holder as holdings end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy
from sqlalchemy.dialects import postgresql, sqlite

from center.casework.case import CaseState
from center.casework.clocks import Clocks
from center.casework.critical_path import HeldSpan, holder_spans
from center.casework.services import Edition
from center.casework.tables import Case, HeldTime
from center.database import Transaction, new_id


@dataclass(frozen=True, slots=True)
class EndedHolding:
    """A holding that is over: whose, how long, and whether the step was late by then."""

    span: HeldSpan
    working: timedelta
    late: bool


def add_ended(
    transaction: Transaction, row: Case, edition: Edition, before: CaseState | None, after: CaseState, clocks: Clocks
) -> None:
    """Add the holdings that the last action ended."""
    for one in ended_since(edition, before, after, clocks):
        _add(transaction, row, one)


def ended_since(edition: Edition, before: CaseState | None, after: CaseState, clocks: Clocks) -> list[EndedHolding]:
    """The holdings that have ended after ``before`` (None: all that have)."""
    found = []
    for index, one in enumerate(after.activations):
        earlier = before.activations[index] if before and index < len(before.activations) else None
        known = 0 if earlier is None else len(earlier.holdings) - (earlier.ended_at is None)
        ended = one.ended_at or one.holdings[-1].since
        if known == len(one.holdings) - (one.ended_at is None):
            continue
        clock = clocks.of_step(edition, after, index, after.changed_at)
        first_new = one.holdings[known].since
        found += [
            EndedHolding(
                span,
                clocks.calendar.worked(span.since, span.until),
                clock.due_at is not None and span.until > clock.due_at,
            )
            for span in holder_spans(after, index, ended)
            if span.since >= first_new
        ]
    return found


def _add(transaction: Transaction, row: Case, held: EndedHolding) -> None:
    values = {
        "id": new_id(),
        "centre_id": row.centre_id,
        "hour": _hour(held.span.until),
        "service": row.service,
        "step": held.span.step,
        "holder_kind": held.span.holder.kind.value,
        "holder": held.span.holder.name,
        "count": 1,
        "held_ms": held.span.length // timedelta(milliseconds=1),
        "working_ms": held.working // timedelta(milliseconds=1),
        "late": int(held.late),
    }
    is_postgresql = transaction.get_bind().dialect.name == "postgresql"
    insert = (postgresql.insert if is_postgresql else sqlite.insert)(HeldTime)
    added: dict[str, sqlalchemy.ColumnElement[int]] = {
        name: sqlalchemy.literal_column(f"case_held_times.{name} + excluded.{name}")
        for name in ("count", "held_ms", "working_ms", "late")
    }
    keys = ["centre_id", "hour", "service", "step", "holder_kind", "holder"]
    transaction.execute(insert.values(values).on_conflict_do_update(index_elements=keys, set_=added))


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
