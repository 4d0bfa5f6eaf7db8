"""The inspector of a case is drawn once, from those who can, and the record lets anybody draw again."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

import pytest

from center.casework.queue import assignment
from center.casework.queue.actions import drawing, duty
from center.casework.queue.actions.drawing import Need
from center.casework.queue.hall import Hall
from center.casework.queue.tables import InspectorDraw
from center.errors import BadRequest, Conflict, Forbidden
from center.people.powers import Actor, CaseFacts, Strength
from tests.center.casework.queue.halls import NINE, Clock, clock, hall, operator, supervisor
from tests.center.people.staff import add_account

__all__ = ["clock", "hall"]
POWER = "queue.duty"
"""Any power of the inspectors will do here."""


def _inspectors(hall: Hall, *logins: str, until: date = date(2027, 1, 1)) -> list[str]:
    with hall.database.writing() as transaction:
        accounts = [add_account(transaction, login, "police_inspector", until=until) for login in logins]
    for account in accounts:
        duty.set_duty(hall, _inspector(account), on_duty=True)
    return accounts


def _inspector(account: str) -> Actor:
    return Actor(account, frozenset({"police_inspector"}), Strength.PASSKEY)


def _need(busy: Set[str] = frozenset(), facts: CaseFacts | None = None, case_id: str = "case-1") -> Need:
    return Need(case_id, "inspect", "police_inspector", POWER, "open", facts or CaseFacts(), busy, NINE)


def _draw(hall: Hall, need: Need) -> InspectorDraw | None:
    with hall.database.writing() as transaction:
        return drawing.draw_in(transaction, hall, need)


def test_a_draw_is_recorded_so_that_it_can_be_repeated(hall: Hall) -> None:
    accounts = _inspectors(hall, "viktor", "olga", "erlan")
    made = _draw(hall, _need(busy={accounts[2]}))
    assert made is not None
    assert made.candidates == sorted(accounts[:2])
    assert made.left_out == {accounts[2]: "busy"}
    again = assignment.draw(bytes.fromhex(made.seed), "case-1", "inspect", 1, made.candidates)
    assert made.drawn == again


def test_a_step_is_drawn_for_once(hall: Hall) -> None:
    _inspectors(hall, "viktor", "olga")
    first, second = _draw(hall, _need()), _draw(hall, _need())
    assert first is not None
    assert second is not None
    assert first.id == second.id


def test_parties_their_relatives_and_those_whose_certificate_expired_are_left_out(hall: Hall) -> None:
    (viktor,) = _inspectors(hall, "viktor")
    (expired,) = _inspectors(hall, "olga", until=date(2026, 4, 13))
    (kin,) = _inspectors(hall, "erlan")
    made = _draw(hall, _need(facts=CaseFacts(concerned=frozenset({kin}))))
    assert made is not None
    assert made.drawn == viktor
    assert made.left_out == {expired: "not_qualified", kin: "may_not"}


def test_nobody_gets_a_case_by_being_free_alone_at_the_right_moment(hall: Hall, clock: Clock) -> None:
    viktor, olga = _inspectors(hall, "viktor", "olga")
    assert _draw(hall, _need(busy={olga})) is None
    clock.goes_on(seconds=300)
    made = _draw(hall, _need(busy={olga}))
    assert made is not None
    assert made.drawn == viktor


def test_who_is_off_duty_is_not_drawn(hall: Hall) -> None:
    viktor, olga = _inspectors(hall, "viktor", "olga")
    duty.set_duty(hall, _inspector(olga), on_duty=False)
    made = _draw(hall, _need())
    assert made is not None
    assert (made.drawn, made.left_out) == (viktor, {olga: "off_duty"})


def test_with_nobody_on_duty_the_case_waits(hall: Hall, clock: Clock) -> None:
    clock.goes_on(hours=3)
    assert _draw(hall, _need()) is None


def test_the_supervisor_draws_again_with_a_reason_and_for_somebody_else(hall: Hall) -> None:
    accounts = _inspectors(hall, "viktor", "olga")
    first = _draw(hall, _need())
    assert first is not None
    with hall.database.writing() as transaction:
        second = drawing.draw_again_in(transaction, hall, _need(), supervisor(), "Fell ill during the inspection.")
        assert (second.round, second.asked_by) == (2, "saule")
        assert {first.drawn, second.drawn} == set(accounts)
    with hall.database.writing() as transaction, pytest.raises(Conflict, match="No other inspector"):
        drawing.draw_again_in(transaction, hall, _need(), supervisor(), "Fell ill during the inspection.")


def test_only_the_supervisor_draws_again_and_only_after_a_draw(hall: Hall) -> None:
    _inspectors(hall, "viktor", "olga")
    with hall.database.writing() as transaction:
        with pytest.raises(Forbidden):
            drawing.draw_again_in(transaction, hall, _need(), operator(), "I would like another one.")
        with pytest.raises(Conflict, match="Nobody has been drawn"):
            drawing.draw_again_in(transaction, hall, _need(), supervisor(), "I would like another one.")
        with pytest.raises(BadRequest, match="10 to 500"):
            drawing.draw_again_in(transaction, hall, _need(), supervisor(), "because")


def test_cases_are_spread_over_the_inspectors(hall: Hall) -> None:
    accounts = _inspectors(hall, "viktor", "olga", "erlan")
    drawn = [made.drawn for number in range(30) if (made := _draw(hall, _need(case_id=f"case-{number}")))]
    assert len(drawn) == 30
    # The chance that one of three is never drawn in thirty is 2 in 100,000.
    assert set(drawn) == set(accounts)
