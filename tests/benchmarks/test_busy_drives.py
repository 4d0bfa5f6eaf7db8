"""Drives with many mistakes."""

from __future__ import annotations

from benchmarks.busy_drives import mistakes


def test_the_same_seed_makes_the_same_mistakes_and_another_one_others() -> None:
    assert mistakes(7) == mistakes(7)
    assert len({mistakes(seed) for seed in range(8)}) > 1


def test_there_are_several_in_each_exercise_and_none_twice() -> None:
    drawn = mistakes(3)
    assert len(set(drawn)) == len(drawn)
    for exercise in ("snake", "limited-turn", "parallel-parking", "box"):
        assert sum(one.exercise == exercise for one in drawn) >= 3
