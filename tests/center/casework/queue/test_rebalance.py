"""The hint to the supervisor names the one change that helps most, and none that does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from center.casework.queue.estimate import WindowLoad
from center.casework.queue.order import Standing, Waiting
from center.casework.queue.rebalance import Suggestion, suggestion

NOW = datetime(2026, 4, 14, 4, tzinfo=UTC)
SERVICE = {"a": 600, "b": 300}


def _hint(waiting: list[Waiting], windows: list[WindowLoad]) -> Suggestion | None:
    return suggestion(waiting, windows, SERVICE, most_favoured_in_a_row=3, now=NOW, worth_s=120)


def _waiting(line: str, count: int) -> list[Waiting]:
    return [Waiting(f"{line}{n}", line, Standing.IN_TURN, NOW - timedelta(seconds=99 - n)) for n in range(count)]


def test_an_idle_window_is_to_help_the_crowded_line() -> None:
    hint = _hint(_waiting("a", 6), [WindowLoad(1, frozenset("a")), WindowLoad(2, frozenset("b"))])
    assert hint == Suggestion(window=2, line="a", longest_before_s=3000, longest_after_s=1200)


def test_a_line_without_a_window_comes_before_all() -> None:
    hint = _hint(_waiting("b", 1), [WindowLoad(1, frozenset("a"))])
    assert hint is not None
    assert (hint.window, hint.line, hint.longest_after_s) == (1, "b", 0)


def test_what_helps_by_a_minute_is_not_worth_a_move() -> None:
    assert _hint(_waiting("a", 1), [WindowLoad(1, frozenset("a")), WindowLoad(2, frozenset("b"))]) is None
    assert _hint([], []) is None
