"""Whoever applied from home has come: a ticket at their time, by the rules for who is early or late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from center.casework.drafts.actions import at_home, at_window
from center.casework.drafts.actions.at_window import OtherDay
from center.casework.drafts.office import DraftOffice
from center.casework.queue.actions import tickets
from center.casework.queue.order import Standing
from center.casework.queue.queries import TicketFacts
from center.errors import Conflict, NotFound
from tests.center.casework.drafts.home import HERE, TEN, begin, book, office
from tests.center.casework.queue.halls import Clock, call, clock, hall, key, open_window, operator, take

__all__ = ["clock", "hall", "office"]
_SECOND = operator("bolat")


def _come(office: DraftOffice, code: str, ground: str = "") -> TicketFacts:
    return at_window.check_in(office, code, client_key=key(), ground=ground, address=HERE)


@pytest.mark.parametrize(
    ("minutes_after_nine", "standing", "on_time"),
    [
        (0, Standing.BOOKED, True),
        (60, Standing.BOOKED, True),
        (75, Standing.BOOKED, True),
        (76, Standing.IN_TURN, False),
    ],
)
def test_a_ticket_stands_on_the_booked_time_until_a_quarter_of_an_hour_after_it(
    office: DraftOffice, clock: Clock, minutes_after_nine: int, standing: Standing, on_time: bool
) -> None:
    code = begin(office)
    book(office, code)
    clock.goes_on(minutes=minutes_after_nine)
    ticket = _come(office, code)
    assert (ticket.standing, ticket.due_at) == (standing, TEN if on_time else None)
    assert ticket.draft_id == at_home.look(office, code, HERE).facts.draft_id


def test_early_is_called_only_if_nobody_else_waits_and_at_the_time_first(office: DraftOffice, clock: Clock) -> None:
    code = begin(office)
    book(office, code)
    open_window(office.hall)
    booked, in_turn = _come(office, code), take(office.hall)
    first = call(office.hall)
    assert first is not None
    assert first.number == in_turn.number
    other = begin(office)
    clock.goes_on(hours=1)
    also_in_turn = _come(office, other)
    assert also_in_turn.standing is Standing.IN_TURN
    open_window(office.hall, 2, actor=_SECOND)
    second = call(office.hall, _SECOND)
    assert second is not None
    assert second.number == booked.number


def test_whoever_shows_the_code_again_has_the_same_ticket_and_after_leaving_the_same_time(office: DraftOffice) -> None:
    code = begin(office)
    book(office, code)
    ticket = _come(office, code)
    assert _come(office, code).ticket_id == ticket.ticket_id
    look = at_home.look(office, code, HERE)
    assert look.booking is not None
    assert look.booking.starts_at == TEN
    tickets.leave(office.hall, ticket.ticket_id)
    again = _come(office, code)
    assert again.ticket_id != ticket.ticket_id
    assert (again.standing, again.due_at) == (Standing.BOOKED, TEN)


def test_a_time_of_another_day_is_not_used_up(office: DraftOffice) -> None:
    code, tomorrow = begin(office), TEN + timedelta(days=1)
    book(office, code, tomorrow)
    with pytest.raises(OtherDay) as told:
        _come(office, code)
    assert told.value.starts_at == tomorrow
    assert book(office, code, TEN) == TEN
    assert _come(office, code).due_at == TEN


def test_who_goes_first_does_so_without_a_time_too(office: DraftOffice) -> None:
    assert _come(office, begin(office), "veteran").standing is Standing.PRIORITY


def test_no_ticket_comes_of_a_code_of_nobody_or_of_a_draft_that_is_over(office: DraftOffice) -> None:
    with pytest.raises(NotFound):
        _come(office, "0000-0000-0000-0000")
    code = begin(office)
    at_home.withdraw(office, code, HERE)
    with pytest.raises(Conflict, match="not open any more"):
        _come(office, code)
