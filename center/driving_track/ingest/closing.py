"""Closing an exam: its messages are cut from the log into a recording, and the recording itself is scored.

This runs in a process of its own, for it takes seconds that the intake does not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from center.driving_track.actions.exams import Closing
from center.driving_track.ingest.segments import Place, since
from center.driving_track.rescore import score_file
from messages import topics
from messages.intake_log import RecordedMessage
from messages.recording import RecordingHeader, write_recording


@dataclass(frozen=True, slots=True)
class ClosingJob:
    """Everything that the process needs; it reads no database."""

    intake: Path
    place: Place
    until_ns: int
    """Messages that arrived later are not the exam's."""
    recording: Path
    header: RecordingHeader
    site: bytes
    pack: bytes


def close_recording(job: ClosingJob) -> Closing:
    """Write and score the recording. Raises OSError when it cannot be written."""
    job.recording.parent.mkdir(parents=True, exist_ok=True)
    write_recording(job.recording, job.header, job.site, job.pack, _cut(job))
    sheet = score_file(job.recording).sheet
    findings = sheet.content["findings"]
    assert isinstance(findings, list)
    charged: list[dict[str, Any]] = [dict(one) for one in findings if isinstance(one, dict)]
    return Closing(
        verdict=sheet.verdict,
        reason=str(sheet.content["reason"]),
        points=sheet.points,
        sheet=sheet.data,
        sheet_sha256=sheet.sha256,
        findings=charged,
        recording=job.recording.name,
    )


def void_without_sheet(reason: str) -> Closing:
    """The attempt does not count: what happened could not be kept."""
    return Closing(
        verdict="void", reason=reason, points=None, sheet=None, sheet_sha256=None, findings=(), recording=None
    )


def _cut(job: ClosingJob) -> Iterator[RecordedMessage]:
    devices = {device.device_id for device in job.header.devices}
    for message in since(job.intake, job.place):
        if message.arrival_ns > job.until_ns:
            continue
        parts = topics.parts_of(message.topic)
        if parts is not None and parts[2] in devices:
            yield message
