"""A draft is forgotten when its time is over and not up to an hour later, also where the centre was down."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from center.casework.drafts.actions import at_home
from center.casework.drafts.forgetting_worker import ForgettingWorker
from center.casework.drafts.office import DraftOffice
from center.clock import Clock as CentreClock
from center.clock import nanoseconds
from messages.clock import TimeScale
from tests.center.casework.drafts.home import HERE, begin, office
from tests.center.casework.queue.halls import Clock, clock, hall

__all__ = ["clock", "hall", "office"]


def _worker(office: DraftOffice, clock: Clock, rate: float = 1.0) -> ForgettingWorker:
    scale = TimeScale(nanoseconds(clock.now()), nanoseconds(clock.now()), rate)
    shown = CentreClock(scale, lambda: scale.machine_ns_at(nanoseconds(clock.now())))
    return ForgettingWorker(office.hall.database, office.vault, shown)


def _state(office: DraftOffice, code: str) -> str:
    return at_home.look(office, code, HERE).facts.state


@pytest.mark.parametrize("rate", [1.0, 60.0])
def test_the_worker_wakes_when_the_next_draft_ends(office: DraftOffice, clock: Clock, rate: float) -> None:
    worker = _worker(office, clock, rate)
    assert worker.turn() == 3600.0 / rate
    code = begin(office)
    ends_at = at_home.look(office, code, HERE).facts.expires_at
    clock.at = ends_at - timedelta(minutes=10)
    assert worker.turn() == pytest.approx(600.0 / rate, abs=0.01)
    assert _state(office, code) == "open"
    clock.at = ends_at
    assert worker.turn() == 3600.0 / rate
    assert _state(office, code) == "forgotten"


def test_long_before_the_next_end_it_looks_each_hour(office: DraftOffice, clock: Clock) -> None:
    begin(office)
    assert _worker(office, clock).turn() == 3600.0


def test_what_ended_while_the_centre_was_down_is_forgotten_at_its_start(office: DraftOffice, clock: Clock) -> None:
    code = begin(office)
    clock.goes_on(days=30)
    worker = _worker(office, clock)
    worker.start()
    deadline = time.monotonic() + 20
    while _state(office, code) == "open" and time.monotonic() < deadline:
        time.sleep(0.02)
    worker.stop()
    assert _state(office, code) == "forgotten"
