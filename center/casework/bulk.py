"""Storing very many made-up cases at once, to measure with: the rows that acting writes, by the bulk way.

A few dozen ways through the service are folded for real; each case is one of them, moved in time. Open ones are cut
off at a step. The journal gets one entry that says so, for these cases never happened.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from center.casework import calendar_file, services_file
from center.casework.actions.held_times import ended_since
from center.casework.bulk_walks import Walk, walks
from center.casework.case import CaseState, CaseStatus
from center.casework.clocks import Clocks
from center.casework.critical_path import critical_activation
from center.casework.tables import Case, CaseAction, HeldTime, OpenStep
from center.clock import nanoseconds
from center.database import Base, Database
from center.errors import BadRequest
from center.journal.entries import append

_BATCH: Final = 5000
_MOST: Final = 10_000_000
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was stored."""

    cases: int
    open_cases: int
    actions: int


def load(database: Database, count: int, open_count: int, seed: int, now: datetime) -> Loaded:
    """Store so many cases, the last of them open; raises :class:`BadRequest` for numbers that make no sense."""
    if not 0 <= open_count <= count <= _MOST or count == 0:
        raise BadRequest(
            f"{count} cases, {open_count} of them open: load 1 to {_MOST}, and no more open than there are."
        )
    loader = _Loader(database.centre_id, random.Random(seed), now)
    for begins in range(0, count, _BATCH):
        part = range(begins, min(begins + _BATCH, count))
        with database.writing() as transaction:
            loader.store(transaction.connection(), part, count, count - open_count)
    with database.writing() as transaction:
        loader.store_held_times(transaction.connection())
        facts = {"cases": count, "open": open_count, "seed": seed}
        append(
            transaction, kind="made_up_cases_loaded", subject="centre", actor="command",
            occurred_at=now, recorded_at=now, facts=facts,
        )  # fmt: skip
    return Loaded(count, open_count, loader.actions)


class _Loader:
    def __init__(self, centre_id: str, chance: random.Random, now: datetime) -> None:
        self._centre_id, self._chance, self._now = centre_id, chance, now
        self._edition = services_file.load().on("records_certificate", now.date())
        self._clocks = Clocks(calendar_file.load())
        self._walks = walks(self._edition, chance)
        self._held: Counter[tuple[Any, ...]] = Counter()
        self._held_of: dict[int, list[tuple[timedelta, tuple[str, str, str], tuple[int, int, int]]]] = {}
        self._prefix = f"L{chance.getrandbits(32):08x}"
        self.actions = 0

    def store(self, connection: Connection, part: Sequence[int], count: int, first_open: int) -> None:
        """One batch of cases."""
        cases: list[_Row] = []
        actions: list[_Row] = []
        steps: list[_Row] = []
        for number in part:
            place = self._chance.randrange(len(self._walks))
            walk, is_open = self._walks[place], number >= first_open
            opened_at = self._opened_at(number, count, is_open=is_open)
            case_id = self._id(opened_at)
            if is_open:
                walk = walk.cut(self._chance.randint(1, len(walk.actions) - 1))
                state = walk.moved(self._edition, case_id, opened_at)
                cases.append(self._case(case_id, number, walk, opened_at, state))
                steps += self._steps(case_id, state)
            else:
                cases.append(self._case(case_id, number, walk, opened_at, None))
                self._add_held(place, walk, opened_at)
            actions += self._actions(case_id, walk, opened_at)
        self.actions += len(actions)
        for table, rows in ((Case, cases), (CaseAction, actions), (OpenStep, steps)):
            _insert(connection, table, rows)

    def store_held_times(self, connection: Connection) -> None:
        """The sums of all batches."""
        rows = []
        for key in sorted({one[:-1] for one in self._held}):
            hour, step, kind, holder = key
            rows.append(
                {
                    "id": self._id(hour),
                    "centre_id": self._centre_id,
                    "hour": hour,
                    "service": self._edition.service,
                    "step": step,
                    "holder_kind": kind,
                    "holder": holder,
                    "count": self._held[*key, "count"],
                    "held_ms": self._held[*key, "held_ms"],
                    "working_ms": self._held[*key, "working_ms"],
                    "late": self._held[*key, "late"],
                }
            )
        _insert(connection, HeldTime, rows)

    def _opened_at(self, number: int, count: int, *, is_open: bool) -> datetime:
        """Finished ones fill the working minutes of the years before; open ones are of the last hours."""
        if is_open:
            return self._now - timedelta(minutes=self._chance.randint(1, 180))
        minutes_back = (count - number) * 0.5 + 240
        return self._now - timedelta(minutes=minutes_back)

    def _id(self, at: datetime) -> str:
        """A UUIDv7 of an instant, so that ids sort by time here too."""
        bits = (nanoseconds(at) // 1_000_000) << 80 | 7 << 76 | self._chance.getrandbits(12) << 64
        return str(UUID(int=bits | 2 << 62 | self._chance.getrandbits(62)))

    def _case(self, case_id: str, number: int, walk: Walk, opened_at: datetime, state: CaseState | None) -> _Row:
        """Without a state: a case that is completed."""
        due = None if state is None else self._clocks.of_case(self._edition, state, self._now).due_at
        return {
            "id": case_id, "centre_id": self._centre_id, "number": f"{self._prefix}-{number:07d}",
            "service": self._edition.service, "edition": self._edition.name, "channel": "window",
            "status": (CaseStatus.COMPLETED if state is None else state.status).value, "opened_at": opened_at,
            "ended_at": opened_at + walk.offset(walk.actions[-1]) if state is None else None, "due_at": due,
            "last_ordinal": len(walk.actions),
        }  # fmt: skip

    def _actions(self, case_id: str, walk: Walk, opened_at: datetime) -> Iterator[_Row]:
        for one in walk.actions:
            yield {
                "id": self._id(opened_at + walk.offset(one)), "centre_id": self._centre_id, "case_id": case_id,
                "ordinal": one.ordinal, "kind": one.kind, "step": one.step, "actor_kind": one.actor_kind.value,
                "actor": one.actor, "role": one.role, "simulated_key": True, "at": opened_at + walk.offset(one),
                "client_key": f"{case_id}-{one.ordinal}", "payload": one.payload,
            }  # fmt: skip

    def _steps(self, case_id: str, state: CaseState) -> Iterator[_Row]:
        critical = critical_activation(self._edition, state)
        for index in state.open_now():
            one = state.activations[index]
            clock = self._clocks.of_step(self._edition, state, index, self._now)
            yield {
                "id": self._id(one.opened_at), "centre_id": self._centre_id, "case_id": case_id, "step": one.step,
                "service": state.service, "held_by": self._edition.steps[one.step].held_by,
                "holder_kind": one.holder.kind.value, "holder": one.holder.name, "since": one.holdings[-1].since,
                "opened_at": one.opened_at, "remind_at": clock.remind_at, "due_at": clock.due_at, "reminded": False,
                "escalated": False, "explained": False, "critical": index == critical,
            }  # fmt: skip

    def _add_held(self, place: int, walk: Walk, opened_at: datetime) -> None:
        if place not in self._held_of:
            state = walk.moved(self._edition, "walk", walk.opened_at)
            self._held_of[place] = [
                (
                    held.span.until - walk.opened_at,
                    (held.span.step, held.span.holder.kind.value, held.span.holder.name),
                    (held.span.length // _MS, held.working // _MS, int(held.late)),
                )
                for held in ended_since(self._edition, None, state, self._clocks)
            ]
        for until, who, (held_ms, working_ms, late) in self._held_of[place]:
            hour = (opened_at + until).replace(minute=0, second=0, microsecond=0)
            self._held[hour, *who, "count"] += 1
            self._held[hour, *who, "held_ms"] += held_ms
            self._held[hour, *who, "working_ms"] += working_ms
            self._held[hour, *who, "late"] += late


_MS: Final = timedelta(milliseconds=1)


def _insert(connection: Connection, table: type[Base], rows: Sequence[_Row]) -> None:
    """By COPY, or by the driver's executemany: both several times faster than statements with their values."""
    if not rows:
        return
    names = list(rows[0])
    columns = ", ".join(names)
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {table.__tablename__} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([_json(value) for value in row.values()])
        return
    marks = ", ".join("?" * len(names))
    told = ([_text(value) for value in row.values()] for row in rows)
    cursor.executemany(f"INSERT INTO {table.__tablename__} ({columns}) VALUES ({marks})", told)


def _json(value: object) -> object:
    return msgspec.json.encode(value).decode() if isinstance(value, Mapping) else value


def _text(value: object) -> object:
    """As SQLite keeps it: instants as ``Utc`` writes them."""
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else _json(value)
