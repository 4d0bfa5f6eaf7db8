"""Casework: a desk action under 60 simultaneous operators against a bare insert, and three queries over many cases."""

from __future__ import annotations

import asyncio
import itertools
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select, text

from benchmarks.figures import Figure, at_most, quantile
from benchmarks.postgres import running_postgresql
from benchmarks.recordings import ROOT
from center.casework import bulk
from center.casework.actions.center_acting import CenterCommand, act_for_center
from center.casework.board_queries import Search, board, search, who_delayed
from center.casework.tables import Case
from center.database import Database
from center.people.powers import Actor, Strength

_OPERATORS = 60
_EVERY_S = 5.0
_LIMIT_MS = 100.0
_CENTRE = "bench-1"


def measure(folder: Path, cases: int, window_s: float) -> list[Figure]:
    """The figures on SQLite, and on PostgreSQL where it is installed."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = _on(f"sqlite:///{folder / 'centre.sqlite3'}", "SQLite", cases, window_s)
    with running_postgresql() as url:
        if url is not None:
            figures += _on(url, "PostgreSQL", cases, window_s)
    return figures


def _on(url: str, name: str, cases: int, window_s: float) -> list[Figure]:
    database = Database(url, _CENTRE)
    database.upgrade()
    _receive_blanks(database)
    began = time.monotonic()
    bulk.load(database, cases, min(1000, cases // 2), 1, datetime.now(UTC))
    loaded_s = time.monotonic() - began
    if name == "PostgreSQL":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    figures = _actions(url, name, window_s)
    figures += _queries(database, name, cases)
    database.close()
    rate = cases / loaded_s
    return [*figures, Figure(f"cases loaded in bulk, {name}", rate, "cases/s", note=f"{cases:,} cases")]


def _receive_blanks(database: Database) -> None:
    who = Actor("bench", frozenset({"supervisor"}), Strength.PASSKEY)
    asked = CenterCommand("blanks.receive", "bench-blanks-0001", {"series": "BB", "first": 0, "count": 900_000})
    with database.writing() as transaction:
        act_for_center(transaction, who, asked, datetime.now(UTC))


def _actions(url: str, name: str, window_s: float) -> list[Figure]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.desk_server", url, _CENTRE, str(port)]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        _await(port)
        bare, acts = asyncio.run(_load(port, window_s))
    finally:
        server.terminate()
        server.wait(30)
    p99_bare, p99_act = quantile(bare, 0.99) * 1e3, quantile(acts, 0.99) * 1e3
    how = f"{_OPERATORS} operators, one action each every {_EVERY_S:g} s, {len(acts)} actions over HTTP"
    return [
        at_most(f"desk action, p99, {name}", p99_act, "ms", 150.0, how),
        at_most(
            f"desk action to bare insert, p99, {name}", p99_act / p99_bare, "×", 4.0, f"bare p99 {p99_bare:.1f} ms"
        ),
        Figure(f"desk action, median, {name}", quantile(acts, 0.5) * 1e3, "ms"),
        Figure(f"bare insert, median, {name}", quantile(bare, 0.5) * 1e3, "ms", note="FastAPI and SQLAlchemy"),
    ]


def _await(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The benchmark's server did not come up.")


async def _load(port: int, window_s: float) -> tuple[list[float], list[float]]:
    """Latencies (s) of bare inserts and of actions, each under the same load; both routes are warmed up first."""
    limits = httpx.Limits(max_connections=_OPERATORS)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=30.0) as client:
        warm = _Desk(client, "warm")
        for _ in range(9):
            await warm.bare()
            await warm.act()
        found = []
        for kind in ("bare", "act"):
            desks = [_Desk(client, f"operator-{number:02d}-{kind}") for number in range(_OPERATORS)]
            told = await asyncio.gather(*(_operator(desk, kind, number, window_s) for number, desk in enumerate(desks)))
            found.append([one for some in told for one in some])
    return found[0], found[1]


async def _operator(desk: _Desk, kind: str, number: int, window_s: float) -> list[float]:
    """One operator who acts every so often, from a moment of their own on; late answers do not shift the next ones."""
    begins = time.monotonic() + random.Random(number).uniform(0.0, _EVERY_S)
    latencies = []
    for turn in range(max(1, int(window_s / _EVERY_S))):
        await asyncio.sleep(max(0.0, begins + turn * _EVERY_S - time.monotonic()))
        sent = time.monotonic()
        await (desk.bare() if kind == "bare" else desk.act())
        latencies.append(time.monotonic() - sent)
    return latencies


@dataclass
class _Desk:
    """One operator's walks through cases, one action after another."""

    client: httpx.AsyncClient
    name: str
    case: str = ""
    place: int = 0

    async def bare(self) -> None:
        """Insert a row."""
        (await self.client.post("/bare", json={"kind": "bare"})).raise_for_status()

    async def act(self) -> None:
        """The next action of this desk's case; the first of a new one when it is over."""
        kind, step, role, payload = _WALK[self.place]
        if "blank" in payload:
            payload = {"blank": f"BB-{next(_blanks):06d}"}
        actor = f"{self.name}-{role}" if role else "bench"
        asked = {
            "actor": actor,
            "role": role,
            "kind": kind,
            "key": f"{self.name}-{next(_keys):012d}",
            "case": self.case,
            "step": step,
            "payload": payload,
        }
        answer = await self.client.post("/act", json=asked)
        answer.raise_for_status()
        self.place = (self.place + 1) % len(_WALK)
        self.case = answer.json()["case"] if self.place else ""


_keys, _blanks = itertools.count(), itertools.count()
_WALK: tuple[tuple[str, str | None, str, dict[str, Any]], ...] = (
    ("case.open", None, "operator", {"service": "records_certificate"}),
    ("step.take", "accept", "operator", {}),
    ("step.complete", "accept", "operator", {"documents": ["identity"], "consent": ["persons"]}),
    ("register.answered", None, "", {"register": "persons", "found": True}),
    ("fee.paid", None, "", {"payment": "bench", "purpose": "records_certificate", "amount_tenge": 1081}),
    ("step.take", "produce", "document_issuer", {}),
    ("step.complete", "produce", "document_issuer", {"blank": ""}),
    ("step.take", "hand_over", "operator", {}),
    ("step.complete", "hand_over", "operator", {"signature": "0" * 64}),
)


def _queries(database: Database, name: str, cases: int) -> list[Figure]:
    now = datetime.now(UTC)
    with database.reading() as transaction:
        rows = transaction.execute(select(Case.id, Case.number).order_by(Case.id.desc()).limit(400)).all()
    chance = random.Random(1)
    asked: dict[str, Callable[[Any], object]] = {
        "who delayed this": lambda transaction: who_delayed(transaction, chance.choice(rows)[0], now),
        "the board": lambda transaction: board(transaction, now),
        "a search": lambda transaction: search(
            transaction,
            chance.choice(
                [
                    Search(number=chance.choice(rows)[1][:-2]),
                    Search(status="open"),
                    Search(service="records_certificate", opened_before=now),
                ]
            ),
        ),
    }
    figures = []
    for title, query in asked.items():
        taken = []
        for _ in range(60):
            began = time.monotonic()
            with database.reading() as transaction:
                query(transaction)
            taken.append((time.monotonic() - began) * 1e3)
        note = f"{cases:,} cases stored, 60 times, median {quantile(taken, 0.5):.1f} ms"
        figures.append(at_most(f"{title}, p95, {name}", quantile(taken, 0.95), "ms", _LIMIT_MS, note))
    return figures
