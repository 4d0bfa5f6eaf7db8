"""What the supervisor asks: who holds what, what is late and why, the bottleneck, who delayed a case; and a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy
from sqlalchemy import and_, func, or_, select

from center.casework import queries
from center.casework.case import Activation, CaseState, CaseStatus, Holder, HolderKind
from center.casework.critical_path import HeldSpan, critical_path
from center.casework.held_hours import HeldHour
from center.casework.services import Edition
from center.casework.tables import Case, HeldTime, OpenStep
from center.database import Transaction
from center.errors import N_, BadRequest, NotFound

_SUMS = [func.sum(one) for one in (HeldTime.count, HeldTime.held_ms, HeldTime.working_ms, HeldTime.late)]


@dataclass(frozen=True, slots=True)
class HolderLoad:
    """What one holder has at one desk now."""

    desk: str
    holder: Holder
    steps: int
    late: int
    since: datetime
    """Since when the oldest of them."""


@dataclass(frozen=True, slots=True)
class LateStep:
    """A step that is late now."""

    case_id: str
    number: str
    service: str
    step: str
    desk: str
    holder: Holder
    since: datetime
    due_at: datetime
    escalated: bool
    explained: bool
    critical: bool


@dataclass(frozen=True, slots=True)
class Board:
    """All of it."""

    loads: tuple[HolderLoad, ...]
    late: tuple[LateStep, ...]
    hours: tuple[HeldHour, ...]


@dataclass(frozen=True, slots=True)
class DelaySpan:
    """One interval of a case's critical path, in order and without a gap."""

    step: str
    holder: Holder
    since: datetime
    until: datetime
    held: timedelta
    working: timedelta
    late: bool
    """Whether the step was beyond its time when the interval ended."""
    reasons: tuple[str, ...]
    """What the holders of this step stated."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list."""

    case_id: str
    number: str
    service: str
    channel: str
    status: str
    opened_at: datetime
    ended_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; all that is given must fit."""

    number: str = ""
    """The number's beginning."""
    status: str = ""
    service: str = ""
    opened_since: datetime | None = None
    opened_before: datetime | None = None
    case_ids: Sequence[str] | None = None
    """Cases that the vault found by a personal value."""
    after: tuple[datetime, str] | None = None
    """Opening and id of the last row of the page before."""


def board(transaction: Transaction, now: datetime, *, hours: int = 12, most_late: int = 100) -> Board:
    """Everything that the supervisor's board shows."""
    return Board(
        tuple(loads(transaction, now)),
        tuple(late_steps(transaction, now, most_late)),
        tuple(held_hours(transaction, now - timedelta(hours=hours), now)),
    )


def loads(transaction: Transaction, now: datetime) -> list[HolderLoad]:
    """Who holds how much."""
    late = func.sum(sqlalchemy.case((OpenStep.due_at < now, 1), else_=0))
    keys = (OpenStep.held_by, OpenStep.holder_kind, OpenStep.holder)
    rows = transaction.execute(
        select(*keys, func.count(), late, func.min(OpenStep.since, type_=OpenStep.since.type))
        .where(OpenStep.centre_id == transaction.centre_id)
        .group_by(*keys)
        .order_by(*keys)
    )
    return [
        HolderLoad(desk, Holder(HolderKind(kind), holder), steps, int(late_count), since)
        for desk, kind, holder, steps, late_count, since in rows
    ]


def late_steps(transaction: Transaction, now: datetime, most: int = 100) -> list[LateStep]:
    """What is late, the latest of all first."""
    rows = transaction.execute(
        select(OpenStep, Case.number)
        .join(Case, Case.id == OpenStep.case_id)
        .where(OpenStep.centre_id == transaction.centre_id, OpenStep.due_at < now)
        .order_by(OpenStep.due_at)
        .limit(most)
    )
    return [
        LateStep(
            one.case_id,
            number,
            one.service,
            one.step,
            one.held_by,
            Holder(HolderKind(one.holder_kind), one.holder),
            one.since,
            one.due_at,
            one.escalated,
            one.explained,
            one.critical,
        )
        for one, number in rows
        if one.due_at is not None
    ]


def held_hours(transaction: Transaction, since: datetime, until: datetime) -> list[HeldHour]:
    """Where time went, hour by hour: in queues, in hands, with applicants, outside."""
    keys = (HeldTime.hour, HeldTime.step, HeldTime.holder_kind)
    rows = transaction.execute(
        select(*keys, *_SUMS)
        .where(
            HeldTime.centre_id == transaction.centre_id,
            HeldTime.hour > since - timedelta(hours=1),
            HeldTime.hour <= until,
        )
        .group_by(*keys)
        .order_by(*keys)
    )
    return [HeldHour(row[0], row[1], HolderKind(row[2]), *map(int, row[3:])) for row in rows]


def who_delayed(transaction: Transaction, case_id: str, now: datetime) -> list[DelaySpan]:
    """Who held a case for how long, along its critical path; the intervals sum to the elapsed time exactly."""
    edition = queries.edition_of(queries.case_row(transaction, case_id))
    return delays(transaction, edition, queries.case_state(transaction, case_id), now)


def delays(transaction: Transaction, edition: Edition, state: CaseState, now: datetime) -> list[DelaySpan]:
    """The same of a case that is at hand."""
    clocks = queries.clocks(transaction, state.opened_at)
    spans = []
    for span in critical_path(edition, state, now):
        at_work = [one for one in range(len(state.activations)) if _covers(state.activations[one], span)]
        due_at = clocks.of_step(edition, state, at_work[-1], now).due_at
        worked = clocks.calendar.worked(span.since, span.until)
        is_late = due_at is not None and due_at < span.until
        reasons = tuple(one.reason for one in state.explanations if one.step == span.step)
        spans.append(DelaySpan(span.step, span.holder, span.since, span.until, span.length, worked, is_late, reasons))
    return spans


def _covers(activation: Activation, span: HeldSpan) -> bool:
    return activation.step == span.step and activation.opened_at <= span.since


def search(transaction: Transaction, wanted: Search, limit: int = 50) -> list[CaseRow]:
    """Cases that fit, the newest first; raises :class:`BadRequest` for a status that there is not."""
    if wanted.status and wanted.status not in list(CaseStatus):
        raise BadRequest(
            N_("There is no status '%(status)s'; there are %(known)s."),
            status=wanted.status[:32],
            known=", ".join(CaseStatus),
        )
    if "\x00" in wanted.number + wanted.service:
        raise NotFound("No case has such a number or service.")
    query = select(Case).where(Case.centre_id == transaction.centre_id, *_conditions(wanted))
    rows = transaction.scalars(query.order_by(Case.opened_at.desc(), Case.id.desc()).limit(limit))
    return [
        CaseRow(
            row.id, row.number, row.service, row.channel, row.status, row.opened_at, row.ended_at, row.due_at
        )
        for row in rows
    ]  # fmt: skip


def _conditions(wanted: Search) -> list[sqlalchemy.ColumnElement[bool]]:
    found: list[sqlalchemy.ColumnElement[bool]] = []
    if wanted.number:
        # A range rather than LIKE, so that the index on numbers serves on both databases.
        found.append(and_(Case.number >= wanted.number, Case.number < wanted.number + "\U0010ffff"))
    if wanted.status:
        found.append(Case.status == wanted.status)
    if wanted.service:
        found.append(Case.service == wanted.service)
    if wanted.opened_since is not None:
        found.append(Case.opened_at >= wanted.opened_since)
    if wanted.opened_before is not None:
        found.append(Case.opened_at < wanted.opened_before)
    if wanted.case_ids is not None:
        found.append(Case.id.in_(wanted.case_ids))
    if wanted.after is not None:
        at, case_id = wanted.after
        found.append(or_(Case.opened_at < at, and_(Case.opened_at == at, Case.id < case_id)))
    return found
