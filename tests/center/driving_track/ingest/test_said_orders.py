"""Which orders of an exam a kill swallowed: those of the database that the log does not hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from center.clock import instant
from center.driving_track.ingest.said_orders import unsaid
from center.driving_track.ingest.segments import Segments
from center.driving_track.queries import ExamFacts
from messages import keys, orders, topics
from messages.chain import Chain
from messages.readings import ExamAction, ExamControl, Heartbeat

CENTRE = "sarytau-1"
KEY = keys.make()
S = 1_000_000_000
CALLED = 1_776_000_000_000_000_000
STARTED, ENDED = CALLED + 60 * S, CALLED + 90 * S
CALL, START = (ExamAction.CALL, CALLED), (ExamAction.START, STARTED)


def _facts(**changes: Any) -> ExamFacts:
    known: dict[str, Any] = dict.fromkeys(ExamFacts.__dataclass_fields__)
    known |= {"exam_id": "e", "car_id": "car-1", "called_ns": CALLED, "log_segment": "", "log_offset": 0}
    return ExamFacts(**(known | {"started_at": instant(STARTED)} | changes))


def _log(folder: Path, *said: tuple[ExamAction, int], signed: bool = True, exam_id: str = "e") -> Path:
    chain = Chain(CENTRE, topics.CENTRE_DEVICE, "01980000-0000-7000-8000-000000000000", KEY)
    segments = Segments(folder, CALLED)
    topic = topics.control_topic(CENTRE)
    for action, time_ns in said:
        order = ExamControl(exam_id, action, "car-1")
        order = orders.signed(order, CENTRE, time_ns, KEY) if signed else order
        segments.append(topic, chain.stamp(time_ns, order)[1], time_ns, time_ns)
    segments.append(topic, chain.stamp(CALLED, Heartbeat())[1], CALLED, CALLED)
    segments.append(topic, b"{", CALLED, CALLED)
    segments.sync(CALLED)
    segments.close()
    return folder


def _unsaid(log: Path, facts: ExamFacts) -> list[tuple[ExamAction, int]]:
    return unsaid(log, facts, keys.public_hex(KEY))


def test_what_the_log_holds_is_not_said_again(tmp_path: Path) -> None:
    assert _unsaid(_log(tmp_path, CALL, START), _facts()) == []


def test_a_start_that_only_the_database_knows_is_missing_with_its_own_instant(tmp_path: Path) -> None:
    assert _unsaid(_log(tmp_path, CALL), _facts()) == [START]


def test_of_a_called_exam_no_start_is_missing(tmp_path: Path) -> None:
    assert _unsaid(_log(tmp_path), _facts(started_at=None)) == [CALL]


@pytest.mark.parametrize("others", [{"signed": False}, {"exam_id": "other"}])
def test_an_order_that_is_not_authentic_or_of_another_exam_counts_as_not_said(
    tmp_path: Path, others: dict[str, Any]
) -> None:
    assert _unsaid(_log(tmp_path, CALL, START, **others), _facts()) == [CALL, START]


@pytest.mark.parametrize(
    ("reason", "action"),
    [
        ("stop", ExamAction.STOP), ("safety_stop", ExamAction.SAFETY_STOP), ("void:satellite", ExamAction.STOP),
        ("finished", None), ("storage", None),
    ],
)  # fmt: skip
def test_how_an_exam_ended_tells_which_order_there_was(tmp_path: Path, reason: str, action: ExamAction | None) -> None:
    found = _unsaid(_log(tmp_path, CALL, START), _facts(ended_ns=ENDED, end_reason=reason))
    assert found == ([] if action is None else [(action, ENDED)])
