"""A listed sample of scenarios from the twins' bytes through gateway, Mosquitto and centre, as each must come out."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from center.commands.broker import EmbeddedBroker
from center.commands.demo.flow import Examiner, Result
from center.commands.demo.scenarios import cars_of
from center.commands.demo.simulators import Simulators
from center.commands.demo.world import ROOT, World
from center.driving_track import queries
from center.driving_track.ingest.segments import Place, since
from messages import codec
from messages import site as sites
from messages.outbox_segments import Stored, records_in
from messages.readings import Gap
from simulators import scenario
from tests.sampling import SOAK, sample
from tests.services.missing import missing_service
from tests.services.processes import find_program

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(600)]
RATE = 60.0
"""At most: the demo's clock waits for whoever is behind."""

# Together: both cars' receivers and buses, the three track controllers, and all twelve exercises.
ON_SQLITE = ("clean",)
ON_POSTGRESQL = ("box_line", "hill_rolls_back_150_mm")
WITH_THE_OTHER_CAR = ("clean_niva",)
# Short, and each with a fault that is charged.
IN_REAL_TIME = ("hill_rolls_back_150_mm", "rail_not_stopped", "finish_no_handbrake", "emergency_late", "red_light",
                "pedestrian_ignored", "snake_line_63_mm_left", "box_line")  # fmt: skip


@contextmanager
def world(
    *scenarios: str, rate: float = RATE, database_url: str = "", lock_step: bool = True
) -> Iterator[tuple[World, Examiner]]:
    """Everything that the demo starts for these scenarios, with an examiner."""
    with World(rate, database_url=database_url, lock_step=lock_step, cars=cars_of(scenarios)) as started:
        assert started.simulators is not None
        examiner = Examiner(started.settings, started.site, Simulators(started.simulators), lambda _: None)
        try:
            yield started, examiner
        except BaseException:
            print(started.logs())
            raise
        finally:
            examiner.close()


@pytest.fixture(autouse=True)
def _real_mosquitto() -> None:
    if find_program("mosquitto") is None:
        missing_service("mosquitto")


def _assert_as_expected(started: World, result: Result) -> None:
    """As the scenario says, and ``center score`` gives the very bytes again."""
    assert isinstance(started.broker, EmbeddedBroker)
    assert started.broker.name == "mosquitto"
    assert result.differences == []
    assert result.recording is not None
    command = [sys.executable, "-m", "center", "score", str(result.recording), "--json"]
    again = [subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=120).stdout for _ in range(2)]
    assert again[0] == again[1]
    assert hashlib.sha256(again[0].removesuffix(b"\n")).hexdigest() == result.exam.sheet_sha256


def test_the_listed_scenarios_cover_every_device_and_every_exercise() -> None:
    site = sites.load(ROOT / "sites" / "sarytau")
    order = [one.id for one in site.route.exercises]
    driven, cars = set(), set()
    for name in (*ON_SQLITE, *ON_POSTGRESQL, *WITH_THE_OTHER_CAR):
        plan = scenario.load(name)
        first = order.index(plan.first_exercise) if plan.first_exercise else 0
        last = order.index(plan.last_exercise) if plan.last_exercise else len(order) - 1
        driven |= set(order[first : last + 1])
        cars.add(plan.car)
    assert driven == set(order)
    assert cars == {car.id for car in site.cars}
    # Every exam hears every track controller (readiness.exam_devices), and a car its own receiver and bus.


@pytest.mark.parametrize("name", ON_SQLITE)
def test_a_scenario_comes_out_as_it_must_on_sqlite(name: str) -> None:
    with world(name) as (started, examiner):
        _assert_as_expected(started, examiner.examine(name, "Айгерім Сәрсенова"))


def test_scenarios_come_out_as_they_must_on_postgresql(empty_postgresql_url: str) -> None:
    names = (*ON_POSTGRESQL, *(WITH_THE_OTHER_CAR if SOAK else ()))
    with world(*names, database_url=empty_postgresql_url) as (started, examiner):
        for name in names:
            _assert_as_expected(started, examiner.examine(name, "Denis Orlov"))


@pytest.mark.parametrize("name", sample(IN_REAL_TIME, 1, name="scenarios in real time"))
def test_in_real_time_and_sixty_times_as_fast_every_finding_is_the_same(name: str) -> None:
    """The slow one sleeps nearly all the time, so they run side by side."""
    with ThreadPoolExecutor() as threads:
        slow, fast = threads.map(_examined_at, ("1", "60"), (name, name))
    assert slow == fast
    assert any(charged for *_, charged in slow[2])


def _examined_at(rate: str, name: str) -> tuple[str, int, list[tuple[Any, ...]]]:
    words = ["demo", "--headless", "--rate", rate, "--scenario", name, "--json"]
    told = subprocess.run([sys.executable, "-m", "center", *words], cwd=ROOT, capture_output=True, timeout=300)
    assert told.returncode == 0, told.stdout + told.stderr
    exam = json.loads(told.stdout)
    found = [(one["rule"], one["exercise"], one["outcome"], one["charged"]) for one in exam["findings"]]
    return exam["verdict"], exam["points"], sorted(found, key=str)


def test_a_killed_gateway_loses_nothing_that_it_had_kept_and_tells_the_gap() -> None:
    """Three seconds of the bus and of the receiver unread: by the pack's rule of that gap the attempt is void."""
    with world("box_line", rate=4.0, lock_step=False) as (started, examiner):  # real lines: what nobody reads is lost
        kept: list[Stored] = []
        done = threading.Event()
        killing = threading.Thread(target=_kill_gateway, args=(started, examiner, kept, done), daemon=True)
        killing.start()
        result = examiner.examine("box_line", "Tomás Rivera")
        assert kept
        _wait_for(lambda: not {one.payload for one in kept} - _arrived(started))
        done.set()
        killing.join()
        log = list(since(started.settings.intake, Place("", 0)))
        bodies = [codec.decode(one.payload) for one in log]
        gaps = [one for one in bodies if isinstance(one.body, Gap) and one.body.reason == "restarted"]
        assert {one.device_id for one in gaps} == {"car-1-gnss", "car-1-can"}
        last_kept = {device: max(one.source_time_ns for one in kept if _device_of(one) == device)
                     for device in ("car-1-gnss", "car-1-can")}  # fmt: skip
        for gap in gaps:
            assert isinstance(gap.body, Gap)
            assert gap.body.since_ns == last_kept[gap.device_id]
        longest_s = max((one.body.until_ns - one.body.since_ns) / 1e9 for one in gaps if isinstance(one.body, Gap))
        assert longest_s > 3.0
        assert result.exam.verdict == "void"
        assert result.exam.verdict_reason in ("void:satellite", "void:car_bus")


def _kill_gateway(started: World, examiner: Examiner, kept: list[Stored], done: threading.Event) -> None:
    """Once the exam has run for a while; then read what it leaves behind, and start it again.

    A child of the demo dies with the thread that started it, which therefore stays.
    """
    gateway = _child(started, str(started.folder / "car-1.yaml"))
    clock = started.settings.clock
    _wait_for(lambda: _running_for(examiner) > 15.0)
    os.kill(gateway.pid, signal.SIGKILL)
    gateway.wait()
    for path in sorted((started.folder / "outbox" / "car-1").rglob("*.segment")):
        kept += [stored for _, stored in records_in(path.read_bytes(), path.name.split(".")[1])]
    killed_ns = clock.now_ns()
    _wait_for(lambda: clock.now_ns() > killed_ns + 6_000_000_000)
    started.children.spawn("car-1", ["sensors", "run", str(started.folder / "car-1.yaml")])
    done.wait()


def _arrived(started: World) -> set[bytes]:
    return {message.payload for message in since(started.settings.intake, Place("", 0))}


def _child(started: World, argument: str) -> subprocess.Popen[bytes]:
    return next(one for one in started.children if argument in list(map(str, one.args)))  # type: ignore[arg-type]


def _running_for(examiner: Examiner) -> float:
    """Seconds of the exam's own time since the start signal; 0 before."""
    with examiner._database.reading() as transaction:
        exams = queries.exams(transaction, limit=1)
    if not exams or exams[0].started_at is None:
        return 0.0
    return (examiner._settings.clock.now() - exams[0].started_at).total_seconds()


def _device_of(stored: Stored) -> str:
    return codec.decode_head(stored.payload).device_id


def _wait_for(what: Callable[[], bool], within_s: float = 60.0) -> None:
    deadline = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)
