"""The files of the intake log: in their order, and forgotten when they are old and nobody needs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from center.driving_track.ingest.segments import Place, Segments, forget, newest, segments_in, since

DAY_NS = 86_400_000_000_000


def _name(day: int) -> str:
    return f"intake-{day * DAY_NS:020d}.mcap"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A segment begun on each of the days 1 to 5, with one message each."""
    for day in range(1, 6):
        (tmp_path / "one").mkdir(exist_ok=True)
        segments = Segments(tmp_path / "one", day * DAY_NS)
        segments.append("topic", b"%d" % day, day * DAY_NS, day * DAY_NS)
        segments.sync(day * DAY_NS)
        segments.close()
        (tmp_path / "one" / _name(day)).rename(tmp_path / _name(day))
    return tmp_path


def test_messages_come_in_the_order_of_the_segments_from_a_place_on(log: Path) -> None:
    assert [one.payload for one in since(log, Place(_name(3), 0))] == [b"3", b"4", b"5"]
    assert [one.payload for one in newest(log)] == [b"5"]


def test_a_segment_that_ended_long_ago_is_forgotten(log: Path) -> None:
    assert forget(log, ended_before_ns=3 * DAY_NS + 1, needed_from=None) == [_name(1), _name(2)]
    assert segments_in(log) == [_name(3), _name(4), _name(5)]


def test_the_newest_segment_stays_however_old_it_is(log: Path) -> None:
    forget(log, ended_before_ns=1000 * DAY_NS, needed_from=None)
    assert segments_in(log) == [_name(5)]


def test_what_an_open_exam_is_to_be_cut_from_stays(log: Path) -> None:
    assert forget(log, ended_before_ns=1000 * DAY_NS, needed_from=_name(2)) == [_name(1)]
    assert forget(log, ended_before_ns=1000 * DAY_NS, needed_from=_name(2)) == []
    assert segments_in(log)[0] == _name(2)
