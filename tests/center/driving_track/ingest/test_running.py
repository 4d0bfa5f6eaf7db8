"""What the live page shows of a running exam, and that it never accuses who drives without a mistake."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from center.driving_track import rule_packs
from center.driving_track.ingest import running as module
from center.driving_track.ingest.running import RunningExam
from center.driving_track.queries import ExamFacts
from center.driving_track.scoring.rules import Edition
from messages import codec
from messages import site as sites
from messages.geodesy import LocalFrame
from messages.recording import read_payloads
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


def _shown(name: str, folder: Path) -> tuple[set[tuple[str, str]], RunningExam]:
    """Every rule that is shown while a scenario's drive runs, with its outcome, and the exam at its end."""
    path = folder / f"{name}.mcap"
    plan = scenario.load(name)
    drive.record(drive.drive(plan, SITE, drive.DEFAULT_PACK.read_bytes()), SITE, path)
    recording, payloads = read_payloads(path)
    edition = rule_packs.load("kz")
    devices = [one.device_id for one in recording.header.devices] + [CENTRE_DEVICE]
    facts = _facts(recording.header.exam_id, recording.header.car_id, edition)
    exam = RunningExam(facts, SITE, edition, LocalFrame(SITE.anchor), devices, 1.0)
    shown: set[tuple[str, str]] = set()
    looked_ns = 0
    for arrival_ns, payload in payloads:
        exam.put(codec.decode(payload), arrival_ns, trusted=True)
        if arrival_ns - looked_ns >= EVERY_NS:
            looked_ns = arrival_ns
            exam.advance(arrival_ns)
            exam.look(is_shown=True)
            shown |= {(one.content["rule"], one.content["outcome"]) for one in exam.findings}
    return shown, exam


@pytest.fixture(autouse=True)
def _look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PROVISIONAL_EVERY_S", 0.0)


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
