"""Every kind of bad message during one exam of fixed messages: each is counted, and the verdict stays what it was."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from center.driving_track.actions import devices
from center.driving_track.rescore import score_file
from messages import topics
from tests.center.driving_track.ingest.rig import wait_for
from tests.end_to_end.conftest import MakeReplay
from tests.end_to_end.replayed_exam import FixedExam, Replay

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(240)]
_S = 1_000_000_000
BOOT, OTHER_BOOT = "01990000-0000-7000-8000-000000000000", "01990000-0000-7000-8000-000000000001"
CAN, GNSS = "car-1-can", "car-1-gnss"
WANTED = {
    (CAN, "broken_json"), (CAN, "schema_major"), (CAN, "wrong_shape"), (CAN, "absurd_value"), (CAN, "future"),
    (CAN, "oversize"), (CAN, "duplicate"), (CAN, "broken_chain"), (CAN, "forged_digest"), (CAN, "missing_digest"),
    (CAN, "wrong_topic"), (GNSS, "duplicate"), (GNSS, "absurd_value"), ("car-2-can", "revoked"),
    ("car-2-gnss", "wrong_topic"), ("?", "unenrolled"), ("?", "wrong_topic"),
    (topics.CENTRE_DEVICE, "unsigned_order"),
}  # fmt: skip


def _bad(now_ns: int, exam: FixedExam) -> Iterator[tuple[str, str, str, bytes]]:
    """Gateway, device, kind and payload of each."""
    good: dict[str, Any] = {
        "schema": "1.0", "centre_id": "sarytau-1", "device_id": CAN, "boot_id": BOOT, "seq": 0,
        "source_time_ns": now_ns, "previous_sha256": "0" * 64,
        "body": {"kind": "car_state", "belt_fastened": False, "doors_closed": False, "speed_mps": 30.0},
    }  # fmt: skip

    def message(**changes: Any) -> bytes:
        return json.dumps({**good, **changes}).encode()

    def car(payload: bytes) -> tuple[str, str, str, bytes]:
        return "car-1", CAN, "car_state", payload

    yield car(b"{")
    yield car(b"\xff\xfe")
    yield car(message(schema="2.0"))
    yield car(message(body={"kind": "car_state", "speed_mps": "fast"}))
    for number in (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"1e9"):
        yield car(message(seq=100).replace(b"30.0", number))
    pose = {"kind": "satellite_pose", "latitude_deg": 4320.0, "longitude_deg": 76.9, "height_m": 1.0, "fix_quality": 4}
    yield "car-1", GNSS, "satellite_pose", message(device_id=GNSS, body=pose)
    yield car(message(source_time_ns=now_ns + 600 * _S, seq=1))
    yield car(b" " * 20_000)
    yield car(message(seq=7))
    yield car(message(seq=7))
    yield car(message(seq=8, previous_sha256="1" * 64))
    digest = {"kind": "digest", "through_seq": 8, "head_sha256": "2" * 64, "signature": "3" * 128}
    yield "car-1", CAN, "digest", message(seq=9, body=digest)
    for second in range(20):
        yield car(message(boot_id=OTHER_BOOT, seq=2 * second, source_time_ns=now_ns - (30 - second) * _S))
    yield "car-1", CAN, "beam", message(seq=20)
    stop = {"kind": "exam_control", "exam_id": exam.header.exam_id, "action": "safety_stop", "car_id": "car-1"}
    order = {"device_id": topics.CENTRE_DEVICE, "body": stop}
    yield topics.CENTRE_GATEWAY, topics.CENTRE_DEVICE, "exam_control", message(**order)
    signed = {**order, "seq": 1, "body": {**stop, "action": "stop", "signature": "3" * 128}}
    yield topics.CENTRE_GATEWAY, topics.CENTRE_DEVICE, "exam_control", message(**signed)
    yield "car-1", "car-2-gnss", "satellite_pose", message(device_id="car-2-gnss")
    yield "car-2", "car-2-can", "car_state", message(device_id="car-2-can")
    yield "car-1", "ghost", "car_state", message(device_id="ghost")
    # Late and out of order: the true device's own messages, once more, the newest first.
    for one in reversed(exam.messages[:200]):
        parts = topics.parts_of(one.topic)
        assert parts is not None
        if parts[2] in (CAN, GNSS):
            yield parts[1], parts[2], parts[3], one.payload


def test_each_is_counted_and_the_verdict_stays(make_replay: MakeReplay, hill: FixedExam) -> None:
    replay = make_replay(hill)
    rig = replay.rig
    rig.enrol("car-2-gnss", "car-2-can")
    with rig.database.writing() as transaction:
        devices.revoke(transaction, "car-2-can", reason="stolen", actor="test", now=rig.settings.clock.now())
    replay.start()
    wait_for(lambda: any(rig.folder.glob("data/intake/*.mcap")))
    replay.at(10.0)
    _publish(replay, hill)
    missing: set[tuple[str, str]] = WANTED
    deadline = time.monotonic() + 40.0
    while missing and time.monotonic() < deadline:
        missing = WANTED - set(rig.counters())
        time.sleep(0.1)
    assert missing == set()
    closed = replay.closed(hill)
    undisturbed = json.loads(score_file(hill.path).sheet.data)
    ours = json.loads(score_file(rig.settings.recordings / (closed.recording or "")).sheet.data)
    assert ours == undisturbed
    assert closed.sheet_sha256 == score_file(hill.path).sheet.sha256


def _publish(replay: Replay, exam: FixedExam) -> None:
    client = replay.client()
    wait_for(client.is_connected)
    for gateway, device, kind, payload in _bad(replay.rig.settings.clock.now_ns(), exam):
        client.publish(topics.device_topic("sarytau-1", gateway, device, kind), payload, qos=1)
    told = client.publish("speccenter/v1/sarytau-1/astray", b"{}", qos=1)
    told.wait_for_publish(10.0)
    client.disconnect()
    client.loop_stop()
