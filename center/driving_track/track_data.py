"""Where the pages get what they show: the database for what was, the live hub for what is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from center.clock import Clock
from center.database import Database
from center.driving_track import queries
from center.driving_track.demo_faults import DemoFaults
from center.driving_track.live import LiveHub
from center.driving_track.queries import DeviceFacts, ExamFacts
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
from center.errors import N_, Forbidden, NotFound
from center.journal.vault import Vault
from center.settings import Settings

NAME = "name"
"""The vault's field for a candidate's name."""


class CentreData:
    """The ``TrackData`` of a running centre."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        database: Database,
        vault: Vault,
        hub: LiveHub,
        faults: DemoFaults | None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._database = database
        self._vault = vault
        self._hub = hub
        self._faults = faults
        self._names: dict[str, str] = {}

    def live(self) -> LiveView:
        """This moment."""
        view = self._hub.view
        return view if view.candidate is None else replace(view, candidate=self._name(view.candidate))

    def live_findings(self) -> Sequence[LiveFinding]:
        """The running (or last) exam's findings, oldest first."""
        return self._hub.findings

    def exams(self, limit: int, before: str | None) -> Sequence[ExamRow]:
        """Exams, newest first."""
        with self._database.reading() as transaction:
            return [self._row(one) for one in queries.exams(transaction, limit=limit, before=before)]

    def exam(self, exam_id: str) -> ExamView:
        """One exam; raises ``errors.NotFound``."""
        with self._database.reading() as transaction:
            facts = queries.exam(transaction, exam_id)
            data = queries.sheet(transaction, exam_id) if facts.sheet_sha256 else None
        recording = self._settings.recordings / facts.recording if facts.recording else None
        return ExamView(
            row=self._row(facts),
            sheet=None if data is None else msgspec.json.decode(data),
            sheet_bytes=data,
            sheet_sha256=facts.sheet_sha256,
            recording=recording if recording is not None and recording.is_file() else None,
        )

    def health(self) -> HealthView:
        """Devices, counters, broker, clock."""
        with self._database.reading() as transaction:
            devices = queries.enrolments(transaction, revoked_too=True)
            counters = queries.counters(transaction)
        live = {one.device_id: one for one in self._hub.view.devices}
        scale = self._clock.scale
        return HealthView(
            now=self._clock.now(),
            clock_rate=None if scale.is_real else scale.rate,
            broker_connected=self._hub.broker_connected,
            broker_address=_address(self._settings.broker_url),
            devices=[_enrolled(one, live) for one in devices],
            counters=[Counter(*one) for one in counters],
        )

    def demo_faults(self) -> Sequence[DemoFault]:
        """What may be broken; empty outside the demo."""
        return () if self._faults is None else self._faults.all()

    def set_demo_fault(self, fault_id: str, active: bool) -> None:
        """Break or mend; raises ``errors.NotFound``, or ``errors.Forbidden`` outside the demo."""
        if self._faults is None:
            raise Forbidden(N_("Only the demo's simulated hardware can be broken."))
        self._faults.set(fault_id, active)

    def recording(self, exam_id: str) -> Path:
        """The file of an exam's recording; raises ``errors.NotFound``."""
        view = self.exam(exam_id)
        if view.recording is None:
            raise NotFound(f"Exam {exam_id} has no recording.")
        return view.recording

    def _row(self, facts: ExamFacts) -> ExamRow:
        return ExamRow(
            exam_id=facts.exam_id,
            car_id=facts.car_id,
            candidate=self._name(facts.candidate),
            rules=facts.rules,
            state=facts.state,
            simulated=facts.simulated,
            called_at=facts.called_at,
            started_at=facts.started_at,
            ended_at=facts.ended_at,
            verdict=facts.verdict,
            verdict_reason=facts.verdict_reason,
            points=facts.points,
        )

    def _name(self, subject: str) -> str:
        """Who a subject of the vault is; a forgotten one stays a number."""
        if subject not in self._names:
            if len(self._names) > 500:
                self._names.clear()
            self._names[subject] = self._vault.reveal(subject).get(NAME, subject)
        return self._names[subject]


def _enrolled(device: DeviceFacts, live: dict[str, LiveDevice]) -> Enrolled:
    heard = live.get(device.device_id) if device.revoked_at is None else None
    return Enrolled(
        device.device_id, device.gateway_id, device.simulated, device.enrolled_at, device.revoked_at, heard
    )  # fmt: skip


def _address(broker_url: str) -> str:
    parts = urlsplit(broker_url)
    return f"{parts.hostname}:{parts.port or (8883 if parts.scheme == 'mqtts' else 1883)}"
