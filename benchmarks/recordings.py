"""Recordings to measure with, driven by the simulators for one run; and what one holds, device by device."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from messages.codec import decode
from messages.readings import Birth, Death, Digest, ExamAction, ExamControl, Heartbeat, Reading
from messages.recording import RecordingHeader, read_recording

ROOT = Path(__file__).parents[1]
_CHAINED_ANEW = (Birth, Death, Digest, Heartbeat)


@dataclass(frozen=True, slots=True)
class Told:
    """One reading of a recording."""

    source_time_ns: int
    device_id: str
    body: Reading


@dataclass(frozen=True, slots=True)
class Script:
    """What was said in an exam, without what belongs to the chains, and when it was started and stopped."""

    header: RecordingHeader
    told: tuple[Told, ...]
    """In source order."""
    born_ns: int
    started_ns: int
    stopped_ns: int


def drive(scenario: str, folder: Path) -> Path:
    """Drive a scenario and record it; the file's path."""
    path = folder / f"{scenario}.mcap"
    if not path.exists():
        command = [sys.executable, "-m", "simulators", "drive", scenario, "--record", str(path)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return path


def script_of(path: Path) -> Script:
    """Read a recording back into what was said."""
    recording = read_recording(path)
    envelopes = {(one.device_id, one.boot_id, one.seq): one for one in (decode(m.payload) for m in recording.messages)}
    ordered = sorted(envelopes.values(), key=lambda one: (one.source_time_ns, one.device_id, one.seq))
    orders = {one.body.action: one.source_time_ns for one in ordered if isinstance(one.body, ExamControl)}
    told = tuple(
        Told(one.source_time_ns, one.device_id, one.body)
        for one in ordered
        if not isinstance(one.body, (*_CHAINED_ANEW, ExamControl))
    )
    last = orders.get(ExamAction.STOP, ordered[-1].source_time_ns)
    return Script(recording.header, told, ordered[0].source_time_ns, orders[ExamAction.START], last)
