"""No figure that leaves the centre tells of fewer than five people."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from center.casework.published.disclosure import (
    ENDINGS,
    LEAST_CASES,
    NOTHING_TOLD,
    Outcome,
    day_of_service,
    mean_tenths,
    told,
)

OUTCOMES = st.lists(st.builds(Outcome, st.sampled_from(ENDINGS), st.integers(1, 200), st.booleans()), max_size=40)


def _cases(**counts: int) -> list[Outcome]:
    return [Outcome(ending, 30, in_time=True) for ending, count in counts.items() for _ in range(count)]


def test_a_quiet_day_tells_nothing() -> None:
    assert day_of_service(_cases(completed=4)) == NOTHING_TOLD


def test_a_full_day_is_told_whole() -> None:
    day = day_of_service(_cases(completed=20, refused=6))
    assert (day.ended, day.completed, day.refused, day.withdrawn) == (26, 20, 6, 0)
    assert (day.median_minutes, day.on_time_percent) == (30, 100)


def test_two_lonely_refusals_cannot_be_had_by_subtraction() -> None:
    day = day_of_service(_cases(completed=20, refused=1, withdrawn=1))
    assert (day.ended, day.completed, day.refused, day.withdrawn) == (None, 20, None, None)


def test_the_one_who_was_late_cannot_be_had_from_the_share() -> None:
    late = [*_cases(completed=19), Outcome("completed", 90, in_time=False)]
    assert day_of_service(late).on_time_percent is None


@given(OUTCOMES)
def test_no_count_that_is_told_is_small(outcomes: list[Outcome]) -> None:
    day = day_of_service(outcomes)
    counts = (day.ended, day.completed, day.refused, day.withdrawn)
    assert all(count is None or count == 0 or count >= LEAST_CASES for count in counts)


@given(OUTCOMES)
def test_nothing_that_is_hidden_follows_from_what_is_told(outcomes: list[Outcome]) -> None:
    """Whatever is hidden could also have been another number, with the same page."""
    day = day_of_service(outcomes)
    parts = (day.completed, day.refused, day.withdrawn)
    if None in parts:
        assert day.ended is None


@given(st.integers(0, 1000))
def test_a_count_is_told_as_it_is_or_not_at_all(count: int) -> None:
    assert told(count) in (count, None)


def test_a_survey_that_few_answered_has_no_mean() -> None:
    assert mean_tenths(20, 4) is None
    assert mean_tenths(0, 0) is None
    assert mean_tenths(21, 5) == 42
    assert mean_tenths(165, 50) == 33
    assert mean_tenths(85, 20) == 43  # 4.25, and half a tenth goes up
