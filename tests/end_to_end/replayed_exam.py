"""Exams as fixed device messages, played through a real broker: every device with its outbox, at the exam's pace."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.client import Client

from center.clock import instant
from center.driving_track.actions import devices
from center.driving_track.actions import exams as actions
from center.driving_track.actions.devices import NewDevice
from center.driving_track.actions.exams import Call
from center.driving_track.queries import ExamFacts
from messages import codec, keys, topics
from messages import site as sites
from messages.broker import BrokerAddress
from messages.envelope import Envelope
from messages.intake_log import RecordedMessage
from messages.link import Link
from messages.outbox import Outbox
from messages.readings import (
    Beam,
    Birth,
    Digest,
    ExamAction,
    ExamControl,
    Heartbeat,
    InductionLoop,
    KerbStrip,
    Reading,
)
from messages.recording import RecordingHeader, read_recording
from simulators import drive, scenario
from simulators.recorder import Post, Sent, chained, key_of
from tests.center.driving_track.ingest.rig import SITE_FOLDER, Rig, wait_for
from tests.services.mosquitto import Mosquitto

GATEWAYS = ["car-1", "car-2", "track-west", "track-east", "track-north"]
RATE = 12.0
_LEAD_S = 3.0
_SYNC_S = 0.03
_LOOK_EVERY_S = 0.005
_FEELS = {Beam: "interrupted", InductionLoop: "occupied", KerbStrip: "pressed"}
"""What says by a yes or no that something is there, and in which field."""


@dataclass(frozen=True)
class FixedExam:
    """An exam whose every byte is known beforehand, the centre's orders too."""

    path: Path
    header: RecordingHeader
    messages: tuple[RecordedMessage, ...]
    keys: dict[str, Ed25519PrivateKey]


def fixed_exam(name: str, folder: Path, seed: int = 1, car: str = "car-1") -> FixedExam:
    """Drive a scenario and record it without a broker."""
    path = folder / f"{name}-{seed}.mcap"
    site = sites.load(SITE_FOLDER)
    plan = msgspec.structs.replace(scenario.load(name), car=car)
    drive.record(drive.drive(plan, site, drive.DEFAULT_PACK.read_bytes(), seed), site, path)
    recording = read_recording(path)
    private = {one.device_id: key_of(one.device_id, seed) for one in recording.header.devices}
    return FixedExam(path, recording.header, tuple(recording.messages), private)


def together(exams: Sequence[FixedExam], seed: int = 1) -> list[RecordedMessage]:
    """Exams at the same time on one track: what a device says in all of them, in one chain of its own.

    A sensor that feels something in either exam feels it: they are told of one beam, not of two in one place.
    """
    posts: dict[str, Post] = {}
    felt: dict[str, list[bool]] = {}
    for number, message, envelope in _by_source_time(exams):
        if not isinstance(envelope.body, Birth | Heartbeat | Digest):
            parts = topics.parts_of(message.topic)
            assert parts is not None
            post = posts.setdefault(envelope.device_id, Post(envelope.device_id, parts[1], "twin", (), 5_000_000))
            body = _felt_by_all(envelope.body, number, felt, len(exams))
            post.sent.append(Sent(envelope.source_time_ns, message.arrival_ns, body))
    times = [one.source_time_ns for exam in exams for one in exam.messages]
    messages = []
    for post in posts.values():
        messages += chained(post, exams[0].header.centre_id, seed, min(times), max(times))
    return messages


def _by_source_time(exams: Sequence[FixedExam]) -> list[tuple[int, RecordedMessage, Envelope]]:
    """Number of the exam, message and what it holds, of all exams in source order."""
    told = [(number, one, codec.decode(one.payload)) for number, exam in enumerate(exams) for one in exam.messages]
    return sorted(told, key=lambda one: one[2].source_time_ns)


def _felt_by_all(body: Reading, number: int, felt: dict[str, list[bool]], exams: int) -> Reading:
    name = _FEELS.get(type(body))
    if name is None:
        return body
    states = felt.setdefault(body.element_id, [False] * exams)  # type: ignore[union-attr]
    states[number] = getattr(body, name)
    return msgspec.structs.replace(body, **{name: any(states)})


class Replay:
    """A centre that was called to exams, and the devices of those exams, which say what they said."""

    def __init__(
        self,
        broker: Mosquitto,
        folder: Path,
        exams: Sequence[FixedExam],
        *,
        messages: Iterable[RecordedMessage] | None = None,
        database_url: str = "",
        rate: float = RATE,
    ) -> None:
        """``messages`` are played instead of the exams' own."""
        played = [one for exam in exams for one in exam.messages] if messages is None else list(messages)
        self._played = _due(played)
        self.rig = Rig(
            broker, folder, database_url, rate=rate, start_ns=self._played[0][0], lead_s=_LEAD_S
        )  # fmt: skip
        self._enrol({name: key for exam in exams for name, key in exam.keys.items()})
        for exam in exams:
            self._call(exam)
        self._outboxes: dict[tuple[str, str], Outbox] = {}
        self._links: dict[str, Link] = {}
        self._open_outboxes()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def start(self, *, centre_after_s: float = 0.0) -> None:
        """Start the devices, and (after so long of the machine's time) the centre's intake."""
        self._subscribe()
        for link in self._links.values():
            link.start()
        self._thread.start()
        time.sleep(centre_after_s)
        self.rig.start()

    def at(self, seconds: float) -> None:
        """Wait until so much of the exam's own time has gone by."""
        self.rig.time.wait_until(self._played[0][0] + round(seconds * 1e9))

    def closed(self, exam: FixedExam, within_s: float = 90.0) -> ExamFacts:
        """The exam once it is closed; says what waits where if it is not."""
        try:
            return self.rig.closed(exam.header.exam_id, within_s)
        except AssertionError as error:
            waiting = {device: outbox.waiting for (device, _), outbox in self._outboxes.items()}
            links = {gateway: link.connected for gateway, link in self._links.items()}
            facts = self.rig.exam(exam.header.exam_id)
            raise AssertionError(f"{facts}; waiting {waiting}; links {links}; {self.rig.counters()}") from error

    def stop(self) -> None:
        """End devices and centre."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()
        for link in self._links.values():
            link.stop()
        for outbox in self._outboxes.values():
            outbox.close()
        self.rig.stop()

    def client(self, name: str = "forger") -> Client:
        """A client of the broker that may publish anything."""
        client = BrokerAddress.parse(self.rig.broker.url()).new_client(name)
        client.connect(self.rig.broker.host, self.rig.broker.port)
        client.loop_start()
        return client

    def _enrol(self, private: dict[str, Ed25519PrivateKey]) -> None:
        rig = self.rig
        rig.settings.control_key.parent.mkdir(parents=True, exist_ok=True)
        keys.save(rig.settings.control_key, private[topics.CENTRE_DEVICE])
        gateways = {one.id: one.gateway for one in rig.site.devices}
        with rig.database.writing() as transaction:
            for name, key in private.items():
                if name in gateways:
                    new = NewDevice(name, keys.public_hex(key), True, gateways[name])
                    devices.enrol(transaction, new, actor="test", now=rig.settings.clock.now())

    def _call(self, exam: FixedExam) -> None:
        """As if the centre had been told of the exam before it was switched on; its orders are among the messages."""
        header = exam.header
        call = Call(
            exam_id=header.exam_id, car_id=header.car_id, candidate=header.exam_id,
            rules=f"{header.pack}@{header.pack_edition}", first_exercise=header.first_exercise,
            last_exercise=header.last_exercise, simulated=True, called_ns=header.called_at_ns,
            log_segment="", log_offset=0,
        )  # fmt: skip
        bodies = [(codec.decode(one.payload).body, one.source_time_ns) for one in exam.messages]
        (started_ns,) = {
            time_ns for body, time_ns in bodies if isinstance(body, ExamControl) and body.action is ExamAction.START
        }
        with self.rig.database.writing() as transaction:
            actions.call(transaction, call, actor="test", now=instant(header.called_at_ns))
            transaction.flush()
            actions.start(transaction, header.exam_id, actor="test", now=instant(started_ns))

    def _subscribe(self) -> None:
        """The centre has listened before: the broker keeps what comes for it."""
        rig = self.rig
        client = BrokerAddress.parse(rig.broker.url()).new_client(f"center-{rig.site.centre_id}", clean_session=False)
        done = threading.Event()
        client.on_subscribe = lambda *_: done.set()
        client.connect(rig.broker.host, rig.broker.port)
        client.loop_start()
        wait_for(client.is_connected)
        client.subscribe(topics.everything_of(rig.site.centre_id), qos=1)
        assert done.wait(10.0)
        client.disconnect()
        client.loop_stop()

    def _open_outboxes(self) -> None:
        by_gateway: dict[str, dict[str, Outbox]] = {}
        for _, message, head in self._played:
            if (head.device_id, head.boot_id) not in self._outboxes:
                parts = topics.parts_of(message.topic)
                assert parts is not None
                outbox = Outbox(self.rig.folder / "outboxes" / head.device_id, head.boot_id)
                self._outboxes[head.device_id, head.boot_id] = outbox
                by_gateway.setdefault(parts[1], {})[head.device_id] = outbox
        for gateway, outboxes in by_gateway.items():
            address = BrokerAddress.parse(self.rig.broker.url(gateway))
            named = _Named(address.host, address.port, address.username, address.password)
            self._links[gateway] = Link(named, self.rig.site.centre_id, gateway, "replayed", outboxes)

    def _play(self) -> None:
        synced_at = time.monotonic()
        for due_ns, message, head in self._played:
            parts = topics.parts_of(message.topic)
            assert parts is not None
            while self.rig.time.now_ns() < due_ns:
                if self._stopping.wait(_LOOK_EVERY_S):
                    return
                if time.monotonic() - synced_at > _SYNC_S:
                    self._sync()
                    synced_at = time.monotonic()
            self._outboxes[head.device_id, head.boot_id].append(
                head.seq, parts[3], message.source_time_ns, message.payload
            )
            if time.monotonic() - synced_at > _SYNC_S:
                self._sync()
                synced_at = time.monotonic()
        self._sync()

    def _sync(self) -> None:
        synced = [outbox.sync() for outbox in self._outboxes.values()]
        if any(synced):
            for link in self._links.values():
                link.wake()


class _Named(BrokerAddress):
    """The centre that runs has a client of its own name."""

    def new_client(self, client_id: str, *, clean_session: bool = True) -> Client:
        return super().new_client(f"replayed-{client_id}", clean_session=clean_session)


def _due(messages: Iterable[RecordedMessage]) -> list[tuple[int, RecordedMessage, codec.Head]]:
    """Each message once, in each device's own order, and when it is due at the earliest."""
    heads = {(head.device_id, head.boot_id, head.seq): (one, head)
             for one in messages for head in (codec.decode_head(one.payload),)}  # fmt: skip
    latest: dict[str, int] = {}
    due = []
    for (device_id, _, _), (message, head) in sorted(heads.items(), key=lambda item: item[0]):
        latest[device_id] = max(latest.get(device_id, 0), message.arrival_ns)
        due.append((latest[device_id], message, head))
    return sorted(due, key=lambda one: one[0])
