"""The told wait is what the hall's own rules give, and over a simulated day its error is small beside the wait."""

from __future__ import annotations

import heapq
import random
from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest

from center.casework.queue.estimate import WindowLoad, accuracy, expected_service_s, expected_waits_s
from center.casework.queue.order import Standing, Waiting, next_waiting

NOW = datetime(2026, 4, 14, 4, tzinfo=UTC)
A = frozenset({"a"})
SERVICE = {"a": 600, "b": 300}


def ticket(name: str, line: str = "a", standing: Standing = Standing.IN_TURN, waited_s: float = 0) -> Waiting:
    return Waiting(name, line, standing, NOW - timedelta(seconds=waited_s))


def waits(waiting: list[Waiting], windows: list[WindowLoad]) -> dict[str, int]:
    return expected_waits_s(waiting, windows, SERVICE, most_favoured_in_a_row=3, now=NOW)


def busy(number: int, seconds: float, lines: frozenset[str] = A) -> WindowLoad:
    return WindowLoad(number, lines, "a", NOW - timedelta(seconds=seconds))


def test_a_free_window_calls_at_once() -> None:
    assert waits([ticket("one")], [WindowLoad(1, A)]) == {"one": 0}


def test_one_waits_for_the_visit_that_goes_on_and_for_those_before() -> None:
    assert waits([ticket("two", waited_s=10), ticket("one", waited_s=20)], [busy(1, 400)]) == {"one": 200, "two": 800}


def test_two_windows_share_those_who_wait() -> None:
    told = waits([ticket("one", waited_s=9), ticket("two", waited_s=5), ticket("three")], [busy(1, 0), busy(2, 300)])
    assert told == {"one": 300, "two": 600, "three": 900}


def test_a_visit_beyond_its_usual_time_goes_on_for_a_quarter_of_it() -> None:
    assert waits([ticket("one")], [busy(1, 5000)]) == {"one": 150}


def test_whoever_goes_first_is_told_less() -> None:
    told = waits([ticket("in turn", waited_s=900), ticket("priority", standing=Standing.PRIORITY)], [busy(1, 0)])
    assert told == {"priority": 600, "in turn": 1200}


def test_nobody_is_told_anything_for_a_line_that_no_window_serves() -> None:
    assert waits([ticket("one", "b")], [WindowLoad(1, A)]) == {}
    assert waits([ticket("one")], []) == {}


def test_measured_visits_correct_the_usual_time() -> None:
    assert expected_service_s(600, []) == 600
    assert expected_service_s(600, [300] * 5) == 450
    assert 300 < expected_service_s(600, [300] * 200) < 310


def test_the_errors_are_told_as_they_are() -> None:
    assert accuracy([]) is None
    told = accuracy([-60, 0, 120])
    assert told is not None
    assert (told.tickets, told.mean_error_s, told.median_absolute_error_s, told.p90_absolute_error_s) == (
        3,
        20,
        60,
        120,
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_over_a_busy_day_the_error_is_small_beside_the_wait(seed: int) -> None:
    actual, told = _simulated_day(random.Random(seed), windows=8, people=260, every_s=54)
    errors = [actual[name] - told[name] for name in told]
    measured = accuracy([round(error) for error in errors])
    assert measured is not None
    assert measured.tickets == 260
    average_wait_s = mean(actual.values())
    assert average_wait_s > 300, "the day must be busy enough to mean something"
    assert abs(measured.mean_error_s) < 0.2 * average_wait_s
    assert measured.median_absolute_error_s < 0.35 * average_wait_s


def _simulated_day(
    chance: random.Random, *, windows: int, people: int, every_s: float
) -> tuple[dict[str, float], dict[str, float]]:
    """A hall that knows each visit's true length: what each waited, and what each was told on arrival."""
    events: list[tuple[float, int, str, int]] = []
    clock = 0.0
    for person in range(people):
        clock += chance.expovariate(1 / every_s)
        heapq.heappush(events, (clock, person, "comes", 0))
    states = {number: WindowLoad(number, frozenset("ab") if number % 2 else A) for number in range(windows)}
    waiting: list[Waiting] = []
    actual: dict[str, float] = {}
    told: dict[str, float] = {}

    def call(at: float) -> None:
        now = NOW + timedelta(seconds=at)
        for number, window in states.items():
            if window.busy_line is not None:
                continue
            row = window.favoured_in_a_row
            found = next_waiting(waiting, window.lines, favoured_in_a_row=row, most_favoured_in_a_row=3, now=now)
            if found is None:
                continue
            waiting.remove(found)
            actual[found.leg_id] = (now - found.since).total_seconds()
            row = row + 1 if found.is_favoured(now) else 0
            states[number] = WindowLoad(number, window.lines, found.line, now, row)
            length = SERVICE[found.line] * chance.lognormvariate(-0.08, 0.4)
            heapq.heappush(events, (at + length, people + number, "leaves", number))

    while events:
        at, person, what, number = heapq.heappop(events)
        now = NOW + timedelta(seconds=at)
        if what == "leaves":
            states[number] = WindowLoad(
                number, states[number].lines, favoured_in_a_row=states[number].favoured_in_a_row
            )
        else:
            standing = Standing.PRIORITY if chance.random() < 0.1 else Standing.IN_TURN
            one = Waiting(str(person), "a" if chance.random() < 0.6 else "b", standing, now)
            waiting.append(one)
            expected = expected_waits_s(waiting, list(states.values()), SERVICE, most_favoured_in_a_row=3, now=now)
            told[one.leg_id] = expected[one.leg_id]
        call(at)
    return actual, told
