"""The embedded broker, of either kind, knows its users, keeps to their topics, and dies with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from center.commands.broker import EmbeddedBroker, embed
from messages import topics
from messages.broker import BrokerAddress

CENTRE = "sarytau-1"


@pytest.fixture(params=["mosquitto", "nats-server"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmbeddedBroker]:
    made = embed(tmp_path / "broker", CENTRE, ["car-1", "car-2"], prefer=request.param)
    assert made.name == request.param
    made.start()
    yield made
    made.stop()


class _Client:
    def __init__(self, broker: EmbeddedBroker, user: str, *filters: str) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._client = BrokerAddress.parse(broker.url(user)).new_client(f"test-{user}")
        self._client.on_message = self._hear
        answered = threading.Semaphore(0)
        self._client.on_connect = lambda *_: answered.release()
        self._client.on_subscribe = lambda *_: answered.release()
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        assert answered.acquire(timeout=10)
        for one in filters:
            self._client.subscribe(one, qos=1)
            assert answered.acquire(timeout=10)

    def _hear(self, _client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload)))

    def publish(self, topic: str, payload: bytes) -> None:
        self._client.publish(topic, payload, qos=1)
        time.sleep(0.3)

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def test_each_user_keeps_to_its_topics(broker: EmbeddedBroker) -> None:
    centre = _Client(broker, "centre", topics.everything_of(CENTRE))
    own = topics.device_topic(CENTRE, "car-1", "car-1-can", "car_state")
    gateway = _Client(broker, "car-1", topics.acknowledgements_of(CENTRE, "car-1"), topics.control_topic(CENTRE))
    spy = _Client(broker, "car-2", topics.everything_of(CENTRE))
    gateway.publish(own, b"true")
    centre.publish(topics.device_topic(CENTRE, "car-1", "car-1-can", "ack"), b"7")
    centre.publish(topics.control_topic(CENTRE), b"stop")
    gateway.publish(topics.device_topic(CENTRE, "car-2", "car-2-can", "car_state"), b"forged")
    time.sleep(1.5)
    assert (own, b"true") in centre.heard
    assert b"forged" not in [payload for _, payload in centre.heard]
    assert {payload for _, payload in gateway.heard} >= {b"7", b"stop"}
    assert {payload for _, payload in spy.heard} <= {b"stop"}
    for client in (centre, gateway, spy):
        client.leave()


def test_a_wrong_password_is_refused(broker: EmbeddedBroker) -> None:
    client = BrokerAddress("127.0.0.1", broker.port, "centre", "wrong").new_client("stranger")
    answers: list[bool] = []
    client.on_connect = lambda _client, _userdata, _flags, reason, _properties: answers.append(reason.is_failure)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    time.sleep(1.0)
    client.loop_stop()
    assert answers in ([True], [])


def test_it_listens_on_loopback_only_and_its_secrets_are_its_own(broker: EmbeddedBroker) -> None:
    for name in ("conf", "passwords", "acl"):
        path = broker.folder / name
        if path.exists():
            assert path.stat().st_mode & 0o077 == 0, name
    assert "0.0.0.0" not in (broker.folder / "conf").read_text()


def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from center.commands.broker import embed;"
        "b = embed(Path(sys.argv[1]), 'sarytau-1', ['car-1']); b.start();"
        "print(b.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "b")], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and _is_alive(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
