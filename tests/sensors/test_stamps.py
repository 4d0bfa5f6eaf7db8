"""An adapter's round-and-round milliseconds become UTC, within the least latency, whatever the line does."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from sensors.stamps import RecordedStamps, StampClock
from tests.sensors.lines import MIDNIGHT_NS

MS = 1_000_000
BEGIN_NS = MIDNIGHT_NS + 36_000_000 * MS


def latency_ns(draw: random.Random) -> int:
    """At least 1 ms, mostly a few, now and then many."""
    return round((1.0 + draw.expovariate(0.3)) * MS) + (draw.random() < 0.02) * 80 * MS


def test_times_are_right_within_the_least_latency():
    draw = random.Random(1)
    clock = StampClock()
    errors_ns = []
    for number in range(20_000):  # 400 s: the stamps go round more than six times
        true_ns = BEGIN_NS + number * 20 * MS
        given_ns = clock.utc_ns((number * 20 + 12_345) % 60_000, true_ns + latency_ns(draw))
        errors_ns.append(given_ns - true_ns)

    assert max(map(abs, errors_ns[50:])) < 2 * MS


@pytest.mark.parametrize("drift", [-50e-6, 50e-6])
def test_a_quartz_that_drifts_is_followed(drift: float):
    draw = random.Random(2)
    clock = StampClock()
    for number in range(60_000):  # 20 minutes, in which the adapter gains or loses 60 ms
        true_ns = BEGIN_NS + number * 20 * MS
        stamp_ms = int(number * 20 * (1 + drift)) % 60_000
        given_ns = clock.utc_ns(stamp_ms, true_ns + latency_ns(draw))
        if number > 50:
            assert abs(given_ns - true_ns) < 5 * MS


def test_times_never_go_back():
    draw = random.Random(3)
    clock = StampClock()
    times = [clock.utc_ns(n * 20 % 60_000, BEGIN_NS + n * 20 * MS + draw.randrange(60) * MS) for n in range(3000)]

    assert all(before <= after for before, after in pairwise(times))


def test_frames_that_waited_in_a_buffer_keep_their_instants():
    clock = StampClock()
    for number in range(100):
        clock.utc_ns(number * 20, BEGIN_NS + number * 20 * MS)
    arrival_ns = BEGIN_NS + 10_000 * MS

    times = [clock.utc_ns(number * 20, arrival_ns) for number in range(100, 500)]

    assert times == pytest.approx([BEGIN_NS + number * 20 * MS for number in range(100, 500)], abs=2 * MS)


@pytest.mark.parametrize("pause_s", [45, 59, 61, 119, 600, 3600])
def test_a_pause_of_any_length_is_told_right(pause_s: int):
    clock = StampClock()
    clock.utc_ns(1000, BEGIN_NS)
    stamp_ms = (1000 + pause_s * 1000) % 60_000

    given_ns = clock.utc_ns(stamp_ms, BEGIN_NS + pause_s * 1000 * MS)

    assert given_ns == pytest.approx(BEGIN_NS + pause_s * 1000 * MS, abs=MS)


def test_one_damaged_stamp_counts_as_made_on_arrival_and_harms_nothing():
    clock = StampClock()
    for number in range(100):
        clock.utc_ns(number * 20, BEGIN_NS + number * 20 * MS)

    assert clock.utc_ns(9_999, BEGIN_NS + 2003 * MS) == BEGIN_NS + 2003 * MS
    assert clock.utc_ns(2_020, BEGIN_NS + 2027 * MS) == pytest.approx(BEGIN_NS + 2020 * MS, abs=MS)


def test_an_adapter_that_was_reset_is_believed_again():
    clock = StampClock()
    for number in range(100):
        clock.utc_ns(30_000 + number * 20, BEGIN_NS + number * 20 * MS)

    times = [clock.utc_ns(number * 20, BEGIN_NS + (3000 + number * 20) * MS) for number in range(10)]

    assert times == pytest.approx([BEGIN_NS + (3000 + number * 20) * MS for number in range(10)], abs=MS)


def test_frames_that_lay_in_the_buffer_at_the_start_do_not_spoil_what_follows():
    clock = StampClock()
    for number in range(50):
        clock.utc_ns(number * 20, BEGIN_NS + 1000 * MS)

    given = [clock.utc_ns(number * 20, BEGIN_NS + (number * 20 + 2) * MS) for number in range(50, 60)]

    assert given[2:] == pytest.approx([BEGIN_NS + (number * 20 + 2) * MS for number in range(52, 60)], abs=MS)


def test_a_fast_clock_allows_more_latency():
    clock = StampClock(rate=60.0)
    clock.utc_ns(0, BEGIN_NS + 290 * MS)

    clock.utc_ns(20, BEGIN_NS + 20 * MS)

    assert clock.utc_ns(1000, BEGIN_NS + 1290 * MS) == pytest.approx(BEGIN_NS + 1000 * MS, abs=MS)


def test_a_recording_runs_on_through_every_minute():
    stamps = RecordedStamps(BEGIN_NS)

    assert [stamps.utc_ns(ms, 0) for ms in (59_980, 0, 20)] == [BEGIN_NS, BEGIN_NS + 20 * MS, BEGIN_NS + 40 * MS]
