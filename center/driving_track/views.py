"""What the pages of the practical exam show, as plain data: queries and the live state give it, pages lay it out.

Lengths in metres in the site's local frame, instants as UTC milliseconds where they come from readings. ``content`` of
a finding is what a score sheet holds of it (``scoring/score_sheet.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the car stood at one instant: rear axle's middle, and the body's axes projected onto the ground."""

    time_ms: int
    east_m: float
    north_m: float
    forward: tuple[float, float]
    left: tuple[float, float]
    exam_grade: bool = True


@dataclass(frozen=True, slots=True)
class LiveDevice:
    """A device of the running centre as it was last heard."""

    device_id: str
    simulated: bool
    state: str
    """``ok``, ``silent`` (beyond its time), ``lost`` (link down or died) or ``unheard`` (never since the start)."""
    age_s: float | None
    faults: tuple[str, ...] = ()
    outbox: int = 0
    gaps: int = 0
    rejected: int = 0
    heard_at: datetime | None = None
    latency_ms: float | None = None


@dataclass(frozen=True, slots=True)
class LiveFinding:
    """A finding of the running exam, and where the car stood at its instant."""

    number: int
    content: Mapping[str, Any]
    pose: Pose | None


@dataclass(frozen=True, slots=True)
class LiveView:
    """Everything the live page shows of one moment; sent at most ten times a second as JSON of the same names."""

    now_ms: int
    exam_id: str | None = None
    state: str | None = None
    """State of the exam (``tables.ExamState``)."""
    car_id: str | None = None
    candidate: str | None = None
    rules: str | None = None
    began_ms: int | None = None
    exercise_id: str | None = None
    exercise_began_ms: int | None = None
    pose: Pose | None = None
    speed_mps: float | None = None
    gear: int | None = None
    steering_wheel_deg: float | None = None
    points: int = 0
    limit: int = 0
    finding_count: int = 0
    is_scored_live: bool = True
    """False: nothing more of this exam is found before its end, and nobody but an operator ends it."""
    signals: Mapping[str, str] = field(default_factory=dict)
    """Element → aspect of a light, or position of a barrier."""
    elements: Mapping[str, bool] = field(default_factory=dict)
    """Beam, loop, strip → interrupted, occupied or pressed; cone → knocked."""
    devices: Sequence[LiveDevice] = ()


@dataclass(frozen=True, slots=True)
class ExamRow:
    """An exam as a list shows it."""

    exam_id: str
    car_id: str
    candidate: str
    rules: str
    state: str
    simulated: bool
    called_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    verdict: str | None
    verdict_reason: str | None
    points: int | None


@dataclass(frozen=True, slots=True)
class ExamView:
    """A closed exam with its sheet; ``sheet`` is None while it has none."""

    row: ExamRow
    sheet: Mapping[str, Any] | None
    sheet_bytes: bytes | None
    sheet_sha256: str | None
    recording: Path | None


@dataclass(frozen=True, slots=True)
class Counter:
    """How often messages of a device were refused or odd for one reason."""

    device_id: str
    reason: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A device that the centre knows, with what it last said of itself."""

    device_id: str
    gateway_id: str
    simulated: bool
    enrolled_at: datetime
    revoked_at: datetime | None
    live: LiveDevice | None


@dataclass(frozen=True, slots=True)
class HealthView:
    """How the centre itself is doing."""

    now: datetime
    clock_rate: float | None
    """None: the machine's own clock; else simulated time runs at this rate."""
    broker_connected: bool
    broker_address: str
    """Host and port, never a credential."""
    devices: Sequence[Enrolled]
    counters: Sequence[Counter]


@dataclass(frozen=True, slots=True)
class DemoFault:
    """A way to break the demo's simulated hardware, and whether it is broken so now."""

    fault_id: str
    active: bool


class TrackData(Protocol):
    """Where the pages get all of this from; ``app`` composes it."""

    def live(self) -> LiveView:
        """This moment."""

    def live_findings(self) -> Sequence[LiveFinding]:
        """The running (or last) exam's findings, oldest first."""

    def exams(self, limit: int, before: str | None) -> Sequence[ExamRow]:
        """Exams, newest first, at most so many, those called before exam ``before``."""

    def exam(self, exam_id: str) -> ExamView:
        """One exam; raises ``errors.NotFound``."""

    def health(self) -> HealthView:
        """Devices, counters, broker, clock."""

    def demo_faults(self) -> Sequence[DemoFault]:
        """What may be broken; empty outside the demo."""

    def set_demo_fault(self, fault_id: str, active: bool) -> None:
        """Break or mend; raises ``errors.NotFound``, or ``errors.Forbidden`` outside the demo."""
