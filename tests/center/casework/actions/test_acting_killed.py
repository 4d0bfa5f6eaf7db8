"""Killed at any moment: what was told as done is stored, and what is asked again is done once."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

import pytest

from center.casework import queries
from center.casework.actions.acting import act
from center.casework.actions.refolding import refold
from center.casework.case import CaseState, CaseStatus
from center.casework.commands import CaseCommand, Who
from center.database import Database
from center.journal.chain import verify
from center.journal.worker import ChainWorker
from tests.center.casework.sample_cases import AKBOTA, MORNING, WALK, command
from tests.sampling import SEED, sample

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.center.casework.actions.test_acting_killed"])
_serials = itertools.count(1)


def serve(url: str, centre_id: str, requests: Connection) -> None:
    """The server: each request is one action in one transaction, and the journal is chained all the while."""
    database = Database(url, centre_id)
    worker = ChainWorker(database, every_s=0.005)
    worker.start()
    while True:
        who, asked, at = requests.recv()
        with database.writing() as transaction:
            state = act(transaction, who, asked, at)
        requests.send(state)


class Server:
    """A server process that can be killed and started again on the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._process: ForkServerProcess | None = None
        self.start()

    def start(self) -> None:
        """A new process."""
        self._requests, theirs = _CONTEXT.Pipe()
        url = self._database.engine.url.render_as_string(hide_password=False)
        self._process = _CONTEXT.Process(target=serve, args=(url, self._database.centre_id, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, who: Who, asked: CaseCommand, at: datetime) -> CaseState:
        """One request and its answer."""
        self._requests.send((who, asked, at))
        state = self._requests.recv()
        assert isinstance(state, CaseState)
        return state

    def ask_and_kill(self, who: Who, asked: CaseCommand, at: datetime, after_s: float) -> CaseState | None:
        """One request, kill -9 so long after; the answer if it still came."""
        self._requests.send((who, asked, at))
        time.sleep(after_s)
        self.kill()
        try:
            return self._requests.recv() if self._requests.poll() else None
        except (EOFError, ConnectionResetError):
            return None

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()


@pytest.fixture
def server(stocked_centre: Database) -> Iterator[Server]:
    started = Server(stocked_centre)
    yield started
    started.kill()


@pytest.mark.parametrize("moment", sample(range(200), 2, name="moments of a kill between actions of a case"))
def test_a_kill_loses_nothing_and_does_nothing_twice(stocked_centre: Database, server: Server, moment: int) -> None:
    chance = random.Random(f"{SEED}:{moment}")
    at = MORNING
    opening = command("case.open", service="records_certificate")
    server.ask(AKBOTA, replace(opening, client_key=opening.client_key + "-warm"), at)
    plan = [(AKBOTA, opening, 0), *_walk_plan()]
    hit = moment % len(plan)
    state: CaseState | None = None
    for place, (who, asked, minutes) in enumerate(plan):
        at += timedelta(minutes=minutes)
        asked = asked if state is None else replace(asked, case_id=state.case_id)
        if place == hit:
            told = server.ask_and_kill(who, asked, at, chance.choice([0.0, chance.uniform(0.0, 0.03)]))
            if told is not None:
                with stocked_centre.reading() as transaction:
                    assert queries.case_state(transaction, told.case_id) == told
            server.start()
        state = server.ask(who, asked, at)
        assert state.ordinal == place + 1
    assert state is not None
    assert state.status is CaseStatus.COMPLETED
    with stocked_centre.reading() as transaction:
        assert queries.case_state(transaction, state.case_id) == state
        assert verify(transaction).faults == ()
    assert refold(stocked_centre, at).changed == 0


def _walk_plan() -> list[tuple[Who, CaseCommand, int]]:
    serial = f"AA-{next(_serials):06d}"
    return [
        (who, command(kind, "", step, **({**payload, "blank": serial} if "blank" in payload else payload)), minutes)
        for who, kind, step, payload, minutes in WALK
    ]
