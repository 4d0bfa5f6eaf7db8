"""Source order: a sort of the closed recording, a watermark while live."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from center.driving_track.scoring.ordering import Watermark, in_source_order, is_of_exam, source_key
from messages.envelope import FIRST_PREVIOUS, SCHEMA, Envelope
from messages.readings import ExamAction, ExamControl, FixQuality, Heartbeat, SatellitePose

MS = 1_000_000
ENVELOPES = st.lists(
    st.builds(
        lambda device, seq, time_ms: Envelope(SCHEMA, "c", device, "b", seq, time_ms * MS, FIRST_PREVIOUS, Heartbeat()),
        st.sampled_from(["gnss", "can", "track"]),
        st.integers(0, 50),
        st.integers(0, 1000),
    ),
    unique_by=lambda one: (one.device_id, one.seq),
    max_size=60,
)


def envelope(device: str, seq: int, time_ms: int) -> Envelope:
    return Envelope(SCHEMA, "c", device, "b", seq, time_ms * MS, FIRST_PREVIOUS, Heartbeat())


@given(ENVELOPES, st.integers(0, 2**32))
def test_shuffling_and_doubling_change_nothing(envelopes: list[Envelope], seed: int) -> None:
    arrived = envelopes * 2
    random.Random(seed).shuffle(arrived)
    assert in_source_order(arrived) == in_source_order(envelopes)
    assert len(in_source_order(arrived)) == len(envelopes)


@given(ENVELOPES)
def test_the_order_is_by_time_device_and_sequence(envelopes: list[Envelope]) -> None:
    keys = [source_key(one) for one in in_source_order(envelopes)]
    assert keys == sorted(keys)


def test_a_reading_waits_for_the_slowest_live_device() -> None:
    mark = Watermark({"gnss": 500 * MS, "can": 500 * MS})
    mark.put(envelope("can", 0, 10), 20 * MS)
    mark.put(envelope("gnss", 0, 5), 21 * MS)
    assert [one.device_id for one in mark.ready(21 * MS)] == ["gnss"]
    mark.put(envelope("gnss", 1, 12), 25 * MS)
    assert [one.seq for one in mark.ready(25 * MS)] == [0]


def test_a_silent_device_is_waited_for_no_longer_than_its_time() -> None:
    mark = Watermark({"gnss": 500 * MS, "can": 500 * MS})
    mark.put(envelope("gnss", 0, 0), 10 * MS)
    mark.put(envelope("can", 0, 100), 110 * MS)
    assert len(list(mark.ready(120 * MS))) == 1, "only the first of the silent device"
    mark.put(envelope("can", 1, 600), 605 * MS)
    assert [one.source_time_ns // MS for one in mark.ready(605 * MS)] == [100, 600]


def test_what_comes_below_the_watermark_is_counted_as_late() -> None:
    mark = Watermark({"can": 500 * MS})
    mark.put(envelope("can", 1, 100), 101 * MS)
    assert len(list(mark.ready(101 * MS))) == 1
    mark.put(envelope("can", 0, 50), 102 * MS)
    assert (mark.late, list(mark.ready(102 * MS)), len(mark)) == (1, [], 0)


@given(ENVELOPES)
def test_what_the_watermark_lets_through_is_in_source_order(envelopes: list[Envelope]) -> None:
    mark = Watermark({"gnss": 10**12, "can": 10**12, "track": 10**12})
    passed: list[Envelope] = []
    for number, one in enumerate(envelopes):
        mark.put(one, number)
        passed += mark.ready(number)
    keys = [source_key(one)[0] for one in passed]
    assert keys == sorted(keys)
    assert len(passed) + len(mark) + mark.late == len(envelopes)


def test_what_is_older_than_the_call_is_of_no_exam_but_an_order_is() -> None:
    assert not is_of_exam(envelope("gnss", 0, 99), 100 * MS)
    assert is_of_exam(envelope("gnss", 1, 100), 100 * MS)
    order = ExamControl("exam", ExamAction.START, "car-1")
    assert is_of_exam(Envelope(SCHEMA, "c", "centre", "b", 0, 99 * MS, FIRST_PREVIOUS, order), 100 * MS)


def test_a_heartbeat_of_a_device_that_speaks_steadily_lets_no_reading_of_it_come_late() -> None:
    mark = Watermark({"gnss": 500 * MS, "track": 3000 * MS}, steady=["gnss"])
    mark.put(envelope("gnss", 0, 1000), 1010 * MS)
    mark.put(envelope("track", 0, 1000), 1010 * MS)
    assert list(mark.ready(1010 * MS)) == [], "both are words of themselves, one of a steady device"
    mark.put(pose(1, 980), 1020 * MS)
    assert [one.source_time_ns // MS for one in mark.ready(1020 * MS)] == [980]
    assert mark.late == 0
    mark.put(pose(2, 1030), 1040 * MS)
    assert [one.device_id for one in mark.ready(1040 * MS)] == ["gnss", "track"]


def pose(seq: int, time_ms: int) -> Envelope:
    body = SatellitePose(43.0, 77.0, 700.0, FixQuality.RTK_FIXED)
    return Envelope(SCHEMA, "c", "gnss", "b", seq, time_ms * MS, FIRST_PREVIOUS, body)
