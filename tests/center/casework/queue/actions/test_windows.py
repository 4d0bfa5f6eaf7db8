"""Windows: one person each, and the supervisor moves people with a reason that stays."""

from __future__ import annotations

import pytest

from center.casework.fields import BadFields
from center.casework.queue import board, queries
from center.casework.queue.actions import calling, windows
from center.casework.queue.hall import Hall
from center.casework.queue.queries import WindowFacts
from center.casework.queue.tables import WindowState
from center.errors import BadRequest, Conflict, Forbidden, NotFound
from tests.center.casework.queue.halls import call, clock, hall, open_window, operator, served, supervisor, take

__all__ = ["clock", "hall"]
DANA = operator("dana")


def _windows(hall: Hall) -> list[WindowFacts]:
    with hall.database.reading() as transaction:
        return queries.windows(transaction)


def test_a_window_is_set_up_opened_paused_and_closed(hall: Hall) -> None:
    open_window(hall)
    assert [(one.number, one.state, one.account_id) for one in _windows(hall)] == [(1, WindowState.OPEN, "akbota")]
    windows.pause(hall, operator())
    assert _windows(hall)[0].state is WindowState.PAUSED
    with pytest.raises(Conflict, match="no open window"):
        call(hall)
    windows.open_window(hall, operator(), 1)
    windows.close(hall, operator())
    windows.close(hall, operator())
    assert (_windows(hall)[0].state, _windows(hall)[0].account_id) == (WindowState.CLOSED, None)


def test_two_do_not_sit_at_one_window_nor_one_at_two(hall: Hall) -> None:
    open_window(hall)
    windows.set_up(hall, supervisor(), 2, ["records"], "The day begins.")
    with pytest.raises(Conflict, match="Somebody else sits at window 1"):
        windows.open_window(hall, DANA, 1)
    with pytest.raises(Conflict, match="You sit at window 1"):
        windows.open_window(hall, operator(), 2)


def test_the_supervisor_moves_somebody_and_says_why(hall: Hall) -> None:
    open_window(hall)
    windows.set_up(hall, supervisor(), 2, ["hand_over"], "The day begins.")
    windows.move_staff(hall, supervisor(), "akbota", 2, "Many wait for finished documents.")
    assert [(one.number, one.account_id, one.state) for one in _windows(hall)] == [
        (1, None, WindowState.CLOSED),
        (2, "akbota", WindowState.OPEN),
    ]
    with hall.database.reading() as transaction:
        move = board.staff_moves(transaction)[0]
        assert (move.account_id, move.from_window, move.to_window, move.moved_by) == ("akbota", 1, 2, "saule")
        assert move.reason == "Many wait for finished documents."


def test_nobody_is_moved_away_from_somebody_they_serve(hall: Hall) -> None:
    open_window(hall)
    windows.set_up(hall, supervisor(), 2, ["records"], "The day begins.")
    take(hall)
    leg = served(hall).leg_id
    with pytest.raises(Conflict, match="finish that visit first"):
        windows.move_staff(hall, supervisor(), "akbota", 2, "It is crowded there.")
    with pytest.raises(Conflict, match="finish that visit first"):
        windows.close(hall, operator())
    calling.finish(hall, operator(), leg)
    windows.move_staff(hall, supervisor(), "akbota", 2, "It is crowded there.")


def test_nobody_is_moved_onto_somebody_else(hall: Hall) -> None:
    open_window(hall)
    open_window(hall, 2, actor=DANA)
    with pytest.raises(Conflict, match="Somebody else sits at window 2"):
        windows.move_staff(hall, supervisor(), "akbota", 2, "It is crowded there.")
    with pytest.raises(Conflict, match="sits at no window"):
        windows.move_staff(hall, supervisor(), "nobody", 2, "It is crowded there.")


def test_a_windows_lines_can_change_while_it_is_open(hall: Hall) -> None:
    open_window(hall)
    windows.set_up(hall, supervisor(), 1, ["records", "licences", "records"], "It is crowded there.")
    (window,) = _windows(hall)
    assert (window.lines, window.state, window.account_id) == (("licences", "records"), WindowState.OPEN, "akbota")


def test_only_the_supervisor_moves_people_and_sets_up_windows(hall: Hall) -> None:
    with pytest.raises(Forbidden, match="only: supervisor"):
        windows.set_up(hall, operator(), 1, ["records"], "I would like to.")
    with pytest.raises(Forbidden, match="only: supervisor"):
        windows.move_staff(hall, operator(), "dana", 1, "I would like to.")
    with pytest.raises(Forbidden, match="only: operator"):
        windows.open_window(hall, supervisor(), 1)


def test_a_window_that_cannot_be_is_refused(hall: Hall) -> None:
    for number in (0, -1, 201, 10**30):
        with pytest.raises(BadRequest, match="between 1 and 200"):
            windows.set_up(hall, supervisor(), number, ["records"], "The day begins.")
        with pytest.raises(NotFound, match="There is no window"):
            windows.open_window(hall, operator(), number)


def test_a_reason_that_is_none_is_refused(hall: Hall) -> None:
    for reason in ("", "   ", "x" * 501, "why\x00", "why\u202e"):
        with pytest.raises(BadFields):
            windows.set_up(hall, supervisor(), 1, ["records"], reason)


def test_a_window_without_lines_or_with_invented_ones_is_refused(hall: Hall) -> None:
    for lines in ([], ["parking"]):
        with pytest.raises(BadRequest):
            windows.set_up(hall, supervisor(), 1, lines, "The day begins.")
