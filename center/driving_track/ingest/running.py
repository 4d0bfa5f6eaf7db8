"""One exam while it runs: readings wait for their turn, then the scorer folds them; what it finds is provisional."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any

from center.driving_track.ingest.catching_up import CatchUp
from center.driving_track.ingest.chain_watch import Trust
from center.driving_track.ingest.losses import Losses
from center.driving_track.queries import ExamFacts
from center.driving_track.scoring.exam import ExamScorer
from center.driving_track.scoring.faults import Finding, Outcome, judge
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.ordering import Watermark, is_of_exam
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.points import Verdict, tally
from center.driving_track.scoring.rules import Edition
from center.driving_track.scoring.score_sheet import finding_content
from center.driving_track.views import LiveFinding, Pose
from messages import topics
from messages.envelope import Envelope
from messages.geodesy import LocalFrame
from messages.readings import ExamControl
from messages.site import Site

_log = logging.getLogger(__name__)
_S = 1_000_000_000
_SLACK_MACHINE_S = 0.5
"""At a high rate of simulated time a moment on the way is long; nobody counts as silent within so much machine time."""
_PROVISIONAL_EVERY_S = 0.5
_SAME_WITHIN_MS = 20_000
_CALM_S = 1.0
"""Of the machine's time, without another late reading: an outbox is empty again."""
_CATCH_UP_EVERY_S = 10.0

Key = tuple[Any, ...]


class RunningExam:
    """Owned by the intake's thread."""

    def __init__(
        self, facts: ExamFacts, site: Site, edition: Edition, frame: LocalFrame, devices: Sequence[str], rate: float
    ) -> None:
        self.facts = facts
        self.devices = frozenset(devices)
        self.pending: list[dict[str, Any]] = []
        """Findings that are not stored yet."""
        self.findings: list[LiveFinding] = []
        self.points = 0
        """So far, by what is definite."""
        self.finished_ns: int | None = None
        self.voided_by: str | None = None
        """The reason (``void:<source>``) for which nothing that may still come can make this attempt count."""
        self._edition = edition
        self._new_scorer = partial(ExamScorer, site, site.car(facts.car_id), edition, frame, facts.exam_id)
        self._scorer: ExamScorer | None = self._new_scorer()
        self._watermark = Watermark(_silent_after_ns(site, devices, rate), steady_devices(site))
        self._losses = Losses(site, site.car(facts.car_id), edition)
        self._overdue: list[Envelope] = []
        """Orders that came behind the readings, as after an outage."""
        self._settled: list[LiveFinding] = []
        self._poses: dict[Key, Pose | None] = {}
        """Where the car stood when a finding was first seen."""
        self._stored: set[Key] = set()
        self._judged: list[Finding] = []
        self._late_at: float | None = None
        """When the last reading came that the scorer lacks (machine's monotonic seconds), None if it lacks none."""
        self._caught_up_at = -_CATCH_UP_EVERY_S
        self._catch_up: CatchUp | None = None
        self._is_fresh = False
        self._looked_at = 0.0

    @property
    def late(self) -> int:
        """Readings that came after the watermark had passed them: only the final sheet has them."""
        return self._watermark.late

    @property
    def point(self) -> PathPoint | None:
        """Where the car is by the filter."""
        return None if self._scorer is None else self._scorer.latest_point

    @property
    def exercise(self) -> tuple[str, int] | None:
        """The exercise that runs, and when it began (UTC ns)."""
        return None if self._scorer is None else self._scorer.current_exercise

    def remember(self, stored: Iterable[Mapping[str, Any]]) -> None:
        """Findings that were stored before a restart are not stored again."""
        self._stored.update(_key(content) for content in stored)

    def put(self, envelope: Envelope, arrival_ns: int, trust: Trust) -> None:
        """Take in a reading; only one of a sound chain is scored live.

        An order is taken in any case, as from the recording: an exam must begin and end.
        """
        if not is_of_exam(envelope, self.facts.called_ns):
            return
        is_order = isinstance(envelope.body, ExamControl)
        if trust is Trust.STRANGE and not is_order:
            self._losses.doubt(envelope)
            self._late_at = time.monotonic()  # it may be the device's own, started again: then the log has it
            return
        if trust is Trust.DOUBTFUL and not is_order:
            self._losses.note(envelope, taken=False)
            return
        late_before = self._watermark.late
        self._watermark.put(envelope, arrival_ns)
        is_late = self._watermark.late > late_before
        self._losses.note(envelope, taken=not is_late)
        if is_order and is_late:
            self._overdue.append(envelope)
        if self._catch_up is not None:
            self._catch_up.note_arrival(envelope)
        if is_late and (self._catch_up is None or self._catch_up.has_begun):
            self._late_at = time.monotonic()

    def advance(self, now_ns: int) -> None:
        """Fold what has come of age; what it shows for good is then ``pending``."""
        scorer = self._scorer
        if scorer is None:
            return
        try:
            overdue, self._overdue = self._overdue, []
            for envelope in (*overdue, *self._watermark.ready(now_ns)):
                scorer.feed(envelope.device_id, envelope.source_time_ns, envelope.body)
                if self._catch_up is not None:
                    self._catch_up.note_fed(envelope)
            self._settle(scorer)
        except Exception:  # noqa: BLE001
            # The live picture is lost, the exam is not: its recording is scored when it ends.
            _log.exception("Exam %s cannot be scored live any more.", self.facts.exam_id)
            self._scorer = None
            return
        self.finished_ns = scorer.ended_ns

    def look(self, *, is_shown: bool) -> None:
        """Look at what may pass again: whether the attempt is void, and if anybody sees it, provisional findings."""
        scorer, now = self._scorer, time.monotonic()
        if scorer is None or (not self._is_fresh and now - self._looked_at < _PROVISIONAL_EVERY_S):
            return
        self._looked_at, self._is_fresh = now, False
        try:
            voided = tally(self._edition, self._judged, self._losses.for_good(scorer.voids()), finished=False)
            self.voided_by = voided.reason if voided.verdict is Verdict.VOID else None
            self._show([*self._settled, *(self._passing(scorer) if is_shown else ())])
        except Exception:  # noqa: BLE001
            _log.exception("Exam %s cannot be looked at while it runs.", self.facts.exam_id)
            self._scorer = None

    @property
    def is_scored_live(self) -> bool:
        """False once the scorer has failed: then the exam does not end by itself, and its recording is scored."""
        return self._scorer is not None

    @property
    def is_catching_up(self) -> bool:
        """Whether its picture is being made anew."""
        return self._catch_up is not None

    def is_behind(self, now_s: float) -> bool:
        """Whether the scorer lacks readings, and for a while no more of them have come: an outbox is empty."""
        if self._late_at is None or self._scorer is None:
            return False
        return now_s - self._late_at >= _CALM_S and now_s - self._caught_up_at >= _CATCH_UP_EVERY_S

    def begin_again(self, log: Future[list[Envelope]]) -> None:
        """Make the picture anew from what has arrived since the call, beside the one that there is."""
        self._late_at = None
        self._catch_up = CatchUp(self._new_scorer(), log)

    def go_on(self, for_s: float) -> None:
        """Work at the new picture for so long; it is shown once it is whole."""
        catch_up = self._catch_up
        if catch_up is None:
            return
        try:
            if not catch_up.go_on(self._watermark.waiting, for_s):
                return
            self._take_over(catch_up)
        except Exception:  # noqa: BLE001
            # The picture that there is stays, and the final sheet has everything.
            _log.exception("The picture of exam %s cannot be made anew.", self.facts.exam_id)
        self._catch_up, self._caught_up_at = None, time.monotonic()

    def _take_over(self, catch_up: CatchUp) -> None:
        scorer = self._scorer = catch_up.scorer
        self._losses.made_good()
        self._judged = [self._judge(one) for one in scorer.seen]
        self._settled = [
            self._shown(finding, point)
            for finding, point in zip(self._judged, catch_up.points, strict=True)
            if finding.outcome is not Outcome.OK
        ]
        self.points = tally(self._edition, self._judged, (), finished=False).points
        self.finished_ns = scorer.ended_ns
        self._is_fresh = True
        self._store(self._settled)

    def _settle(self, scorer: ExamScorer) -> None:
        """What is new of the final observations is to be stored."""
        fresh = [self._judge(one) for one in scorer.seen[len(self._judged) :]]
        if not fresh:
            return
        self._is_fresh = True
        self._judged += fresh
        self.points = tally(self._edition, self._judged, (), finished=False).points
        self._settled += [self._shown(one, scorer.latest_point) for one in fresh if one.outcome is not Outcome.OK]
        self._store(self._settled)

    def _passing(self, scorer: ExamScorer) -> list[LiveFinding]:
        provisional = [self._judge(one) for one in scorer.observations() if one.provisional]
        return [self._shown(one, scorer.latest_point) for one in provisional if one.outcome is Outcome.FAULT]

    def _judge(self, observation: Observation) -> Finding:
        return judge(self._edition.by_id[observation.rule_id], observation, self._edition.decision)

    def _shown(self, finding: Finding, point: PathPoint | None) -> LiveFinding:
        content = dict(finding_content(finding, charged=finding.outcome is Outcome.FAULT))
        pose = self._poses.setdefault(_key(content), pose_of(point))
        return LiveFinding(0, content, pose)

    def _show(self, shown: Sequence[LiveFinding]) -> None:
        """A finding that is about the same thing as an earlier one is that one."""
        by_key: dict[Key, LiveFinding] = {}
        for one in shown:
            by_key.setdefault(_key(one.content), one)
        self.findings = [replace(one, number=place) for place, one in enumerate(by_key.values(), start=1)]

    def _store(self, settled: Sequence[LiveFinding]) -> None:
        for one in settled:
            key = _key(one.content)
            if key not in self._stored:
                self._stored.add(key)
                self.pending.append(dict(one.content))


def steady_devices(site: Site) -> frozenset[str]:
    """The devices whose readings come all the time."""
    return frozenset(device.id for device in site.devices if not topics.speaks_on_change(device.kinds))


def pose_of(point: PathPoint | None) -> Pose | None:
    """A point of the path as pages draw it."""
    if point is None:
        return None
    return Pose(
        time_ms=point.time_ns // 1_000_000,
        east_m=round(point.east_m, 4),
        north_m=round(point.north_m, 4),
        forward=(round(point.forward_east, 6), round(point.forward_north, 6)),
        left=(round(point.left_east, 6), round(point.left_north, 6)),
        exam_grade=point.exam_grade,
    )


def _key(content: Mapping[str, Any]) -> Key:
    """What a finding is about: a provisional one and the final one of the same happening share it, roughly in time."""
    happened = content["since_ms"] // _SAME_WITHIN_MS
    return content["rule"], content["exercise"], content["subject"], content["part"], happened


def _silent_after_ns(site: Site, devices: Sequence[str], rate: float) -> dict[str, int]:
    kinds = {device.id: device.kinds for device in site.devices}
    return {name: _silence_ns(kinds.get(name, ()), rate) for name in devices}


def _silence_ns(kinds: Sequence[str], rate: float) -> int:
    """The shortest ``silent_after`` of what a device speaks; one that speaks on a change is known by heartbeats."""
    own = [topics.TOPICS[kind].silent_after_s for kind in kinds]
    spoken = [one for one in own if one is not None]
    heartbeat = topics.TOPICS["heartbeat"].silent_after_s or 3.0
    return round(max(min(spoken, default=heartbeat), rate * _SLACK_MACHINE_S) * _S)
