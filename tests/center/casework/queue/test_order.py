"""Whose turn it is: those who go first do, in their order, and nobody who waits in turn is kept out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from center.casework.queue.order import Standing, Waiting, next_waiting

NOW = datetime(2026, 4, 14, 4, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def ticket(name: str, standing: Standing, waited: float, *, due: float | None = None, line: str = "a") -> Waiting:
    return Waiting(name, line, standing, NOW - minutes(waited), None if due is None else NOW + minutes(due))


def called(*waiting: Waiting, lines: frozenset[str] = frozenset("a"), in_a_row: int = 0) -> str | None:
    found = next_waiting(waiting, lines, favoured_in_a_row=in_a_row, most_favoured_in_a_row=3, now=NOW)
    return found.leg_id if found else None


TURN = ticket("in turn", Standing.IN_TURN, 60)
LATER = ticket("later", Standing.IN_TURN, 5)
PRIORITY = ticket("priority", Standing.PRIORITY, 1)
BOOKED = ticket("booked", Standing.BOOKED, 1, due=0)
EARLY = ticket("early", Standing.BOOKED, 30, due=10)
HANDED = ticket("handed over", Standing.HANDED_OVER, 1)


def test_nobody_waits() -> None:
    assert called() is None
    assert called(ticket("other", Standing.PRIORITY, 9, line="b")) is None


def test_those_who_go_first_go_in_the_order_of_their_standing() -> None:
    assert called(TURN, PRIORITY, BOOKED, HANDED) == "handed over"
    assert called(TURN, PRIORITY, BOOKED) == "booked"
    assert called(TURN, PRIORITY) == "priority"
    assert called(TURN, LATER) == "in turn"


def test_after_three_favoured_calls_one_in_turn_is_called() -> None:
    assert called(TURN, PRIORITY, in_a_row=2) == "priority"
    assert called(TURN, PRIORITY, in_a_row=3) == "in turn"
    assert called(PRIORITY, in_a_row=3) == "priority"


def test_who_comes_before_the_booked_time_is_called_only_if_nobody_else_waits() -> None:
    assert called(EARLY, LATER) == "later"
    assert called(EARLY) == "early"


def test_the_earlier_booking_goes_first_whoever_came_first() -> None:
    first, second = (
        ticket("at nine", Standing.BOOKED, 1, due=-10),
        ticket("at a quarter past", Standing.BOOKED, 30, due=-5),
    )
    assert called(second, first) == "at nine"


TICKETS = st.lists(
    st.builds(
        lambda name, standing, waited, due: ticket(str(name), standing, waited, due=due),
        st.integers(0, 10**6),
        st.sampled_from(Standing),
        st.integers(0, 300),
        st.none() | st.integers(-60, 60),
    ),
    unique_by=lambda one: one.leg_id,
    max_size=12,
)


@given(TICKETS)
def test_the_order_of_the_list_does_not_matter(waiting: list[Waiting]) -> None:
    assert called(*waiting) == called(*reversed(waiting))


@given(TICKETS)
def test_everybody_is_called_and_those_in_turn_by_every_fourth_call(waiting: list[Waiting]) -> None:
    left, in_a_row, calls_of_favoured = list(waiting), 0, 0
    while left:
        found = next_waiting(left, {"a"}, favoured_in_a_row=in_a_row, most_favoured_in_a_row=3, now=NOW)
        assert found is not None
        left.remove(found)
        in_a_row = in_a_row + 1 if found.is_favoured(NOW) else 0
        calls_of_favoured = calls_of_favoured + 1 if found.is_favoured(NOW) else 0
        if any(one.standing is Standing.IN_TURN for one in left):
            assert calls_of_favoured <= 3
