"""Faults that heartbeats tell: from the first heartbeat with one to the first without, and since the exam began."""

from __future__ import annotations

from center.driving_track.scoring.told_faults import ToldFault, ToldFaults

S = 1_000_000_000


def test_a_fault_lasts_from_the_first_heartbeat_with_it_to_the_first_without() -> None:
    told = ToldFaults()
    for second, faults in enumerate([(), ("no_fix",), ("no_fix", "outbox_full"), ("outbox_full",), ()]):
        told.note("gnss", second * S, faults)
    assert told.until(9 * S) == [
        ToldFault("gnss", "no_fix", None, 1 * S, 3 * S),
        ToldFault("gnss", "outbox_full", None, 2 * S, 4 * S),
    ]


def test_what_is_still_told_lasts_until_now() -> None:
    told = ToldFaults()
    told.note("north", 2 * S, ("element_failed:beam-zebra",))
    assert told.until(7 * S) == [ToldFault("north", "element_failed", "beam-zebra", 2 * S, 7 * S)]
    assert told.until(2 * S) == []


def test_another_devices_heartbeat_ends_nothing() -> None:
    told = ToldFaults()
    told.note("gnss", S, ("no_fix",))
    told.note("can", 2 * S, ())
    assert [one.until_ns for one in told.until(5 * S)] == [5 * S]


def test_what_was_told_before_the_exam_counts_from_its_beginning_or_not_at_all() -> None:
    told = ToldFaults()
    told.note("gnss", S, ("no_fix", "driver_failed"))
    told.note("gnss", 3 * S, ("no_fix",))
    told.begin(10 * S)
    assert told.until(12 * S) == [ToldFault("gnss", "no_fix", None, 10 * S, 12 * S)]
