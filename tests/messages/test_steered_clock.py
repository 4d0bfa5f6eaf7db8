"""One process moves the demo's clock, all others see where it stands."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from messages.clock import TimeScale
from messages.steered_clock import Hand, lay_out, machine_clock


def test_without_a_clock_file_it_is_the_machines_own() -> None:
    assert machine_clock(TimeScale(5, 7, 60.0)) is time.time_ns


def test_it_stands_where_the_hand_was_moved_to(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    lay_out(path, 1_800_000_000_123_456_789)
    now_ns = machine_clock(TimeScale(0, 0, 1.0, str(path)))
    assert now_ns() == 1_800_000_000_123_456_789
    time.sleep(0.01)
    assert now_ns() == 1_800_000_000_123_456_789
    Hand(path).move_to(1_800_000_000_200_000_000)
    assert now_ns() == 1_800_000_000_200_000_000


def test_another_process_sees_it_move(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    lay_out(path, 1)
    scale = TimeScale(0, 0, 2.0, str(path))
    code = (
        "import sys; from messages.clock import TimeScale; from messages.steered_clock import machine_clock\n"
        "scale = TimeScale.parse(sys.argv[1]); now = machine_clock(scale)\n"
        "while (shown := scale.at(now())) < 10: pass\n"
        "print(shown)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(scale)], stdout=subprocess.PIPE)
    Hand(path).move_to(42)
    told, _ = other.communicate(timeout=20)
    assert int(told) == 42


@pytest.mark.parametrize("content", [None, b"", b"1234567"])
def test_a_clock_that_is_none_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "no-clock"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=r"no-clock.*cannot be read"):
        machine_clock(TimeScale(0, 0, 1.0, str(path)))
