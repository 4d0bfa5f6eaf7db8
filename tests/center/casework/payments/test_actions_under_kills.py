"""kill -9 of centre, gateway or registers at any moment of a payment: no case lost, no fee taken twice."""

from __future__ import annotations

import contextlib
import random
import signal
import threading
import time
from collections.abc import Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx
import pytest

from center.casework.case import StepStatus
from center.casework.payments import queries
from center.casework.payments.callbacks import IntentState
from center.casework.queries import case_state
from center.casework.registers import queries as register_queries
from center.casework.registers.actions.asking import ask, close_interrupted
from center.clock import Clock
from center.database import Database
from center.journal.chain import chain_new_entries, verify
from messages.clock import TimeScale
from tests.center.casework.payments.centre_process import (
    PROCESSES,
    Fall,
    Place,
    inquiry,
    open_vault,
    payment_office,
    register_office,
    serve,
)
from tests.center.casework.payments.offices import charges, money_kinds
from tests.center.casework.sample_cases import open_case, walk
from tests.sampling import SEED, sample
from tests.services.outside_systems import OutsideSystem
from tests.services.processes import free_port

_source = random.Random(f"{SEED}:kills in a payment")
VICTIMS = ("centre", "gateway", "registers")
MOMENTS = [(VICTIMS[number % 3], round(_source.uniform(0.0, 0.5), 3)) for number in range(150)]
"""Who is killed, and how many seconds after the operator's click."""
CHOSEN = [
    moment
    for victim in VICTIMS
    for moment in sample([one for one in MOMENTS if one[0] == victim], 1, name=f"kill -9 of the {victim} in a payment")
]
FALLS = [*(Fall("call-back", event) for event in range(23)), *(Fall("answer", event) for event in range(27))]
"""A call-back takes 23 events on both databases, from its first statement until the connection is back."""
_WITHIN_S = 150.0


class Scene:
    """One case before its payment, with everything around it."""

    def __init__(self, database: Database, folder: Path, systems: dict[str, OutsideSystem]) -> None:
        self.database = database
        self.systems = systems
        self.case_id = walk(database, open_case(database), 2).case_id
        self.vault = open_vault(folder, database.centre_id)
        urls = {name: system.url for name, system in systems.items()}
        self._place = Place(
            database.engine.url.render_as_string(hide_password=False),
            database.centre_id,
            folder,
            urls["gateway"],
            urls["registers"],
            free_port(),
            self.case_id,
        )
        self.payments = payment_office(database, urls["gateway"], self._place.port)
        self._centre: ForkServerProcess | None = None
        self._over = threading.Event()
        self._payer = threading.Thread(target=self._pay, daemon=True)

    def start_centre(self, fall: Fall | None = None) -> None:
        up, theirs = PROCESSES.Pipe(duplex=False)
        self._centre = PROCESSES.Process(target=serve, args=(self._place, theirs, fall), daemon=True)
        self._centre.start()
        theirs.close()
        assert up.recv() == "up"

    def kill_and_restart(self, victim: str) -> None:
        if victim == "centre":
            self._kill_centre()
            self.start_centre()
        else:
            self.systems[victim].kill()
            self.systems[victim].start()

    def wait_until_fallen(self) -> int | None:
        assert self._centre is not None
        self._centre.join(_WITHIN_S)
        return self._centre.exitcode

    def payer_begins(self) -> None:
        self._payer.start()

    def wait_until_paid(self) -> None:
        deadline = time.monotonic() + _WITHIN_S
        while not self._is_paid():
            assert time.monotonic() < deadline, self._intents()
            time.sleep(0.05)

    def close(self) -> None:
        self._over.set()
        if self._centre is not None:
            self._kill_centre()
        self.vault.close()

    def _kill_centre(self) -> None:
        assert self._centre is not None
        self._centre.kill()
        self._centre.join()

    def _intents(self) -> list[queries.IntentFacts]:
        with self.database.reading() as transaction:
            return queries.of_case(transaction, self.case_id)

    def _is_paid(self) -> bool:
        return any(one.state is IntentState.PAID for one in self._intents())

    def _pay(self) -> None:
        """The payer clicks twice as soon as there is something to pay, and again while nobody says that it was paid."""
        with httpx.Client(timeout=2.0) as browser:
            while not self._over.wait(0.05) and not self._is_paid():
                for one in self._intents():
                    for _ in range(2):
                        with contextlib.suppress(httpx.HTTPError, httpx.UnsupportedProtocol):
                            browser.post(one.pay_url or "")


@pytest.fixture
def scene(own_centre: Database, tmp_path: Path, gateway: OutsideSystem, registers: OutsideSystem) -> Iterator[Scene]:
    opened = Scene(own_centre, tmp_path, {"gateway": gateway, "registers": registers})
    yield opened
    opened.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("victim", "moment_s"), CHOSEN)
def test_a_fee_is_taken_once_and_the_case_goes_on(
    scene: Scene, gateway: OutsideSystem, victim: str, moment_s: float
) -> None:
    scene.start_centre()
    scene.payer_begins()
    time.sleep(moment_s)
    scene.kill_and_restart(victim)
    scene.wait_until_paid()
    _assert_paid_once(scene, gateway)
    _assert_the_register_is_known_or_silent(scene)
    _assert_the_journal_holds(scene.database)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("fall", sample(FALLS, 2, name="kill -9 of the centre that was told of the payment"), ids=str)
def test_a_fee_that_the_gateway_has_taken_is_claimed_after_a_kill(
    scene: Scene, gateway: OutsideSystem, fall: Fall
) -> None:
    scene.start_centre(fall)
    scene.payer_begins()
    assert scene.wait_until_fallen() == -signal.SIGKILL
    with scene.database.reading() as transaction:
        (intent,) = queries.of_case(transaction, scene.case_id)
    assert [one["kind"] for one in charges(gateway, intent)] == ["charge"], "the gateway has taken it"
    if intent.state is not IntentState.PAID:
        assert money_kinds(scene.payments, scene.case_id) == ["fee.asked"]
    scene.start_centre()
    scene.wait_until_paid()
    _assert_paid_once(scene, gateway)
    _assert_the_journal_holds(scene.database)


def _assert_paid_once(scene: Scene, gateway: OutsideSystem) -> None:
    with scene.database.reading() as transaction:
        (intent,) = queries.of_case(transaction, scene.case_id)
        state = case_state(transaction, scene.case_id)
    assert [one["kind"] for one in charges(gateway, intent)] == ["charge"]
    assert state.fees_paid == {"records_certificate": intent.amount_tenge}
    assert money_kinds(scene.payments, scene.case_id) == ["fee.asked", "fee.paid"]
    assert state.steps["pay"] is StepStatus.DONE


def _assert_the_register_is_known_or_silent(scene: Scene) -> None:
    """Every question has an end, and where that is silence the next one is answered."""
    later = Clock(TimeScale(Clock().now_ns() + 120 * 10**9, time.time_ns()))
    office = register_office(scene.database, scene.vault, scene.systems["registers"].url, later)
    deadline = time.monotonic() + 10.0
    while True:
        with scene.database.reading() as transaction:
            reads = register_queries.of_case(transaction, scene.case_id)
        if reads and (reads[-1].outcome != "asked" or time.monotonic() > deadline):
            break
        assert time.monotonic() < deadline, "the operator's second click asks"
        time.sleep(0.05)
    close_interrupted(office)
    with scene.database.reading() as transaction:
        (read,) = register_queries.of_case(transaction, scene.case_id)
    assert read.outcome in ("answered", "silent")
    if read.is_silent:
        assert scene.vault.reveal(f"case:{scene.case_id}") == {} or read.reason == "interrupted"
        assert ask(office, inquiry(scene.case_id, "click-00002")).outcome == "answered"
    with scene.database.reading() as transaction:
        assert case_state(transaction, scene.case_id).steps["ask_persons"] is StepStatus.DONE


def _assert_the_journal_holds(database: Database) -> None:
    with database.writing() as transaction:
        while chain_new_entries(transaction):
            pass
    with database.reading() as transaction:
        assert verify(transaction).faults == ()
