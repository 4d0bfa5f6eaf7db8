"""What the live page shows of a running exam, and that it never accuses who drives without a mistake."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from center.driving_track import rule_packs
from center.driving_track.ingest import running as module
from center.driving_track.ingest.catching_up import read_again
from center.driving_track.ingest.chain_watch import ChainWatch, Trust
from center.driving_track.ingest.running import RunningExam
from center.driving_track.queries import DeviceFacts, ExamFacts
from center.driving_track.scoring.exam import ExamScorer
from center.driving_track.scoring.rules import Edition
from messages import codec, keys
from messages import site as sites
from messages.geodesy import LocalFrame
from messages.intake_log import LogWriter
from messages.readings import CarState, SatellitePose
from messages.recording import RecordingHeader, read_payloads, read_recording
from messages.topics import CENTRE_DEVICE
from simulators import drive, scenario

SITE = sites.load(Path("sites/sarytau"))
EVERY_NS = 500_000_000


def _facts(exam_id: str, car_id: str, edition: Edition) -> ExamFacts:
    now = datetime(2026, 4, 14, tzinfo=UTC)
    return ExamFacts(
        exam_id=exam_id, car_id=car_id, candidate="c", rules=edition.name, first_exercise=None, last_exercise=None,
        simulated=True, state="running", called_at=now, called_ns=0, log_segment="", log_offset=0, started_at=now,
        ended_ns=None, ended_at=None, end_reason=None, closed_at=None, verdict=None, verdict_reason=None, points=None,
        sheet_sha256=None, recording=None,
    )  # fmt: skip


def _recorded(name: str, folder: Path) -> tuple[RecordingHeader, list[tuple[int, bytes]]]:
    """A scenario's drive: its header, and arrival (UTC ns) and bytes of every message."""
    path = folder / f"{name}.mcap"
    drive.record(drive.drive(scenario.load(name), SITE, drive.DEFAULT_PACK.read_bytes()), SITE, path)
    recording, payloads = read_payloads(path)
    return recording.header, list(payloads)


def _exam(header: RecordingHeader) -> RunningExam:
    edition = rule_packs.load("kz")
    devices = [one.device_id for one in header.devices] + [CENTRE_DEVICE]
    facts = _facts(header.exam_id, header.car_id, edition)
    return RunningExam(facts, SITE, edition, LocalFrame(SITE.anchor), devices, 1.0)


def _shown(name: str, folder: Path) -> tuple[set[tuple[str, str]], RunningExam]:
    """Every rule that is shown while a scenario's drive runs, with its outcome, and the exam at its end."""
    header, payloads = _recorded(name, folder)
    exam = _exam(header)
    shown: set[tuple[str, str]] = set()
    looked_ns = 0
    for arrival_ns, payload in payloads:
        exam.put(codec.decode(payload), arrival_ns, Trust.SOUND)
        if arrival_ns - looked_ns >= EVERY_NS:
            looked_ns = arrival_ns
            exam.advance(arrival_ns)
            exam.look(is_shown=True)
            shown |= {(one.content["rule"], one.content["outcome"]) for one in exam.findings}
    return shown, exam


def test_a_scorer_that_fails_costs_the_live_picture_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, payloads = _recorded("finish_no_handbrake", tmp_path)
    exam = _exam(header)
    before = exam.is_scored_live
    monkeypatch.setattr(ExamScorer, "feed", _fails)
    for arrival_ns, payload in payloads[:400]:
        exam.put(codec.decode(payload), arrival_ns, Trust.SOUND)
        exam.advance(arrival_ns)
        exam.look(is_shown=True)
    assert (before, exam.is_scored_live) == (True, False)
    assert (exam.finished_ns, exam.findings, exam.pending) == (None, [], [])


def _fails(*_arguments: object) -> None:
    raise ArithmeticError("as no reading should bring about")


@pytest.fixture(autouse=True)
def _look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PROVISIONAL_EVERY_S", 0.0)
    monkeypatch.setattr(module, "_CALM_S", 0.0)
    monkeypatch.setattr(module, "_CATCH_UP_EVERY_S", 0.0)


@pytest.mark.parametrize("name", ["aigerim", "clean_niva"])
def test_who_drives_without_a_mistake_is_never_shown_a_fault(name: str, tmp_path: Path) -> None:
    shown, exam = _shown(name, tmp_path)
    assert exam.finished_ns is not None
    assert {rule for rule, outcome in shown if outcome == "fault"} == set()
    assert (exam.points, exam.voided_by) == (0, None)


def test_a_mistake_is_shown_while_the_exam_runs(tmp_path: Path) -> None:
    shown, _ = _shown("snake_line_100_mm", tmp_path)
    assert ("snake_line", "fault") in shown


def test_a_loss_that_voids_is_told(tmp_path: Path) -> None:
    _, exam = _shown("receiver_unplugged", tmp_path)
    assert exam.voided_by == "void:satellite"


@pytest.mark.parametrize("name", ["hill_rolls_back_150_mm", "snake_line_100_mm"])
def test_who_speaks_under_a_devices_name_changes_nothing_and_stops_nobody(name: str, tmp_path: Path) -> None:
    header, payloads = _recorded(name, tmp_path)
    undisturbed = _live(header, payloads)
    forged = _live(header, _with_a_stranger(header, payloads))
    assert undisturbed.finished_ns is not None
    assert (forged.voided_by, forged.points, forged.finished_ns) == (None, undisturbed.points, undisturbed.finished_ns)
    assert [one.content for one in forged.findings] == [one.content for one in undisturbed.findings]


def _live(header: RecordingHeader, payloads: Iterable[tuple[int, bytes]]) -> RunningExam:
    """The exam at its end, its messages trusted by their chains; it is void at no moment of it."""
    watches = {
        one.device_id: ChainWatch(header.centre_id, one.device_id, keys.public_from_hex(one.public_key_hex))
        for one in header.devices
    }
    exam = _exam(header)
    for arrival_ns, payload in payloads:
        envelope = codec.decode(payload)
        watch = watches[envelope.device_id]
        watch.note(envelope, payload)
        exam.put(envelope, arrival_ns, watch.trust(envelope.boot_id))
        exam.advance(arrival_ns)
        if isinstance(envelope.body, SatellitePose):
            exam.look(is_shown=True)
            assert exam.voided_by is None
    return exam


def _with_a_stranger(header: RecordingHeader, payloads: Sequence[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """From the start on, beside every state of the car another one that races, in boots of its own."""
    since_ns = payloads[0][0] + 5_000_000_000
    for number, (arrival_ns, payload) in enumerate(payloads):
        yield arrival_ns, payload
        told = codec.decode(payload)
        if isinstance(told.body, CarState) and arrival_ns > since_ns:
            boot = f"01990000-0000-7000-8000-{number // 100:012d}"
            raced = msgspec.structs.replace(told.body, speed_mps=30.0)
            yield (
                arrival_ns,
                codec.encode(msgspec.structs.replace(told, boot_id=boot, source_time_ns=arrival_ns, body=raced)),
            )


def test_what_a_cut_link_brings_late_is_in_the_picture_soon_after(tmp_path: Path) -> None:
    whole = _told(tmp_path / "whole", lambda time_ns, seconds: 0.0)
    cut = _told(tmp_path / "cut", lambda time_ns, seconds: max(0.0, 60.0 - seconds) if seconds >= 20.0 else 0.0)
    assert [one for one in whole if one[0] == "snake_line"], "the scenario's mistake"
    assert cut == whole


def _told(folder: Path, late_s: Callable[[int, float], float]) -> list[tuple[str, str, int]]:
    """Rule, outcome and time of each finding at the end of a drive whose car is heard of so much late, by its log."""
    folder.mkdir()
    path, log = folder / "drive.mcap", folder / "log"
    log.mkdir()
    drive.record(drive.drive(scenario.load("snake_line_100_mm"), SITE, drive.DEFAULT_PACK.read_bytes()), SITE, path)
    recording = read_recording(path)
    header = recording.header
    enrolled = {
        one.device_id: DeviceFacts(
            one.device_id, one.gateway_id, one.public_key_hex, True, datetime(2026, 4, 14, tzinfo=UTC), None
        )
        for one in header.devices
    }
    edition = rule_packs.load("kz")
    exam = RunningExam(
        _facts(header.exam_id, header.car_id, edition), SITE, edition, LocalFrame(SITE.anchor), sorted(enrolled), 1.0
    )
    began_ns = recording.messages[0].arrival_ns
    late = [
        (one.arrival_ns + round(1e9 * (late_s(one.arrival_ns, (one.arrival_ns - began_ns) / 1e9))), one)
        if "/car-" in one.topic
        else (one.arrival_ns, one)
        for one in recording.messages
    ]
    writer = LogWriter(log / "intake-00000000000000000001.mcap")
    with ThreadPoolExecutor(1) as reader:
        for arrival_ns, one in sorted(late, key=lambda each: (each[0], each[1].source_time_ns)):
            writer.append(one.topic, one.payload, arrival_ns, one.source_time_ns)
            exam.put(codec.decode(one.payload), arrival_ns, Trust.SOUND)
            exam.advance(arrival_ns)
            exam.go_on(0.0)
            if exam.is_behind(time.monotonic()) and not exam.is_catching_up:
                writer.sync()
                exam.begin_again(reader.submit(read_again, log, exam.facts, exam.devices, enrolled))
        while exam.is_catching_up:
            exam.go_on(1.0)
    exam.look(is_shown=True)
    return [(one.content["rule"], one.content["outcome"], one.content["since_ms"]) for one in exam.findings]
