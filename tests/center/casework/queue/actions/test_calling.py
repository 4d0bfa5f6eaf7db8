"""At the window: each ticket is called once, to one window, whatever clicks and crowds do."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from center.casework.queue import board, queries
from center.casework.queue.actions import calling
from center.casework.queue.actions.tickets import TicketRequest, take_in
from center.casework.queue.hall import Hall
from center.casework.queue.order import Standing
from center.casework.queue.tables import LegState, QueueLeg, QueueWindow, WindowState
from center.errors import BadRequest, Conflict, Forbidden, NotFound
from center.people.powers import Actor, Strength
from tests.center.casework.queue.halls import (
    LINE,
    NINE,
    SERVICE,
    Clock,
    call,
    clock,
    hall,
    key,
    open_window,
    operator,
    served,
    take,
)

__all__ = ["clock", "hall"]
DAY = "2026-04-14"


def test_the_first_who_came_is_called_and_served(hall: Hall, clock: Clock) -> None:
    open_window(hall)
    first, second = take(hall), take(hall)
    told = call(hall)
    assert told is not None
    assert (told.number, told.state, told.window, told.calls) == (first.number, LegState.CALLED, 1, 1)
    started = calling.start(hall, operator(), told.leg_id)
    assert started.state is LegState.SERVING
    clock.goes_on(minutes=5)
    assert calling.finish(hall, operator(), told.leg_id).state is LegState.DONE
    following = call(hall)
    assert following is not None
    assert following.number == second.number


def test_a_double_click_calls_nobody_twice(hall: Hall) -> None:
    open_window(hall)
    take(hall), take(hall)
    once = key()
    click = calling.call_next(hall, operator(), client_key=once)
    assert click is not None
    assert calling.call_next(hall, operator(), client_key=once) == click
    with pytest.raises(Conflict, match="not finished with ticket"):
        call(hall)


def test_a_click_on_an_empty_hall_stays_a_click_on_an_empty_hall(hall: Hall) -> None:
    open_window(hall)
    once = key()
    assert calling.call_next(hall, operator(), client_key=once) is None
    take(hall)
    assert calling.call_next(hall, operator(), client_key=once) is None
    assert call(hall) is not None


def test_every_step_at_the_window_twice_is_once(hall: Hall) -> None:
    open_window(hall)
    take(hall)
    leg = served(hall).leg_id
    assert calling.start(hall, operator(), leg).state is LegState.SERVING
    assert calling.finish(hall, operator(), leg) == calling.finish(hall, operator(), leg)


def test_priority_goes_first_and_after_three_in_a_row_one_in_turn(hall: Hall, clock: Clock) -> None:
    open_window(hall)
    in_turn = take(hall)
    clock.goes_on(seconds=1)
    favoured = [take(hall, ground="veteran").number for _ in range(4)]
    called = []
    for _ in range(5):
        told = served(hall)
        called.append(told.number)
        calling.finish(hall, operator(), told.leg_id)
    assert called == [*favoured[:3], in_turn.number, favoured[3]]


def test_who_cannot_show_why_they_go_first_waits_in_turn_from_when_they_came(hall: Hall, clock: Clock) -> None:
    open_window(hall)
    claimed = take(hall, ground="veteran")
    clock.goes_on(minutes=1)
    honest = take(hall)
    told = call(hall)
    assert told is not None
    sent_back = calling.start(hall, operator(), told.leg_id, priority_shown=False)
    assert (sent_back.number, sent_back.priority, sent_back.standing) == (claimed.number, False, Standing.IN_TURN)
    following = call(hall)
    assert following is not None
    assert following.number == claimed.number, "they came before the other"
    assert honest.number != claimed.number


def test_one_who_does_not_come_is_called_three_times_and_given_up(hall: Hall, clock: Clock) -> None:
    open_window(hall)
    take(hall)
    told = call(hall)
    assert told is not None
    with pytest.raises(Conflict, match="Call 3 times before giving up; this was call 1"):
        calling.give_up(hall, operator(), told.leg_id)
    assert calling.call_again(hall, operator(), told.leg_id).calls == 1, "a double click is silent"
    for calls in (2, 3):
        clock.goes_on(seconds=20)
        assert calling.call_again(hall, operator(), told.leg_id).calls == calls
    assert calling.give_up(hall, operator(), told.leg_id).state is LegState.ABSENT
    assert call(hall) is None


def _given_up(hall: Hall, clock: Clock) -> str:
    told = call(hall)
    assert told is not None
    for _ in range(2):
        clock.goes_on(seconds=20)
        calling.call_again(hall, operator(), told.leg_id)
    return calling.give_up(hall, operator(), told.leg_id).number


def test_one_who_comes_after_all_keeps_their_place_for_half_an_hour(hall: Hall, clock: Clock) -> None:
    open_window(hall)
    take(hall)
    clock.goes_on(seconds=1)
    take(hall)
    number = _given_up(hall, clock)
    clock.goes_on(minutes=30)
    assert calling.bring_back(hall, operator(), number).state is LegState.WAITING
    assert calling.bring_back(hall, operator(), number).state is LegState.WAITING
    told = call(hall)
    assert told is not None
    assert told.number == number


def test_one_who_comes_later_takes_a_new_ticket(hall: Hall, clock: Clock) -> None:
    open_window(hall)
    take(hall)
    number = _given_up(hall, clock)
    clock.goes_on(minutes=30, seconds=1)
    with pytest.raises(Conflict, match="take a new one"):
        calling.bring_back(hall, operator(), number)


def test_a_number_that_nobody_has_is_not_brought_back(hall: Hall) -> None:
    with pytest.raises(NotFound):
        calling.bring_back(hall, operator(), "C999")
    for number in ("", "C" * 99, "C001\x00"):
        with pytest.raises(BadRequest):
            calling.bring_back(hall, operator(), number)


def test_one_who_is_handed_over_goes_before_those_who_have_not_begun(hall: Hall, clock: Clock) -> None:
    second = operator("dana")
    open_window(hall, 1)
    open_window(hall, 2, "hand_over", actor=second)
    moved = take(hall)
    leg = served(hall).leg_id
    clock.goes_on(minutes=10)
    told = calling.hand_over(hall, operator(), leg, "hand_over")
    assert (told.number, told.line, told.standing) == (moved.number, "hand_over", Standing.HANDED_OVER)
    called = call(hall, second)
    assert called is not None
    assert (called.number, called.window) == (moved.number, 2)
    with hall.database.reading() as transaction:
        legs = transaction.scalars(
            select(QueueLeg).where(QueueLeg.centre_id == transaction.centre_id).order_by(QueueLeg.ordinal)
        ).all()
        assert [(one.line, one.state) for one in legs] == [(LINE, LegState.MOVED), ("hand_over", LegState.CALLED)]


def test_a_hand_over_to_nowhere_is_refused(hall: Hall) -> None:
    open_window(hall)
    take(hall)
    leg = served(hall).leg_id
    with pytest.raises(BadRequest, match="There is no line"):
        calling.hand_over(hall, operator(), leg, "nowhere")


def test_nobody_touches_a_ticket_that_somebody_else_called(hall: Hall) -> None:
    open_window(hall)
    take(hall)
    leg = served(hall).leg_id
    for act in (calling.start, calling.finish, calling.call_again, calling.give_up):
        with pytest.raises(Forbidden, match="called by somebody else"):
            act(hall, operator("dana"), leg)


def test_a_leg_that_is_none_is_refused(hall: Hall) -> None:
    for leg_id in ("", "x" * 36, "\x00" * 36, "x" * 5000, "ж" * 36):
        with pytest.raises(Conflict, match="was not called to your window"):
            calling.finish(hall, operator(), leg_id)


def test_who_has_no_open_window_calls_nobody(hall: Hall) -> None:
    take(hall)
    with pytest.raises(Conflict, match="no open window"):
        call(hall)


def test_only_operators_call_people(hall: Hall) -> None:
    for role in ("police_inspector", "document_issuer", "supervisor", "auditor", "administrator"):
        actor = Actor("somebody", frozenset({role}), Strength.PASSKEY)
        with pytest.raises(Forbidden, match="only: operator"):
            call(hall, actor)


def test_sixty_windows_at_once_call_each_ticket_once(hall: Hall) -> None:
    desks = [operator(f"operator-{number:02d}") for number in range(60)]
    with hall.database.writing() as transaction:
        for number, desk in enumerate(desks, 1):
            transaction.add(
                QueueWindow(
                    centre_id=transaction.centre_id,
                    number=number,
                    lines=[LINE],
                    state=WindowState.OPEN,
                    account_id=desk.account_id,
                    favoured_in_a_row=0,
                    changed_at=NINE,
                )
            )
        requests = [TicketRequest(SERVICE, key()) for _ in range(50)]
        numbers = {take_in(transaction, hall, request, NINE).number for request in requests}
    called: list[str] = []
    nobody: list[None] = []

    def press(desk: Actor) -> None:
        told = call(hall, desk)
        if told is None:
            nobody.append(None)
        else:
            called.append(told.number)

    threads = [threading.Thread(target=press, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(called), len(nobody)) == (sorted(numbers), 10)


def test_the_board_shows_calls_and_chimes_once_for_each(hall: Hall, clock: Clock) -> None:
    open_window(hall)
    open_window(hall, 2, actor=operator("dana"))
    take(hall), take(hall), take(hall)
    call(hall), call(hall, operator("dana"))
    with hall.database.reading() as transaction:
        shown = board.board(transaction, hall.policy(NINE), clock.now())
    assert [(row.number, row.window, row.serving) for row in shown.rows] == [("C002", 2, False), ("C001", 1, False)]
    assert shown.cue == 2
    (records,) = [line for line in shown.lines if line.line == LINE]
    # One waits before a newcomer; two visits of 7 minutes have just begun: one ends for each of them.
    assert (records.waiting, records.open_windows, records.next_wait_s) == (1, 2, 420)
    clock.goes_on(seconds=30)
    with hall.database.reading() as transaction:
        leg = queries.ticket_numbered(transaction, DAY, "C001").leg_id
    calling.call_again(hall, operator(), leg)
    with hall.database.reading() as transaction:
        again = board.board(transaction, hall.policy(NINE), clock.now())
    assert (again.cue, again.rows[0].number) == (3, "C001")


def test_the_error_of_the_told_waits_can_be_asked(hall: Hall, clock: Clock) -> None:
    open_window(hall)
    take(hall), take(hall)
    for minutes in (0, 8):
        clock.goes_on(minutes=minutes)
        told = served(hall)
        clock.goes_on(minutes=1)
        calling.finish(hall, operator(), told.leg_id)
    with hall.database.reading() as transaction:
        told_errors = board.waits_accuracy(transaction, NINE, clock.now())
    # The second was told 7 minutes and waited 9.
    assert told_errors[LINE].tickets == 2
    assert told_errors[LINE].p90_absolute_error_s == 120
    assert told_errors[LINE].mean_error_s == 60


def test_measured_visits_shorten_what_is_told(hall: Hall, clock: Clock) -> None:
    open_window(hall)
    for _ in range(5):
        take(hall)
        told = served(hall)
        clock.goes_on(seconds=100)
        calling.finish(hall, operator(), told.leg_id)
    take(hall)
    # Five measured visits of 100 s weigh as much as the usual 420 s.
    assert take(hall).expected_s == 260


def test_a_ticket_is_bound_to_the_case_it_is_served_for(hall: Hall) -> None:
    open_window(hall)
    ticket = take(hall)
    call(hall)
    with hall.database.writing() as transaction, pytest.raises(Conflict, match="not being served at your window"):
        calling.attach_case(transaction, operator(), ticket.ticket_id, "case-1", NINE)
    with hall.database.reading() as transaction:
        leg = queries.ticket(transaction, ticket.ticket_id).leg_id
    calling.start(hall, operator(), leg)
    with hall.database.writing() as transaction:
        calling.attach_case(transaction, operator(), ticket.ticket_id, "case-1", NINE)
        assert calling.attach_case(transaction, operator(), ticket.ticket_id, "case-1", NINE).case_id == "case-1"
    with hall.database.writing() as transaction, pytest.raises(Conflict, match="another case"):
        calling.attach_case(transaction, operator(), ticket.ticket_id, "case-2", NINE)


def test_the_supervisor_sees_where_help_is_worth_it(hall: Hall, clock: Clock) -> None:
    open_window(hall, 1)
    open_window(hall, 2, "registration", actor=operator("dana"))
    for _ in range(8):
        take(hall)
    with hall.database.reading() as transaction:
        hint = board.hint(transaction, hall.policy(NINE), clock.now())
    assert hint is not None
    assert (hint.window, hint.line) == (2, LINE)
