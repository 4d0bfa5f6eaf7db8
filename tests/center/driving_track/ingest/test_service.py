"""The intake as a process, with a real broker: nothing lost, nothing scored that must not be."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from uuid_utils import uuid7

from center.clock import nanoseconds
from center.driving_track import queries
from center.driving_track.actions import exams
from center.driving_track.rescore import score_file
from center.journal.tables import JournalEntry
from messages import codec, keys, topics
from messages.broker import BrokerAddress
from messages.chain import Chain
from messages.readings import ExamAction, ExamControl
from messages.recording import read_recording
from tests.center.driving_track.ingest.rig import RATE, Rig, wait_for
from tests.sampling import sample
from tests.services.mosquitto import StartMosquitto

pytestmark = pytest.mark.end_to_end
GATEWAYS = ["car-1", "car-2", "track-west", "track-east", "track-north"]
MakeRig = Callable[..., Rig]


@pytest.fixture
def make_rig(start_mosquitto: StartMosquitto, tmp_path: Path) -> Iterator[MakeRig]:
    rigs: list[Rig] = []

    def make(**changes: Any) -> Rig:
        rig = Rig(start_mosquitto(GATEWAYS, centre_id="sarytau-1"), tmp_path, **changes)
        rigs.append(rig)
        return rig

    yield make
    for rig in rigs:
        rig.stop()
    for log in tmp_path.glob("*.log"):
        print(log.read_text()[-3000:])


def _whole_sheet(rig: Rig, exam_id: str) -> str:
    """The hash of the recording's sheet, once it is sure that it misses nothing the devices said in the exam."""
    exam = rig.exam(exam_id)
    recording = rig.settings.recordings / (exam.recording or "")
    assert exam.started_at is not None
    since_ns, until_ns = nanoseconds(exam.started_at), exam.ended_ns or 0
    recorded = set()
    for message in read_recording(recording).messages:
        envelope = codec.decode(message.payload)
        recorded.add((envelope.device_id, envelope.source_time_ns, envelope.body))
    said = {one for one in rig.said if since_ns <= one[1] <= until_ns}
    assert len(said) > 100
    assert said - recorded == set()
    return score_file(recording).sheet.sha256


def test_an_exam_runs_from_call_to_a_sheet_that_its_recording_gives_again(make_rig: MakeRig, database_url: str) -> None:
    rig = make_rig(database_url=database_url)
    rig.enrol()
    rig.start()
    rig.drive()
    exam_id = rig.call()
    rig.start_exam(exam_id)
    time.sleep(30 / RATE)
    assert rig.order("stop", exam_id) == []
    exam = rig.closed(exam_id)
    assert exam.sheet_sha256 == _whole_sheet(rig, exam_id)
    with rig.database.reading() as transaction:
        assert score_file(rig.settings.recordings / (exam.recording or "")).sheet.data == queries.sheet(
            transaction, exam_id
        )
        entries = transaction.scalars(
            select(JournalEntry).where(JournalEntry.subject == exam_id).order_by(JournalEntry.place)
        )
        kinds = [entry.kind for entry in entries]
        everything = b"".join(transaction.scalars(select(JournalEntry.data)))
    assert [kind for kind in kinds if not kind.startswith("finding")] == [
        "exam_called", "exam_started", "exam_ended", "verdict",
    ]  # fmt: skip
    assert "Сәрсенова".encode() not in everything
    assert exam.verdict != "pass"


def test_a_start_without_fit_sensors_is_refused_with_every_reason(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.enrol()
    rig.start()
    reasons = " ".join(rig.order("start", rig.call()))
    for part in ("car-1-gnss gives no position", "car-1-can is silent", "track-north is silent"):
        assert part in reasons


def test_outboxes_are_emptied_by_the_centres_acknowledgement_only(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.enrol()
    rig.drive()
    time.sleep(1.0)
    link = rig._transmitters["car-1"].link
    assert not link.drain(0.5)
    rig.start()
    wait_for(lambda: any(rig.folder.glob("data/intake/*.mcap")))
    rig.silence("car-1-gnss")
    rig.silence("car-1-can")
    wait_for(lambda: link.drain(0.5))


def test_each_message_that_is_not_ours_is_counted_by_its_reason_and_changes_nothing(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.enrol()
    rig.start()
    rig.drive()
    exam_id = rig.call()
    rig.start_exam(exam_id)
    import paho.mqtt.client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="forger")
    client.username_pw_set("centre", rig.broker.password_of["centre"])
    client.connect(rig.broker.host, rig.broker.port)
    client.loop_start()

    def publish(payload: bytes, device: str = "car-1-can", gateway: str = "car-1", kind: str = "car_state") -> None:
        client.publish(topics.device_topic("sarytau-1", gateway, device, kind), payload, qos=1).wait_for_publish(5)

    now_ns = rig.settings.clock.now_ns()
    good = {
        "schema": "1.0", "centre_id": "sarytau-1", "device_id": "car-1-can",
        "boot_id": "01990000-0000-7000-8000-000000000000",
        "seq": 0, "source_time_ns": now_ns, "previous_sha256": "0" * 64,
        "body": {"kind": "car_state", "belt_fastened": False, "speed_mps": 3.0},
    }  # fmt: skip
    publish(b"{")
    publish(json.dumps({**good, "schema": "2.0"}).encode())
    publish(json.dumps({**good, "body": {"kind": "car_state", "speed_mps": "fast"}}).encode())
    publish(json.dumps(good).replace("3.0", "1e999").encode())
    publish(json.dumps({**good, "source_time_ns": now_ns + 600 * 10**9, "seq": 1}).encode())
    publish(json.dumps({**good, "device_id": "car-2-can"}).encode(), gateway="car-1", device="car-2-can")
    publish(json.dumps({**good, "device_id": "ghost"}).encode(), device="ghost")
    publish(b" " * 20_000)
    for _ in range(2):
        publish(json.dumps({**good, "seq": 7}).encode())
    publish(json.dumps({**good, "seq": 8, "previous_sha256": "1" * 64}).encode())
    forged = {"kind": "digest", "through_seq": 8, "head_sha256": "2" * 64, "signature": "3" * 128}
    publish(json.dumps({**good, "seq": 9, "body": forged}).encode(), kind="digest")
    wanted = {
        ("car-1-can", "broken_json"), ("car-1-can", "schema_major"), ("car-1-can", "wrong_shape"),
        ("car-1-can", "future"),
        ("car-1-can", "oversize"), ("car-1-can", "duplicate"), ("car-1-can", "broken_chain"),
        ("car-1-can", "forged_digest"),
        ("?", "unenrolled"), ("car-2-can", "wrong_topic"),
    }  # fmt: skip
    deadline = time.monotonic() + 20
    while (missing := wanted - set(rig.counters())) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert missing == set()
    client.disconnect()
    client.loop_stop()
    time.sleep(10 / RATE)
    rig.order("stop", exam_id)
    exam = rig.closed(exam_id)
    with rig.database.reading() as transaction:
        sheet = json.loads(queries.sheet(transaction, exam_id))
    assert exam.verdict != "pass"
    assert [one for one in sheet["findings"] if one["rule"] == "belt" and one["outcome"] == "fault"] == []


def test_a_late_message_for_a_closed_exam_is_counted_and_not_scored(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.enrol()
    rig.start()
    rig.drive()
    exam_id = rig.call()
    rig.start_exam(exam_id)
    time.sleep(10 / RATE)
    rig.order("stop", exam_id)
    before = rig.closed(exam_id)
    rig._transmitters["car-1"].publish("car-1-can", before.called_ns + 5_000_000_000, rig.said[-1][2])
    wait_for(lambda: any(reason == "late" for _, reason in rig.counters()))
    assert rig.exam(exam_id) == before


def test_a_revoked_device_is_not_heard_any_more(make_rig: MakeRig) -> None:
    from center.driving_track.actions import devices

    rig = make_rig()
    rig.enrol()
    rig.start()
    rig.drive()
    with rig.database.writing() as transaction:
        devices.revoke(transaction, "car-1-can", reason="lost", actor="test", now=rig.settings.clock.now())
    wait_for(lambda: ("car-1-can", "revoked") in rig.counters())
    assert "car-1-can is not enrolled" in " ".join(rig.order("start", rig.call()))


@pytest.mark.parametrize("moment_ms", sample(range(0, 4000, 200), 2, name="kill -9 of the intake"))
def test_a_killed_intake_takes_up_the_exam_where_it_was(make_rig: MakeRig, moment_ms: int) -> None:
    rig = make_rig()
    rig.enrol()
    rig.start()
    rig.drive()
    exam_id = rig.call()
    rig.start_exam(exam_id)
    time.sleep(moment_ms / 1000)
    rig.kill()
    time.sleep(0.3)
    rig.start()
    time.sleep(10 / RATE)
    assert rig.order("stop", exam_id) == []
    exam = rig.closed(exam_id)
    assert exam.sheet_sha256 == _whole_sheet(rig, exam_id)
    sheet = score_file(rig.settings.recordings / (exam.recording or "")).sheet
    devices = json.loads(sheet.data)["devices"]
    assert [one["id"] for one in devices if one["missing"] or one["uncovered"]] == []


def test_a_start_that_was_killed_before_it_was_said_is_said_after_the_restart(make_rig: MakeRig) -> None:
    """The database holds the start, the broker never got the order."""
    rig = make_rig()
    rig.enrol()
    rig.start()
    rig.drive()
    exam_id = rig.call()
    wait_for(lambda: any(rig.folder.glob("data/intake/*.mcap")))
    time.sleep(1.0)
    rig.kill()
    with rig.database.writing() as transaction:
        exams.start(transaction, exam_id, actor="test", now=rig.settings.clock.now())
    rig.start()
    time.sleep(30 / RATE)
    assert rig.order("stop", exam_id) == []
    exam = rig.closed(exam_id)
    assert exam.sheet_sha256 == _whole_sheet(rig, exam_id)
    sheet = score_file(rig.settings.recordings / (exam.recording or "")).sheet
    assert exam.started_at is not None
    assert sheet.content["began_ms"] == nanoseconds(exam.started_at) // 1_000_000


def test_a_stop_by_whoever_holds_the_centres_broker_password_stops_nothing(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.enrol()
    rig.start()
    rig.drive()
    exam_id = rig.call()
    rig.start_exam(exam_id)
    client = BrokerAddress.parse(rig.broker.url()).new_client("forger")
    client.connect(rig.broker.host, rig.broker.port)
    client.loop_start()
    stop = ExamControl(exam_id, ExamAction.SAFETY_STOP, "car-1")
    forged = Chain("sarytau-1", topics.CENTRE_DEVICE, str(uuid7()), keys.make())
    payload = forged.stamp(rig.settings.clock.now_ns(), stop)[1]
    client.publish(topics.control_topic("sarytau-1"), payload, qos=1).wait_for_publish(5)
    wait_for(lambda: (topics.CENTRE_DEVICE, "unsigned_order") in rig.counters())
    client.disconnect()
    client.loop_stop()
    time.sleep(10 / RATE)
    assert rig.exam(exam_id).state == "running"
    assert rig.order("stop", exam_id) == []
    exam = rig.closed(exam_id)
    assert exam.end_reason == "stop"
    assert exam.verdict_reason == "not_finished"


@pytest.mark.parametrize("moment_ms", sample(range(0, 4000, 200), 1, name="kill -9 of the broker"))
def test_a_killed_broker_loses_nothing(make_rig: MakeRig, moment_ms: int) -> None:
    rig = make_rig()
    rig.enrol()
    rig.start()
    rig.drive()
    exam_id = rig.call()
    rig.start_exam(exam_id)
    time.sleep(moment_ms / 1000)
    rig.broker.kill()
    time.sleep(0.5)
    rig.broker.start()
    time.sleep(10 / RATE)
    assert rig.order("stop", exam_id) == []
    exam = rig.closed(exam_id)
    assert exam.sheet_sha256 == _whole_sheet(rig, exam_id)


def test_a_full_disk_makes_the_exam_void_and_the_intake_stays_up(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.enrol()

    def limit() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))

    rig.start(preexec_fn=limit)
    rig.drive()
    exam_id = rig.call()
    rig.start_exam(exam_id)
    exam = rig.closed(exam_id, 60.0)
    assert (exam.verdict, exam.sheet_sha256) == ("void", None)
    assert exam.verdict_reason == "void:storage"
    assert rig.process is not None
    assert rig.process.poll() is None


def test_an_exam_whose_receiver_is_lost_ends_void_by_itself_within_seconds(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.enrol()
    rig.start()
    rig.drive()
    exam_id = rig.call()
    rig.start_exam(exam_id)
    time.sleep(10 / RATE)
    rig.silence("car-1-gnss")
    wait_for(lambda: rig.exam(exam_id).state != "running")
    exam = rig.closed(exam_id)
    assert (exam.verdict, exam.verdict_reason, exam.end_reason) == ("void", "void:satellite", "void:satellite")
    assert exam.sheet_sha256 == score_file(rig.settings.recordings / (exam.recording or "")).sheet.sha256
