"""A centre's pages over made-up data, for the tests of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from fastapi import FastAPI

from center.driving_track import pages
from center.driving_track.scoring.score_sheet import ScoreSheet
from center.driving_track.views import (
    Counter,
    DemoFault,
    Enrolled,
    ExamRow,
    ExamView,
    HealthView,
    LiveDevice,
    LiveFinding,
    LiveView,
)
from center.driving_track.words import DEMO_FAULTS
from center.errors import NotFound
from center.web import home
from center.web.templating import Web
from tests.center.driving_track.sample_drive import (
    BEGAN_NS,
    CAR,
    EDITION,
    SITE,
    failed_sheet,
    passed_sheet,
    pose_after,
    record,
    undetermined_sheet,
    void_sheet,
    when_at,
)

NOW = datetime(2026, 4, 14, 4, 2, tzinfo=UTC)
CANDIDATES = ("Айгерім Сәрсенова", "Denis Orlov", "Tomás Rivera", "Нұрлан Әбдіғаппар", "Ербол Қасымов")
_DEVICES = (
    LiveDevice("car-1-can", True, "ok", 0.1, heard_at=NOW, latency_ms=6.2),
    LiveDevice("car-1-gnss", True, "ok", 0.1, heard_at=NOW, latency_ms=41.0),
    LiveDevice(
        "track-east",
        True,
        "silent",
        7.0,
        faults=("elements_silent", "element_failed:cone-2"),
        gaps=1,
        heard_at=NOW,
        latency_ms=12.0,
    ),
    LiveDevice("track-north", True, "lost", 31.0, outbox=1240, rejected=3, heard_at=NOW, latency_ms=10.0),
    LiveDevice("track-west", True, "unheard", None),
)


class SampleTrack:
    """Made-up data for every page; ``at_s`` moves the car along."""

    def __init__(self, folder: Path | None = None) -> None:
        self.at_s: float = when_at((114.76, 48.5)) + 1
        self.fallen = 3
        self.is_one_passing = False
        """Whether after those there is one that may still pass."""
        self.pose_age_ms = 60
        self.is_scored_live = True
        self.active: set[str] = set()
        self._recording = None if folder is None else folder / "sample.mcap"
        if self._recording is not None:
            record(self._recording)
        self._sheets: dict[str, ScoreSheet | None] = {
            "running": None,
            "failed": failed_sheet(),
            "passed": passed_sheet(),
            "void": void_sheet(),
            "undetermined": undetermined_sheet(),
        }

    def live(self) -> LiveView:
        """The failed exam's drive, at its instant."""
        pose = pose_after(self.at_s)
        return LiveView(
            now_ms=pose.time_ms + self.pose_age_ms, exam_id="running", state="running",
            car_id=CAR.id, candidate=CANDIDATES[0],
            rules=EDITION.name, began_ms=BEGAN_NS // 1_000_000, exercise_id="snake",
            exercise_began_ms=pose.time_ms - 9000, pose=pose, speed_mps=4.0, gear=2, steering_wheel_deg=-38.4,
            points=35, limit=100,
            finding_count=self.fallen,
            is_scored_live=self.is_scored_live,
            signals={"light-crossroads": "green", "start-lamp": "red", "barrier-rail": "up", "light-rail": "off"},
            elements={"beam-start": False, "loop-hill": True}, devices=_DEVICES,
        )  # fmt: skip

    def live_findings(self) -> Sequence[LiveFinding]:
        """The first findings of the failed exam, and perhaps its last."""
        sheet = self._sheets["failed"]
        assert sheet is not None
        all_found = msgspec.json.decode(sheet.data)["findings"]
        findings = [*all_found[: self.fallen], *(all_found[-1:] if self.is_one_passing else ())]
        began_ms = BEGAN_NS // 1_000_000
        return [
            LiveFinding(number, content, pose_after((content["at_ms"] - began_ms) / 1000))
            for number, content in enumerate(findings, 1)
        ]

    def exams(self, limit: int, before: str | None) -> Sequence[ExamRow]:
        """Each kind of exam once."""
        return [self._row(exam_id) for exam_id in self._sheets][:limit]

    def exam(self, exam_id: str) -> ExamView:
        """One of them."""
        if exam_id not in self._sheets:
            raise NotFound(f"There is no exam {exam_id}.")
        sheet = self._sheets[exam_id]
        if sheet is None:
            return ExamView(self._row(exam_id), None, None, None, None)
        return ExamView(
            self._row(exam_id), msgspec.json.decode(sheet.data), sheet.data, sheet.sha256, self._recording
        )  # fmt: skip

    def health(self) -> HealthView:
        """Devices in every state, and counted refusals."""
        enrolled = NOW - timedelta(days=3)
        devices = [Enrolled(one.device_id, "gateway", True, enrolled, None, one) for one in _DEVICES]
        devices.append(Enrolled("car-9-gnss", "car-9", False, enrolled, NOW, None))
        counters = [
            Counter("?", "unenrolled", 12, NOW),
            Counter("track-north", "forged_digest", 1, NOW),
            Counter("car-1-can", "duplicate", 12345, NOW),
            Counter("car-1-can", "some_new_reason", 2, NOW),
        ]
        return HealthView(NOW, 60.0, True, "127.0.0.1:1883", devices, counters)

    def demo_faults(self) -> Sequence[DemoFault]:
        """All that have words."""
        return [DemoFault(one, one in self.active) for one in DEMO_FAULTS]

    def set_demo_fault(self, fault_id: str, active: bool) -> None:
        """Remember it."""
        self.active = self.active | {fault_id} if active else self.active - {fault_id}

    def _row(self, exam_id: str) -> ExamRow:
        sheet, number = self._sheets[exam_id], list(self._sheets).index(exam_id)
        called = NOW - timedelta(minutes=25 * number)
        row = ExamRow(
            exam_id, CAR.id, CANDIDATES[number], EDITION.name, "running", True, called, called, None, None, None, None
        )  # fmt: skip
        if sheet is None:
            return row
        reason = str(sheet.content["reason"])
        points = None if sheet.verdict.value == "void" else sheet.points
        return replace(row, state="closed", verdict=sheet.verdict.value, verdict_reason=reason, points=points)


def sample_app(data: SampleTrack, *, demo: bool = True) -> FastAPI:
    """The pages as ``app`` composes them."""
    web = Web(SITE.name, SITE.timezone, demo, pages.DOORS, [pages.TEMPLATES])
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    home.install(app, web)
    pages.install(app, web, data, SITE)
    return app
