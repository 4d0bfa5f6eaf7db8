"""A step that is drawn by lot gets its holder by itself, from nobody's hand, and keeps to the draw."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from center.casework import queries
from center.casework.actions.acting import act
from center.casework.case import CaseState, Holder, HolderKind
from center.casework.queue import draw_queries, policy_file
from center.casework.queue import queries as hall_queries
from center.casework.queue.actions import assigning, duty
from center.casework.queue.actions.assigning import AnotherDraw
from center.casework.queue.hall import Hall
from center.casework.queue.tables import InspectorDraw
from center.database import Database
from center.errors import BadRequest, Conflict, Forbidden
from center.people import powers_file
from center.people.powers import Actor
from tests.center.casework.queue.halls import NINE, Clock, clock, hall, key, supervisor
from tests.center.casework.sample_cases import AKBOTA, SUPERVISOR, command, do, staff
from tests.center.people.staff import add_account
from tests.sampling import sample

__all__ = ["clock", "hall"]
REASON = "Fell ill during the inspection."
UNITS = "5e" * 32
"""Commitment to the numbers read off the vehicle."""
WAITS = Holder(HolderKind.QUEUE, "police_inspector")
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.center.casework.queue.actions.test_assigning"])


def _inspectors(hall: Hall, *logins: str) -> list[Actor]:
    """People on duty."""
    with hall.database.writing() as transaction:
        ids = [add_account(transaction, login, "police_inspector", until=date(2027, 1, 1)) for login in logins]
    found = [staff(account, "police_inspector") for account in ids]
    for one in found:
        duty.set_duty(hall, one, on_duty=True)
    return found


def _accepted(hall: Hall) -> CaseState:
    """A case whose inspection is due."""
    opened = do(hall.database, AKBOTA, command("case.open", service="vehicle_inspection"), hall.now())
    _do(hall, AKBOTA, "step.take", opened.case_id, "accept")
    papers = {"documents": ["identity", "technical_document"], "consent": ["persons", "pledged"]}
    return _do(hall, AKBOTA, "step.complete", opened.case_id, "accept", **papers)


def _do(hall: Hall, who: Actor, kind: str, case_id: str, step: str | None = None, **payload: Any) -> CaseState:
    return do(hall.database, who, command(kind, case_id, step, **payload), hall.now())


def _state(hall: Hall, case_id: str) -> CaseState:
    with hall.database.reading() as transaction:
        return queries.case_state(transaction, case_id)


def _holder(hall: Hall, case_id: str) -> Holder | None:
    return _state(hall, case_id).holder_of("inspect")


def _draws(hall: Hall, case_id: str) -> list[InspectorDraw]:
    with hall.database.reading() as transaction:
        return list(hall_queries.draws(transaction, case_id))


def _assignments(hall: Hall, case_id: str) -> list[dict[str, Any]]:
    with hall.database.reading() as transaction:
        done = queries.actions(transaction, case_id)
    return [dict(one.payload) for one in done if (one.kind, one.actor) == ("step.assign", "queue")]


def test_a_step_that_is_due_is_drawn_for_and_held_by_whom_the_lot_names(hall: Hall) -> None:
    people = _inspectors(hall, "viktor", "natalya")
    case = _accepted(hall).case_id
    assert _holder(hall, case) == WAITS
    assert assigning.assign_waiting(hall) == 1
    (drawn,) = _draws(hall, case)
    assert drawn.candidates == sorted(one.account_id for one in people)
    assert _holder(hall, case) == Holder(HolderKind.PERSON, drawn.drawn)
    assert _assignments(hall, case) == [{"to": drawn.drawn, "draw": drawn.id}]
    assert assigning.assign_waiting(hall) == 0


def test_nobody_takes_the_step_gives_it_back_or_names_another(hall: Hall) -> None:
    viktor, natalya = _inspectors(hall, "viktor", "natalya")
    case = _accepted(hall).case_id
    with pytest.raises(Conflict, match="drawn by lot"):
        _do(hall, viktor, "step.take", case, "inspect")
    assigning.assign_waiting(hall)
    holder = _holder(hall, case)
    assert holder is not None
    drawn, other = (viktor, natalya) if holder.name == viktor.account_id else (natalya, viktor)
    with pytest.raises(Conflict, match="drawn by lot"):
        _do(hall, drawn, "step.release", case, "inspect")
    with pytest.raises(Conflict, match="drawn by lot"):
        _do(hall, SUPERVISOR, "step.reassign", case, "inspect", to=other.account_id, reason=REASON)
    with pytest.raises(Conflict, match="somebody else"):
        _do(hall, other, "step.complete", case, "inspect", units=UNITS)
    assert _do(hall, drawn, "step.complete", case, "inspect", units=UNITS).steps["inspect"] == "done"


def test_nothing_that_anybody_may_take_from_the_queue_is_assigned(hall: Hall) -> None:
    (viktor,) = _inspectors(hall, "viktor")
    case = do(hall.database, AKBOTA, command("case.open", service="records_certificate"), NINE).case_id
    asked = command("step.assign", case, "accept", to=viktor.account_id)
    with hall.database.writing() as transaction, pytest.raises(Conflict, match="not drawn by lot"):
        act(transaction, assigning.QUEUE, asked, NINE)


def test_with_nobody_on_duty_the_step_waits_in_the_roles_queue_and_is_drawn_once_somebody_is(hall: Hall) -> None:
    (viktor,) = _inspectors(hall, "viktor")
    duty.set_duty(hall, viktor, on_duty=False)
    case = _accepted(hall).case_id
    assert assigning.assign_waiting(hall) == 0
    assert _holder(hall, case) == WAITS
    with hall.database.reading() as transaction:
        assert [one.case_id for one in draw_queries.steps_to_draw(transaction)] == [case]
    duty.set_duty(hall, viktor, on_duty=True)
    assert assigning.assign_waiting(hall) == 1
    assert _holder(hall, case) == Holder(HolderKind.PERSON, viktor.account_id)


def test_duty_ends_with_the_centres_day_and_is_taken_up_again(hall: Hall, clock: Clock) -> None:
    (viktor,) = _inspectors(hall, "viktor")
    # 23:59 of the same day, and then midnight.
    clock.goes_on(hours=14, minutes=59)
    with hall.database.reading() as transaction:
        assert draw_queries.duties(transaction, hall.day_began(hall.now()))[viktor.account_id].on_duty
    clock.goes_on(minutes=1)
    case = _accepted(hall).case_id
    assert assigning.assign_waiting(hall) == 0
    duty.set_duty(hall, viktor, on_duty=True)
    assert assigning.assign_waiting(hall) == 1
    assert _holder(hall, case) == Holder(HolderKind.PERSON, viktor.account_id)


def test_who_has_a_case_in_hand_gets_no_second_one_while_it_goes_on(hall: Hall, clock: Clock) -> None:
    _inspectors(hall, "viktor", "natalya")
    first, second, third = (_accepted(hall).case_id for _ in range(3))
    assert assigning.assign_waiting(hall) == 1
    clock.goes_on(minutes=5)
    assert assigning.assign_waiting(hall) == 1
    holders = [_holder(hall, one) for one in (first, second)]
    assert holders[0] != holders[1]
    clock.goes_on(hours=1)
    assert assigning.assign_waiting(hall) == 0
    assert _holder(hall, third) == WAITS
    # An investigation may take weeks; whoever waits for it is free.
    _do(hall, SUPERVISOR, "case.suspend", first, reference="police-17", reason=REASON)
    assert assigning.assign_waiting(hall) == 1
    assert _holder(hall, third) == holders[0]


def test_for_a_suspended_case_nobody_is_drawn_until_it_goes_on(hall: Hall) -> None:
    _inspectors(hall, "viktor")
    case = _accepted(hall).case_id
    _do(hall, SUPERVISOR, "case.suspend", case, reference="police-17", reason=REASON)
    assert assigning.assign_waiting(hall) == 0
    _do(hall, SUPERVISOR, "case.resume", case, reason=REASON)
    assert assigning.assign_waiting(hall) == 1


def test_two_that_draw_at_once_make_one_draw_for_each_step(hall: Hall, clock: Clock) -> None:
    _inspectors(hall, "viktor", "natalya", "erlan", "olga")
    cases = [_accepted(hall).case_id for _ in range(3)]
    clock.goes_on(minutes=5)
    threads = [threading.Thread(target=assigning.assign_waiting, args=(hall,)) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [len(_draws(hall, one)) for one in cases] == [1, 1, 1]
    assert len({_holder(hall, one) for one in cases}) == 3


def _again(hall: Hall, case: str, client_key: str = "", reason: str = REASON, actor: Actor | None = None) -> None:
    asked = AnotherDraw(case, "inspect", reason, client_key or f"another-draw-{key()}")
    assigning.draw_again(hall, actor or supervisor(), asked)


def test_the_supervisor_has_another_one_drawn_once_for_one_key_and_never_the_same(hall: Hall) -> None:
    people = {one.account_id for one in _inspectors(hall, "viktor", "natalya")}
    case = _accepted(hall).case_id
    with pytest.raises(Conflict, match="nobody's hands"):
        _again(hall, case)
    assigning.assign_waiting(hall)
    for _ in range(2):
        _again(hall, case, "one-click-0001-0001")
    first, second = _draws(hall, case)
    assert {first.drawn, second.drawn} == people
    assert (second.asked_by, second.reason) == ("saule", REASON)
    assert _holder(hall, case) == Holder(HolderKind.PERSON, second.drawn)
    with pytest.raises(Conflict, match="No other inspector"):
        _again(hall, case)
    with pytest.raises(BadRequest, match="10 to 500"):
        _again(hall, case, reason="so")
    with pytest.raises(Forbidden):
        _again(hall, case, actor=AKBOTA)


def test_a_supervisor_who_waits_until_one_is_left_does_not_choose_by_it(hall: Hall, clock: Clock) -> None:
    _inspectors(hall, "viktor", "natalya", "erlan")
    first, second = _accepted(hall).case_id, _accepted(hall).case_id
    clock.goes_on(minutes=5)
    assert assigning.assign_waiting(hall) == 2
    with pytest.raises(Conflict, match="fewer than 2 is none"):
        _again(hall, first)
    assert len(_draws(hall, first)) == 1
    holder = _holder(hall, second)
    assert holder is not None
    _do(
        hall,
        staff(holder.name, "police_inspector"),
        "step.complete",
        second,
        "inspect",
        units=UNITS,
        late_reason=REASON,
    )
    _again(hall, first)
    assert len(_draws(hall, first)[1].candidates) == 2


def test_a_supervisor_who_is_a_party_has_nobody_drawn_again(hall: Hall) -> None:
    _inspectors(hall, "viktor", "natalya")
    case = _accepted(hall).case_id
    assigning.assign_waiting(hall)
    _do(hall, AKBOTA, "parties.record", case, parties=["p-1"], concerned=["saule"])
    with pytest.raises(Forbidden, match="party"):
        _again(hall, case)


def _done_again(hall: Hall, case: str) -> str:
    """The inspection is done, and then to be done again; who had it."""
    assigning.assign_waiting(hall)
    holder = _holder(hall, case)
    assert holder is not None
    _do(hall, staff(holder.name, "police_inspector"), "step.complete", case, "inspect", units=UNITS)
    _do(hall, SUPERVISOR, "case.correct", case, "inspect", reason=REASON)
    return holder.name


def test_a_step_that_is_done_again_goes_to_who_was_drawn(hall: Hall) -> None:
    _inspectors(hall, "viktor", "natalya")
    case = _accepted(hall).case_id
    had_it = _done_again(hall, case)
    assert assigning.assign_waiting(hall) == 1
    assert _holder(hall, case) == Holder(HolderKind.PERSON, had_it)
    assert (len(_draws(hall, case)), len(_assignments(hall, case))) == (1, 2)


def test_unless_they_went_off_duty_and_then_another_one_is_drawn_with_the_reason_noted(hall: Hall) -> None:
    people = {one.account_id: one for one in _inspectors(hall, "viktor", "natalya")}
    case = _accepted(hall).case_id
    had_it = _done_again(hall, case)
    duty.set_duty(hall, people[had_it], on_duty=False)
    assert assigning.assign_waiting(hall) == 1
    last = _draws(hall, case)[-1]
    assert (last.round, last.asked_by, last.reason) == (2, "system:queue", "off_duty")
    assert last.drawn != had_it


def draw_and_die(url: str, centre_id: str, statements: int) -> None:
    """A server that is killed before so many statements of its turn have reached the database."""
    database = Database(url, centre_id)
    left = iter(range(statements))

    def count(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", count)
    assigning.assign_waiting(Hall(database, powers_file.load(), policy_file.load, lambda: NINE, "Asia/Almaty"))


@pytest.mark.parametrize("moment", sample(range(18, 42), 2, name="moments of a kill within a draw"))
def test_a_kill_between_draw_and_assignment_leaves_no_draw_without_holder_and_no_second_draw(
    hall: Hall, moment: int
) -> None:
    _inspectors(hall, "viktor", "natalya")
    case = _accepted(hall).case_id
    url = hall.database.engine.url.render_as_string(hide_password=False)
    process = _CONTEXT.Process(target=draw_and_die, args=(url, hall.database.centre_id, moment))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    assert len(_draws(hall, case)) == len(_assignments(hall, case))
    assigning.assign_waiting(hall)
    (drawn,) = _draws(hall, case)
    assert _assignments(hall, case) == [{"to": drawn.drawn, "draw": drawn.id}]
    assert _holder(hall, case) == Holder(HolderKind.PERSON, drawn.drawn)
