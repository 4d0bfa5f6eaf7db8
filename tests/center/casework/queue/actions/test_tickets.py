"""Tickets: numbered by line and day, one for each request, with a wait that is told and measured."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from center.casework.queue import queries
from center.casework.queue.actions import tickets
from center.casework.queue.actions.tickets import TicketRequest
from center.casework.queue.hall import Hall
from center.casework.queue.order import Standing
from center.casework.queue.tables import LegState, QueueLeg, QueueRequest, QueueTicket
from center.errors import BadRequest, Conflict, NotFound
from center.journal.tables import JournalEntry
from tests.center.casework.queue.halls import NINE, SERVICE, Clock, call, clock, hall, open_window, take

__all__ = ["clock", "hall"]


def test_numbers_go_up_by_line_and_begin_anew_each_day(hall: Hall, clock: Clock) -> None:
    taken = [take(hall), take(hall), take(hall, "driving_licence")]
    assert [one.number for one in taken] == ["C001", "C002", "B001"]
    clock.goes_on(hours=15)
    # 00:00 in Almaty is 19:00 UTC: the day is the centre's own.
    assert take(hall).number == "C001"


def test_the_same_request_twice_is_one_ticket(hall: Hall) -> None:
    request = TicketRequest(SERVICE, "one-click-1")
    assert tickets.take(hall, request) == tickets.take(hall, request)
    assert take(hall).number == "C002"


def test_who_goes_first_is_known_and_why_is_not_kept(hall: Hall) -> None:
    told = take(hall, ground="disability")
    assert (told.priority, told.standing) == (True, Standing.PRIORITY)
    with hall.database.reading() as transaction:
        for table in (QueueTicket, QueueLeg, QueueRequest, JournalEntry):
            rows = transaction.scalars(select(table).where(table.centre_id == transaction.centre_id)).all()
            assert rows
            assert all("disability" not in repr(vars(row)) for row in rows)


def test_the_told_wait_counts_those_before_and_its_error_is_stored(hall: Hall, clock: Clock) -> None:
    open_window(hall)
    assert take(hall).expected_s == 0
    second = take(hall)
    assert second.expected_s == 420
    call(hall)
    with hall.database.reading() as transaction:
        assert queries.ticket_numbered(transaction, "2026-04-14", "c001").error_s == 0


def test_nothing_is_told_while_no_window_serves_the_line(hall: Hall) -> None:
    open_window(hall, 1, "registration")
    assert take(hall).expected_s is None


def test_a_booked_time_counts_within_its_grace(hall: Hall) -> None:
    booked = take(hall, draft_id="d" * 36, booked_at=NINE - timedelta(minutes=15))
    assert booked.standing is Standing.BOOKED
    late = take(hall, draft_id="e" * 36, booked_at=NINE - timedelta(minutes=15, seconds=1))
    assert late.standing is Standing.IN_TURN


def test_one_draft_has_one_ticket_at_a_time(hall: Hall) -> None:
    first = take(hall, draft_id="d" * 36)
    with pytest.raises(Conflict, match="Your ticket is C001"):
        take(hall, draft_id="d" * 36)
    tickets.leave(hall, first.ticket_id)
    assert take(hall, draft_id="d" * 36).number == "C002"


def test_whoever_leaves_is_called_no_more(hall: Hall) -> None:
    open_window(hall)
    told = take(hall)
    assert tickets.leave(hall, told.ticket_id).state is LegState.LEFT
    assert tickets.leave(hall, told.ticket_id).state is LegState.LEFT
    assert call(hall) is None


def test_one_who_was_called_cannot_leave_the_line_any_more(hall: Hall) -> None:
    open_window(hall)
    told = take(hall)
    call(hall)
    with pytest.raises(Conflict, match="does not wait any more"):
        tickets.leave(hall, told.ticket_id)


def test_an_unknown_service_is_refused(hall: Hall) -> None:
    for service in ("", "parking", "'; DROP TABLE queue_tickets; --", "x" * 10_000, "\x00"):
        with pytest.raises(BadRequest, match="No line serves"):
            take(hall, service)


def test_a_key_that_is_none_is_refused(hall: Hall) -> None:
    for client_key in ("", "short", "x" * 65, "key with spaces", "key-\x00-zero", "ключ-ключ"):
        with pytest.raises(BadRequest, match="8 to 64"):
            tickets.take(hall, TicketRequest(SERVICE, client_key))


def test_an_invented_ground_is_refused(hall: Hall) -> None:
    with pytest.raises(BadRequest, match="no ground to go first"):
        take(hall, ground="friend of the director")


def test_a_ticket_that_is_none_is_not_found(hall: Hall) -> None:
    for ticket_id in ("", "x", "\x00" * 36, "0" * 36, "'" * 36):
        with pytest.raises(NotFound):
            tickets.leave(hall, ticket_id)


def test_sixty_clicks_on_thirty_kiosks_at_once_give_thirty_numbers(hall: Hall) -> None:
    numbers: list[str] = []

    def kiosk(number: int) -> None:
        request = TicketRequest(SERVICE, f"kiosk-{number // 2:04d}")
        numbers.append(tickets.take(hall, request).number)

    # Two clicks each.
    threads = [threading.Thread(target=kiosk, args=(number,)) for number in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 60
    assert sorted(set(numbers)) == [f"C{number:03d}" for number in range(1, 31)]
