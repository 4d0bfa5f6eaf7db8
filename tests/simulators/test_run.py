"""The running simulators: cars on pseudo-terminals, controllers over a real broker, requests on stdin."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest
import serial

from messages import codec, keys, topics
from messages.broker import BrokerAddress
from messages.chain import Chain
from messages.clock import TimeScale
from messages.readings import Acknowledgement, ExamAction, ExamControl, TrafficLight
from tests.center.driving_track.ingest.rig import wait_for
from tests.services.mosquitto import StartMosquitto

CENTRE = "sarytau-1"
GATEWAYS = ["track-west", "track-east", "track-north"]
RATE = 20.0
NINE_NS = 1_776_135_600_000_000_000


class Running:
    """The process, what it says, and what its cars and controllers write."""

    def __init__(self, folder: Path, broker: Any) -> None:
        self.folder = folder
        (folder / "keys").mkdir()
        for gateway in GATEWAYS:
            (folder / "keys" / f"{gateway}.password").write_text(broker.password_of[gateway])
        self.heard: list[Any] = []
        self._chain = Chain(CENTRE, topics.CENTRE_DEVICE, "boot", keys.make())
        self._client = BrokerAddress.parse(broker.url()).new_client("centre")
        self._client.on_message = self._hear
        self._client.connect(broker.host, broker.port)
        self._client.subscribe(topics.everything_of(CENTRE), qos=1)
        self._client.loop_start()
        arguments = ["run", "--broker", f"mqtt://{broker.host}:{broker.port}", "--state", folder / "state"]
        arguments += ["--keys", folder / "keys", "--tty-dir", folder / "tty"]
        arguments += ["--time-scale", str(TimeScale(NINE_NS, time.time_ns(), RATE))]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulators", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said: Queue[dict[str, Any]] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, **request: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def order(self, action: ExamAction, exam_id: str = "exam") -> None:
        payload = self._chain.stamp(NINE_NS, ExamControl(exam_id, action, "car-1"))[1]
        self._client.publish(topics.control_topic(CENTRE), payload, qos=1)

    def says(self, key: str, within_s: float = 30.0) -> dict[str, Any]:
        deadline = time.monotonic() + within_s
        while True:
            try:
                said = self._said.get(timeout=max(0.01, deadline - time.monotonic()))
            except Empty:
                pytest.fail(f"the simulators did not say {key!r} within {within_s} s")
            if key in said:
                return said

    def bodies(self, kind: type[Any]) -> list[Any]:
        return [envelope.body for envelope in list(self.heard) if isinstance(envelope.body, kind)]

    def end(self) -> int:
        self.ask(stop=True)
        code = self._process.wait(timeout=20)
        self._client.loop_stop()
        self._client.disconnect()
        return code

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(json.loads(line))

    def _hear(self, client: Any, userdata: Any, message: Any) -> None:
        parts = topics.parts_of(message.topic)
        if parts is None or parts[3] in ("ack", "lost_link") or parts[1] == topics.CENTRE_GATEWAY:
            return
        envelope = codec.decode(message.payload)
        self.heard.append(envelope)
        word = Acknowledgement(envelope.device_id, envelope.boot_id, envelope.seq)
        client.publish(topics.device_topic(CENTRE, parts[1], parts[2], "ack"), codec.encode(word), qos=1)


@pytest.fixture
def running(tmp_path: Path, start_mosquitto: StartMosquitto) -> Iterator[Running]:
    one = Running(tmp_path, start_mosquitto(gateways=GATEWAYS, centre_id=CENTRE))
    one.says("ready")
    # A controller that is heard listens to orders too.
    wait_for(lambda: {envelope.device_id for envelope in list(one.heard)} >= set(GATEWAYS), 30.0)
    yield one
    assert one.end() == 0


def test_a_parked_car_streams_and_every_element_is_announced(running: Running) -> None:
    with (
        serial.Serial(str(running.folder / "tty" / "car-1-gnss"), timeout=5) as receiver,
        serial.Serial(str(running.folder / "tty" / "car-2-can"), timeout=5) as bus,
    ):
        assert receiver.read_until(b"GNGGA").endswith(b"GNGGA")
        assert bus.read_until(b"\rt120").endswith(b"\rt120")
    deadline = time.monotonic() + 10
    while len({(one.device_id, getattr(one.body, "element_id", "")) for one in running.heard}) < 22:
        assert time.monotonic() < deadline, "not every element was heard of"
        time.sleep(0.05)


def test_a_drive_waits_for_the_start_order_and_ends(running: Running) -> None:
    running.ask(drive="speed_section_slow", car="car-1", seed=3, exam_id="exam")
    driving = running.says("driving")
    assert driving["expected"]["faults"] == [{"rule": "speed_section_slow", "exercise": "speed-section", "times": 1}]
    running.ask(drive="clean", car="car-2")
    assert "track is taken" in running.says("refused")["refused"]
    running.order(ExamAction.CALL)
    running.order(ExamAction.START)
    finished = running.says("finished")
    assert finished["exam_id"] == "exam"


def test_a_stop_order_ends_the_drive(running: Running) -> None:
    running.ask(drive="clean", car="car-1", exam_id="exam")
    running.says("driving")
    running.order(ExamAction.START)
    time.sleep(0.5)
    running.order(ExamAction.SAFETY_STOP)
    running.says("stopped")


def test_a_candidate_who_is_called_off_leaves_the_track(running: Running) -> None:
    running.ask(drive="clean", car="car-1")
    running.says("driving")
    running.order(ExamAction.CALL)
    running.order(ExamAction.STOP, "an earlier one, said again")
    running.order(ExamAction.STOP)
    running.says("stopped")
    running.ask(drive="clean", car="car-1")
    running.says("driving")


def test_what_is_broken_is_silent_until_it_is_mended(running: Running) -> None:
    running.ask(**{"break": {"device": "light-rail"}})
    assert running.says("broken")["broken"] == "light-rail"
    time.sleep(0.3)
    before = sum(one.element_id == "light-rail" for one in running.bodies(TrafficLight))
    time.sleep(1.0)
    assert sum(one.element_id == "light-rail" for one in running.bodies(TrafficLight)) == before
    running.ask(mend={"device": "light-rail"})
    running.says("mended")
    time.sleep(1.0)
    assert sum(one.element_id == "light-rail" for one in running.bodies(TrafficLight)) > before


def test_what_cannot_be_done_is_refused_with_a_reason(running: Running) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"drive": "nowhere"}, "cannot be read"),
        ({"break": {"device": "moon"}}, "moon"),
        ({"break": {"device": "beam-zebra", "fault": "float"}}, "silent, stuck, blind and blocked"),
        ({"drive": "clean", "stop": True}, "exactly one"),
        ({"dance": 1}, "unknown field"),
    ]
    for request, reason in refused:
        running.ask(**request)
        assert reason in running.says("refused")["refused"]
