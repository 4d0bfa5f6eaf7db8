"""An adapter's text becomes frames; whatever else it says is passed over or counted."""

from __future__ import annotations

import pytest

from sensors.can_frame import EXTENDED, unpack
from sensors.sources.slcan import SlcanReader


def frames(*lines: bytes) -> tuple[list[tuple[int, bytes]], dict[str, int]]:
    """The frames of some lines, and what was refused."""
    reader = SlcanReader()
    chunks = reader.feed(b"".join(line + b"\r" for line in lines), 1_000_000_000_000)
    return [unpack(chunk.data) for chunk in chunks], dict(reader.rejected)


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        (b"t2B029CF2", (0x2B0, b"\x9c\xf2")),
        (b"t2b029cf20FA0", (0x2B0, b"\x9c\xf2")),
        (b"t0000", (0, b"")),
        (b"T18FEF10020102EA5F", (0x18FEF100 | EXTENDED, b"\x01\x02")),
        (b"t7FF81122334455667788", (0x7FF, bytes.fromhex("1122334455667788"))),
    ],
)
def test_frames_are_read(line: bytes, frame: tuple[int, bytes]):
    assert frames(line) == ([frame], {})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"t2B029CF", "unreadable"),
        (b"t2B029CF2EA60", "bad_stamp"),
        (b"t2B029CF2FFFF", "bad_stamp"),
        (b"t2B029CF212", "unreadable"),
        (b"t2B09112233445566778899", "unreadable"),
        (b"tXYZ0", "unreadable"),
        (b"TFFFFFFFF0", "unreadable"),
        (b"\xff\x00\xfe", "unreadable"),
        (b"A" * 1000, "unreadable"),
    ],
)
def test_lines_that_are_no_frame_are_counted(line: bytes, reason: str):
    assert frames(line) == ([], {reason: 1})


@pytest.mark.parametrize("line", [b"", b"z", b"Z", b"\x07", b"r1230", b"R123456780", b"\n"])
def test_answers_and_remote_frames_are_passed_over(line: bytes):
    assert frames(line) == ([], {})


def test_a_frame_without_a_stamp_has_no_source_time():
    assert SlcanReader().feed(b"t2B029CF2\r", 5)[0].source_time_ns is None


def test_what_is_half_read_when_the_line_is_lost_is_counted():
    reader = SlcanReader()
    reader.feed(b"t2B029C", 5)

    reader.restart()

    assert reader.feed(b"t2B029CF2\r", 6) != []
    assert reader.rejected == {"truncated": 1}
