"""When an exam that has ended is closed: at once when every signature reaches over its end, else after the grace."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from center.clock import instant
from center.driving_track import queries
from center.driving_track.actions import devices
from center.driving_track.actions import exams as actions
from center.driving_track.actions.devices import NewDevice
from center.driving_track.actions.exams import Call, Closing
from center.driving_track.ingest.chain_watch import ChainWatch
from center.driving_track.ingest.closing import ClosingJob
from center.driving_track.ingest.context import Context, open_context
from center.driving_track.ingest.exams import Exams
from center.driving_track.tables import Stage
from center.settings import load_settings
from messages import keys
from messages.clock import TimeScale
from messages.steered_clock import Hand, lay_out
from tests.center.driving_track.ingest.rig import SITE_FOLDER, START_NS

SECOND = 1_000_000_000
EXAM = "01990000-0000-7000-8000-00000000e8a3"
OTHER = "01990000-0000-7000-8000-00000000e8a4"


class EndedExam:
    """An exam that ended a minute after the clock began, and the centre's part that closes it."""

    def __init__(self, folder: Path) -> None:
        lay_out(folder / "clock", START_NS)
        self._hand = Hand(folder / "clock")
        settings = load_settings(
            site=SITE_FOLDER, data=folder / "data", vault=folder / "vault", control_key=folder / "control.pem",
            demo=True, time_scale=str(TimeScale(START_NS, 0, 1.0, str(folder / "clock"))),
        )  # fmt: skip
        self.context: Context = open_context(settings)
        self.grace_s = max(settings.closing_grace_s, 8.0)
        self.jobs: list[ClosingJob] = []
        self._watches: dict[str, ChainWatch] = {}
        with self.context.database.writing() as transaction:
            for one in self.context.site.devices:
                public = keys.make().public_key()
                self._watches[one.id] = ChainWatch(self.context.site.centre_id, one.id, public)
                new = NewDevice(one.id, public.public_bytes_raw().hex(), True, one.gateway)
                devices.enrol(transaction, new, actor="test", now=instant(START_NS))
            call = Call(
                exam_id=EXAM, car_id="car-1", candidate=EXAM, rules="kz@2016-01-01", first_exercise=None,
                last_exercise=None, simulated=True, called_ns=START_NS, log_segment="", log_offset=0,
            )  # fmt: skip
            actions.call(transaction, call, actor="test", now=instant(START_NS))
            transaction.flush()
            actions.start(transaction, EXAM, actor="test", now=instant(START_NS))
            transaction.flush()
            actions.end(
                transaction, EXAM, ended_ns=START_NS + 60 * SECOND, reason="finished", actor="test",
                now=instant(START_NS + 60 * SECOND),
            )  # fmt: skip

    def centre_starts(self, after_s: float) -> None:
        """As after a power cut; no device has been heard yet."""
        self.to(after_s)
        self._exams = Exams(self.context, self._watches, lambda _: False, self._submit)
        self._exams.resume({})

    def to(self, seconds: float) -> None:
        self._hand.move_to(START_NS + round(seconds * SECOND))

    def look(self) -> list[ClosingJob]:
        """The closings that have begun by now."""
        with self.context.database.reading() as transaction:
            enrolled = {one.device_id: one for one in queries.enrolments(transaction)}
        self._exams.close_what_is_complete(enrolled)
        return self.jobs

    def _submit(self, job: ClosingJob) -> Future[Closing]:
        self.jobs.append(job)
        return Future()


def _finding(rule: str) -> dict[str, Any]:
    """As the scorer tells it, in what a row of the database takes of it."""
    return {"rule": rule, "exercise": None, "outcome": "fault", "points": 100, "at_ms": START_NS // 1_000_000}


@pytest.fixture
def ended(tmp_path: Path) -> Iterator[EndedExam]:
    exam = EndedExam(tmp_path)
    yield exam
    exam.context.database.close()


def test_without_the_signatures_it_is_closed_after_the_grace_and_says_whose_are_missing(ended: EndedExam) -> None:
    ended.centre_starts(after_s=60.0)
    ended.to(60.0 + ended.grace_s - 1.0)
    assert ended.look() == []
    ended.to(60.0 + ended.grace_s + 1.0)
    (job,) = ended.look()
    assert any("car-1-gnss" in one for one in job.header.missing)


def test_a_centre_that_was_down_past_the_grace_waits_for_the_outboxes_all_the_same(ended: EndedExam) -> None:
    ended.centre_starts(after_s=3600.0)
    assert ended.look() == []
    ended.to(3600.0 + ended.grace_s - 1.0)
    assert ended.look() == []
    ended.to(3600.0 + ended.grace_s + 1.0)
    assert len(ended.look()) == 1


def test_what_is_found_in_one_turn_is_stored_in_one_transaction_and_in_order(tmp_path: Path) -> None:
    ended = EndedExam(tmp_path)
    database = ended.context.database
    with database.writing() as transaction:
        call = Call(
            exam_id=OTHER, car_id="car-2", candidate=OTHER, rules="kz@2016-01-01", first_exercise=None,
            last_exercise=None, simulated=True, called_ns=START_NS, log_segment="", log_offset=0,
        )  # fmt: skip
        actions.call(transaction, call, actor="test", now=instant(START_NS))
    with database.reading() as transaction:
        facts = queries.exam(transaction, OTHER)
    exams = Exams(ended.context, {}, lambda _: False, lambda _: Future())
    running = exams.add(facts)
    running.pending += [_finding("belt"), _finding("doors"), _finding("stall")]
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    exams.advance(START_NS)
    exams.advance(START_NS)
    with database.reading() as transaction:
        stored = queries.findings(transaction, OTHER, Stage.PROVISIONAL)
    database.close()
    assert [one["rule"] for one in stored] == ["belt", "doors", "stall"]
    assert running.pending == []
    assert len(commits) == 1
