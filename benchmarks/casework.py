"""Casework: a desk action under 60 simultaneous operators against a bare insert, and three pages over many cases."""

from __future__ import annotations

import asyncio
import random
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import select, text

from benchmarks import desk_server
from benchmarks.clerk import Clerk
from benchmarks.desk_server import LOGINS, OPERATORS, numbers, settings_of
from benchmarks.figures import Figure, at_most, quantile
from benchmarks.outside import Outside
from benchmarks.postgres import running_postgresql
from benchmarks.recordings import ROOT
from center.casework import bulk
from center.casework.actions import clock_turn
from center.casework.tables import Case
from center.commands.demo import staff
from center.database import Database
from messages import site as survey

_EVERY_S = 5.0
_LIMIT_MS = 100.0
_ASKED = 200
_WARM = 10
_READY_S = 120.0

Act = Callable[[], Awaitable[float]]


def measure(folder: Path, cases: int, window_s: float) -> list[Figure]:
    """The figures on SQLite, and on PostgreSQL where it is installed."""
    sqlite, postgresql = folder / "sqlite", folder / "postgresql"
    for own in (sqlite, postgresql):
        own.mkdir(parents=True, exist_ok=True)
    figures = _on(f"sqlite:///{sqlite / 'centre.sqlite3'}", sqlite, "SQLite", cases, window_s)
    with running_postgresql() as url:
        if url is not None:
            figures += _on(url, postgresql, "PostgreSQL", cases, window_s)
    return figures


def _on(url: str, folder: Path, name: str, cases: int, window_s: float) -> list[Figure]:
    settings = settings_of(url, folder, 0)
    desk_server.found(settings)
    database = Database(url, survey.load(settings.site).centre_id)
    began = time.monotonic()
    bulk.load(database, cases, min(1000, cases // 2), 1, datetime.now(UTC))
    loaded_s = time.monotonic() - began
    if name == "PostgreSQL":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    figures = [Figure(f"cases loaded in bulk, {name}", cases / loaded_s, "cases/s", note=f"{cases:,} cases")]
    # What the clocks have to tell of cases that came all at once is told first: it would be a load of its own.
    while clock_turn.turn(database, datetime.now(UTC)):
        pass
    loaded = _some_cases(database)
    database.close()
    figures += _actions(url, folder, name, window_s)
    with _centre(url, folder) as port:
        figures += asyncio.run(_ask(port, loaded, name))
    return figures


def _actions(url: str, folder: Path, name: str, window_s: float) -> list[Figure]:
    with _serving("benchmarks.bare_server", url) as port:
        bare = asyncio.run(_bare(port, window_s))
    with _centre(url, folder) as port:
        acts = asyncio.run(_acts(port, window_s))
    p99_bare, p99_act = quantile(bare, 0.99) * 1e3, quantile(acts, 0.99) * 1e3
    how = f"{OPERATORS} operators signed in, one action each every {_EVERY_S:g} s, {len(acts)} forms sent"
    return [
        at_most(f"desk action, p99, {name}", p99_act, "ms", 150.0, how),
        at_most(
            f"desk action to bare insert, p99, {name}", p99_act / p99_bare, "×", 4.0, f"bare p99 {p99_bare:.1f} ms"
        ),
        Figure(f"desk action, median, {name}", quantile(acts, 0.5) * 1e3, "ms"),
        Figure(f"bare insert, median, {name}", quantile(bare, 0.5) * 1e3, "ms", note="FastAPI and SQLAlchemy"),
    ]


@contextmanager
def _centre(url: str, folder: Path) -> Iterator[int]:
    """The centre with what answers it outside; the port of its pages."""
    ports = _free_port(), _free_port()
    with ExitStack() as stack:
        for command in Outside(folder, *ports).commands():
            system = subprocess.Popen([sys.executable, *command], cwd=ROOT)
            stack.callback(_end, system)
        yield stack.enter_context(_serving("benchmarks.desk_server", url, str(folder), *map(str, ports)))


@contextmanager
def _serving(program: str, *arguments: str) -> Iterator[int]:
    """A server of the benchmark's own; the port at which it answers."""
    port = _free_port()
    server = subprocess.Popen([sys.executable, "-m", program, *arguments, str(port)], cwd=ROOT)
    try:
        _await(port, server)
        yield port
    finally:
        _end(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(30)


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_S
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The benchmark's server did not come up.")


async def _bare(port: int, window_s: float) -> list[float]:
    """Latencies (s) of bare inserts."""

    def insert(client: httpx.AsyncClient) -> Act:
        async def act() -> float:
            began = time.monotonic()
            (await client.post("/bare", json={"kind": "bare"})).raise_for_status()
            return time.monotonic() - began

        return act

    async with AsyncExitStack() as stack:
        desks = [await stack.enter_async_context(_browser(port)) for _ in range(OPERATORS)]
        return await _load([insert(client) for client in desks], window_s)


async def _acts(port: int, window_s: float) -> list[float]:
    """Latencies (s) of desk actions by signed-in operators."""
    applicants = iter(numbers("0109299", OPERATORS * (2 + round(window_s / _EVERY_S))))
    async with AsyncExitStack() as stack:
        clerks = [Clerk(await stack.enter_async_context(_browser(port)), login, applicants) for login in LOGINS]
        for number, clerk in enumerate(clerks):
            await clerk.sign_in()
            # Desks are at different points of their cases: in step, all would do the same heavy thing at once.
            for _ in range(number % 4):
                await clerk.act()
        return await _load([clerk.act for clerk in clerks], window_s)


def _browser(port: int) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://localhost:{port}", timeout=30.0)


async def _load(acts: Sequence[Act], window_s: float) -> list[float]:
    """One action of each every so often, once all routes are warm; each desk begins at a moment of its own."""
    for act in acts[:4]:
        for _ in range(4):
            await act()
    told = await asyncio.gather(*(_at_a_desk(act, number, window_s) for number, act in enumerate(acts)))
    return [one for some in told for one in some]


async def _at_a_desk(act: Act, number: int, window_s: float) -> list[float]:
    """Late answers do not shift the next actions."""
    begins = time.monotonic() + random.Random(number).uniform(0.0, _EVERY_S)
    latencies = []
    for turn in range(max(1, int(window_s / _EVERY_S))):
        await asyncio.sleep(max(0.0, begins + turn * _EVERY_S - time.monotonic()))
        latencies.append(await act())
    return latencies


async def _ask(port: int, cases: Sequence[tuple[str, str]], name: str) -> list[Figure]:
    """How long a signed-in supervisor waits for three pages; one that is refused breaks this off."""
    chance = random.Random(1)
    searches = (
        lambda: {"number": chance.choice(cases)[1][:-2]},
        lambda: {"status": "open"},
        lambda: {"service": "records_certificate"},
    )
    pages: dict[str, Callable[[], tuple[str, dict[str, str]]]] = {
        "who delayed this": lambda: (f"/cases/{chance.choice(cases)[0]}", {}),
        "the board": lambda: ("/board", {}),
        "a search": lambda: ("/cases", chance.choice(searches)()),
    }
    async with _browser(port) as client:
        await Clerk(client, staff.SUPERVISOR.login, iter(())).sign_in("/board")
        return [await _page(client, f"{title}, p99, {name}", page) for title, page in pages.items()]


async def _page(client: httpx.AsyncClient, title: str, page: Callable[[], tuple[str, dict[str, str]]]) -> Figure:
    taken = []
    for turn in range(_WARM + _ASKED):
        path, asked = page()
        began = time.monotonic()
        answer = await client.get(path, params=asked)
        took_ms = (time.monotonic() - began) * 1e3
        if answer.status_code != httpx.codes.OK:
            raise RuntimeError(f"{answer.request.url} answers {answer.status_code}.")
        taken += [took_ms] if turn >= _WARM else []
    note = f"the whole page, asked {_ASKED} times, median {quantile(taken, 0.5):.1f} ms"
    return at_most(title, quantile(taken, 0.99), "ms", _LIMIT_MS, note)


def _some_cases(database: Database) -> list[tuple[str, str]]:
    """Id and number of the last that were stored."""
    with database.reading() as transaction:
        rows = transaction.execute(select(Case.id, Case.number).order_by(Case.id.desc()).limit(400)).all()
    return [(case_id, number) for case_id, number in rows]
