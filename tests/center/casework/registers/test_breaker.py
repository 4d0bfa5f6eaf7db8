"""The breaker, event by event."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from center.casework.registers.breaker import Breaker

NEW = Breaker(opens_after=3, open_for_s=30.0)
EVENTS = st.lists(st.tuples(st.sampled_from(["answered", "failed", "sent"]), st.floats(0, 100)), max_size=30)


def test_it_opens_after_so_many_failures_in_a_row() -> None:
    twice = NEW.failed(1.0).failed(2.0)
    assert twice.lets_through(2.0)
    assert not twice.failed(3.0).lets_through(3.0)


def test_an_answer_between_begins_the_count_anew() -> None:
    assert NEW.failed(1.0).failed(2.0).answered().failed(3.0).failed(4.0).lets_through(4.0)


def test_after_the_pause_one_request_tries_and_the_others_wait() -> None:
    opened = NEW.failed(1.0).failed(2.0).failed(3.0)
    assert not opened.lets_through(32.9)
    assert opened.lets_through(33.0)
    assert not opened.sent().lets_through(33.0)
    assert opened.sent().answered().lets_through(33.1)


def test_a_trial_that_fails_opens_it_for_another_pause() -> None:
    opened = NEW.failed(1.0).failed(2.0).failed(3.0).sent().failed(40.0)
    assert not opened.lets_through(69.9)
    assert opened.lets_through(70.0)


@given(EVENTS)
def test_it_never_stays_shut_longer_than_the_pause_after_the_last_failure(events: list[tuple[str, float]]) -> None:
    breaker, at_s = NEW, 0.0
    for kind, step_s in events:
        at_s += step_s
        if kind == "sent":
            if not breaker.lets_through(at_s):
                continue
            breaker = breaker.sent().failed(at_s)
        else:
            breaker = breaker.answered() if kind == "answered" else breaker.failed(at_s)
    assert breaker.lets_through(at_s + NEW.open_for_s)
