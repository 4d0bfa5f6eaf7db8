"""One mapping between the machine's time and the demo's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.clock import TimeScale

scales = st.builds(
    TimeScale, st.integers(0, 2**62), st.integers(0, 2**62), st.floats(0.1, 1000.0, allow_nan=False),
    st.sampled_from(["", "/tmp/clock", "/tmp/a:b"]),
)  # fmt: skip


def test_the_real_clock_changes_nothing():
    assert TimeScale().is_real
    assert TimeScale().at(1_700_000_000_123_456_789) == 1_700_000_000_123_456_789


@given(scales)
def test_a_scale_survives_being_passed_to_another_process(scale):
    assert TimeScale.parse(str(scale)) == scale


@given(scales, st.integers(0, 10**13))
def test_waking_up_at_a_time_is_waking_up_then(scale, later_ns):
    machine_ns = scale.origin_ns + later_ns
    assert abs(scale.machine_ns_at(scale.at(machine_ns)) - machine_ns) <= 6


def test_at_rate_60_a_second_is_a_minute():
    scale = TimeScale(1_000, 500, 60.0)
    assert scale.at(500 + 10**9) == 1_000 + 60 * 10**9
    assert not scale.is_real


def test_a_steered_clock_is_not_the_machines() -> None:
    scale = TimeScale(5, 0, 60.0, clock_file="/tmp/clock")
    assert not scale.is_real
    assert scale.at(7) == 7
    assert scale.machine_ns_at(7) == 7


@pytest.mark.parametrize("text", ["", "1:2", "1:2:x", "1:2:3:", "1.5:2:3", "1:2:0", "1:2:-1", "1:2:1001", "1:2:nan"])
def test_a_scale_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="time scale"):
        TimeScale.parse(text)
