"""Files of what hardware once wrote give the same chunks as the hardware."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sensors.can_frame import EXTENDED, unpack
from sensors.sources.capture import read_bytes, read_frames


def test_a_candump_log_gives_frames_at_their_instants(tmp_path: Path):
    log = tmp_path / "log"
    log.write_text(
        "(1733728673.651761) can0 430#FF23001FFF830400\n"
        "(1733728673.657282) vcan1 18FEF100#9CF2\r\n"
        "\n"
        "(1733728673.657283) can0 2B0#\n"
        "(1733728673.657284) can0 2B0#9CF T\n"
        "(1733728673.657285) can0 FFF#00\n"
        "half a line"
    )
    rejected: Counter[str] = Counter()

    frames = list(read_frames(log, rejected))

    assert [unpack(frame.data) for frame in frames] == [
        (0x430, bytes.fromhex("FF23001FFF830400")),
        (0x18FEF100 | EXTENDED, b"\x9c\xf2"),
        (0x2B0, b""),
    ]
    assert [frame.source_time_ns for frame in frames[:2]] == [1733728673651761000, 1733728673657282000]
    assert rejected == {"unreadable": 3}


def test_slcan_lines_give_frames_that_follow_one_another(tmp_path: Path):
    log = tmp_path / "log"
    log.write_bytes(b"t2B029CF2EA5F\rt2B029CF20013\r")
    rejected: Counter[str] = Counter()

    first, second = read_frames(log, rejected)

    assert (second.source_time_ns or 0) - (first.source_time_ns or 0) == 20_000_000
    assert not rejected


def test_a_receivers_bytes_come_whole(tmp_path: Path):
    data = bytes(range(256)) * 1000
    capture = tmp_path / "capture.ubx"
    capture.write_bytes(data)

    assert b"".join(chunk.data for chunk in read_bytes(capture)) == data
