"""Which findings must come of what was published, and when they could be made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import fleet as fleets
from benchmarks.expected import expected, released_ns
from benchmarks.recordings import script_of
from benchmarks.shared_track import together
from center.driving_track import rule_packs
from messages.codec import decode
from messages.envelope import Envelope
from messages.readings import ExamAction, ExamControl, Heartbeat
from messages.topics import CENTRE_DEVICE

_S = 1_000_000_000


def _envelope(device_id: str, time_ns: int, body: Any = None) -> Envelope:
    return Envelope("1.0", "sarytau-1", device_id, "boot", 0, time_ns, "", body or Heartbeat())


def _at(published_ns: int, device_id: str, time_ns: int) -> tuple[int, Envelope]:
    return published_ns, _envelope(device_id, time_ns)


def test_a_reading_is_let_through_when_the_last_device_has_told_of_as_much() -> None:
    own = [_at(1, "a", 10), _at(2, "b", 10), _at(9, "c", 12), _at(5, "a", 13)]
    assert released_ns(own, 0, {"a", "b", "c"}, frozenset()) == 9


def test_a_heartbeat_of_a_device_that_speaks_steadily_tells_less() -> None:
    own = [_at(1, "a", 10), _at(2, "b", 10), _at(3, "b", 10 + 2 * _S)]
    assert released_ns(own, 0, {"a", "b"}, frozenset()) == 2
    assert released_ns(own, 0, {"a", "b"}, frozenset({"b"})) == 3


def test_the_findings_of_a_drive_are_expected_after_they_were_published(tmp_path: Path, recording: Path) -> None:
    script = script_of(recording)
    fleet = fleets.build(tmp_path, 1)
    messages = fleet.messages(together([script], [0]), script.born_ns, script.stopped_ns)
    published = [(one.source_time_ns + 1000, decode(one.payload)) for one in messages]
    exam_id, first = "exam-1", script.header.first_exercise
    orders = {
        script.born_ns: ExamAction.CALL,
        script.started_ns: ExamAction.START,
        script.stopped_ns: ExamAction.STOP,
    }
    for at_ns, action in orders.items():
        order = ExamControl(exam_id, action, "car-1", first_exercise=first, last_exercise=script.header.last_exercise)
        published.append((at_ns + 1000, _envelope(CENTRE_DEVICE, at_ns, order)))
    seconds = range(script.born_ns, script.stopped_ns, _S)
    published += [(at_ns + 1000, _envelope(CENTRE_DEVICE, at_ns)) for at_ns in seconds]
    found = expected(fleet, rule_packs.load("kz", None), 1, exam_id, published)
    assert "finish_handbrake" in {key[0] for key in found}
    assert all(script.started_ns < at_ns <= script.stopped_ns + 1000 for at_ns in found.values())
