"""A serial line that nobody reads never holds its twin up."""

from __future__ import annotations

import time
from pathlib import Path

import serial

from simulators.terminals import SerialLine


def test_what_is_written_can_be_read_under_the_lines_name(tmp_path: Path) -> None:
    line = SerialLine(tmp_path / "car-1-gnss")
    with serial.Serial(str(line.name), timeout=1) as port:
        line.write(b"$GNGGA,1*00\r\n\xff\x03\x00")
        assert port.read(16) == b"$GNGGA,1*00\r\n\xff\x03\x00"
    line.close()
    assert not line.name.exists()


def test_a_line_that_nobody_reads_drops_and_never_waits(tmp_path: Path) -> None:
    line = SerialLine(tmp_path / "car-1-can")
    began = time.monotonic()
    for _ in range(2000):
        line.write(b"t1208" + b"0" * 16 + b"0000\r")
    assert time.monotonic() - began < 1.0
    assert line.dropped_bytes > 10_000
    line.close()


def test_after_a_pause_new_bytes_come_through(tmp_path: Path) -> None:
    line = SerialLine(tmp_path / "car-1-can")
    for _ in range(2000):
        line.write(b"old bytes that fill the buffer\r")
    with serial.Serial(str(line.name), timeout=1) as port:
        port.reset_input_buffer()
        line.write(b"new\r")
        assert port.read_until(b"new\r").endswith(b"new\r")
    line.close()


def test_it_tells_what_is_unread_whatever_the_kernel_still_has_in_hand(tmp_path: Path) -> None:
    line = SerialLine(tmp_path / "car-1-can")
    with serial.Serial(str(line.name), timeout=1) as port:
        assert line.unread_bytes == 0
        for number in range(1, 201):
            line.write(b"t1208" + b"0" * 16 + b"0000\r")
            assert line.unread_bytes > 0
            assert len(port.read(26)) == 26
            assert line.unread_bytes == 0, number
    line.close()


def test_an_old_name_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "car-1-gnss").symlink_to("/dev/null")
    line = SerialLine(tmp_path / "car-1-gnss")
    assert str(line.name.readlink()).startswith("/dev/pts/")
    line.close()
