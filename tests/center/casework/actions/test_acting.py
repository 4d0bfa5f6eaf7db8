"""The one way in: recorded once, refused when closed, and to be folded again at any time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from center.casework import queries
from center.casework.actions.acting import act
from center.casework.case import CaseState, CaseStatus, StepStatus
from center.casework.commands import CaseCommand
from center.casework.tables import CaseAction, OpenStep
from center.database import Database
from center.errors import BadRequest, CenterError, Conflict, Forbidden, NotFound
from center.journal.tables import JournalEntry
from tests.center.casework.sample_cases import (
    AKBOTA,
    BOLAT,
    ISSUER,
    MORNING,
    REASON,
    REGISTERS,
    WALK,
    command,
    do,
    key,
    open_case,
    staff,
    walk,
)


@pytest.fixture
def database(stocked_centre: Database) -> Database:
    return stocked_centre


def _count(database: Database) -> int:
    here = CaseAction.centre_id == database.centre_id
    with database.reading() as transaction:
        return transaction.scalar(select(func.count()).select_from(CaseAction).where(here)) or 0


def test_a_case_goes_from_the_desk_to_the_hand_over(database: Database) -> None:
    state = walk(database, open_case(database))
    assert state.status is CaseStatus.COMPLETED
    assert set(state.steps.values()) == {StepStatus.DONE}
    assert state.blanks == ("AA-000001",)
    with database.reading() as transaction:
        assert transaction.scalars(select(OpenStep).where(OpenStep.case_id == state.case_id)).all() == []
        assert queries.case_row(transaction, state.case_id).number == "2026-0000001"


def test_the_state_folds_again_from_what_was_stored(database: Database) -> None:
    state = walk(database, open_case(database))
    with database.reading() as transaction:
        assert queries.case_state(transaction, state.case_id) == state


def test_every_action_is_in_the_journal_with_the_same_facts(database: Database) -> None:
    state = walk(database, open_case(database))
    with database.reading() as transaction:
        of_case = JournalEntry.subject == f"case:{state.case_id}"
        entries = list(transaction.scalars(select(JournalEntry).where(of_case).order_by(JournalEntry.place)))
        stored = queries.actions(transaction, state.case_id)
    told = [json.loads(entry.data) for entry in entries]
    assert [(one["kind"], one["facts"]["ordinal"], one["actor"]) for one in told] == [
        (f"case_action:{one.kind}", one.ordinal, one.actor) for one in stored
    ]


def test_the_same_key_again_is_the_same_action(database: Database) -> None:
    opening = command("case.open", service="records_certificate")
    first, again = do(database, AKBOTA, opening), do(database, AKBOTA, opening)
    assert first == again
    taking = command("step.take", first.case_id, "accept")
    taken = do(database, AKBOTA, taking)
    walk(database, taken, 0)
    assert do(database, AKBOTA, taking) == taken
    assert _count(database) == 2


@pytest.mark.parametrize("change", ["payload", "actor", "kind", "case"])
def test_a_key_that_belongs_to_another_action_is_refused(database: Database, change: str) -> None:
    state = walk(database, open_case(database), 1)
    other = open_case(database, BOLAT)
    asked = command("step.explain", state.case_id, "accept", reason=REASON)
    do(database, AKBOTA, asked)
    changed = {
        "payload": replace(asked, payload={"reason": REASON + " Or not."}),
        "kind": replace(asked, kind="step.release", payload={}),
        "case": replace(asked, case_id=other.case_id),
    }.get(change, asked)
    with pytest.raises(Conflict, match="another action"):
        do(database, BOLAT if change == "actor" else AKBOTA, changed)


Wrong = tuple[Callable[[CaseState], CaseCommand], type[CenterError], str]
WRONG: dict[str, Wrong] = {
    "unknown kind": (lambda s: command("case.burn", s.case_id), BadRequest, "There is no kind of action 'case.burn'"),
    "unknown case": (lambda s: command("case.withdraw", "no-such", reason=REASON), NotFound, "no case 'no-such'"),
    "zero byte in the id": (lambda s: command("case.withdraw", "\x00", reason=REASON), NotFound, "no case"),
    "unknown step": (lambda s: command("step.take", s.case_id, "dance"), BadRequest, "has no step 'dance'; it has acc"),
    "no step": (lambda s: command("step.take", s.case_id), BadRequest, "step.take names a step"),
    "a step too many": (
        lambda s: command("case.withdraw", s.case_id, "accept", reason=REASON),
        BadRequest,
        "names no step",
    ),
    "short key": (lambda s: CaseCommand("step.take", "short", s.case_id, "accept"), BadRequest, "client key has 16"),
    "unknown field": (lambda s: command("step.take", s.case_id, "accept", colour=1), BadRequest, "`colour`"),
    "missing field": (lambda s: command("case.withdraw", s.case_id), BadRequest, "missing required field `reason`"),
    "wrong type": (lambda s: command("case.withdraw", s.case_id, reason=7), BadRequest, "Expected `str`, got `int`"),
    "reason too short": (lambda s: command("case.withdraw", s.case_id, reason="no"), BadRequest, "length >= 10"),
    "reason too long": (lambda s: command("case.withdraw", s.case_id, reason="x" * 2001), BadRequest, "length <= 2000"),
    "zero byte": (
        lambda s: command("case.withdraw", s.case_id, reason="ten letters\x00"),
        BadRequest,
        "holds a character that is no text",
    ),
    "half a surrogate pair": (
        lambda s: command("case.withdraw", s.case_id, reason="ten letters\ud800"),
        BadRequest,
        "no text",
    ),
    "unknown service": (lambda s: command("case.open", service="teleport"), BadRequest, "no service 'teleport'"),
    "channel that the service has not": (
        lambda s: command("case.open", service="records_certificate", channel="mobile"),
        BadRequest,
        "no channel 'mobile'; allowed are window, home",
    ),
    "waiting step": (lambda s: command("step.take", s.case_id, "hand_over"), Conflict, "handed over” has not begun"),
    "outside step": (lambda s: command("step.take", s.case_id, "pay"), Conflict, "has not begun"),
    "queue": (
        lambda s: command("step.complete", s.case_id, "accept", documents=["identity"], consent=["persons"]),
        Conflict,
        "take it first",
    ),
    "state": (lambda s: command("case.resume", s.case_id, reason=REASON), Conflict, "under way; this is not open"),
}  # fmt: skip


def test_what_is_wrong_is_told_and_changes_nothing(database: Database) -> None:
    state = open_case(database)
    for name, (make, error, sentence) in WRONG.items():
        with pytest.raises(error, match=sentence):
            do(database, staff("boss", "operator", "supervisor"), make(state))
        assert _count(database) == 1, name


def test_the_staff_cannot_say_that_money_came(database: Database) -> None:
    state = open_case(database)
    _who, kind, step, payload, _ = WALK[3]
    with pytest.raises(Forbidden, match=r"not open to you in this way"):
        do(database, AKBOTA, command(kind, state.case_id, step, **payload))


def test_who_may_not_is_told_so(database: Database) -> None:
    state = open_case(database)
    with pytest.raises(Forbidden, match="only: operator"):
        do(database, ISSUER, command("step.take", state.case_id, "accept"))
    with pytest.raises(Forbidden, match="begins at the window"):
        do(database, REGISTERS, command("case.open", service="records_certificate"))


def test_who_accepted_does_not_decide_even_with_both_roles(database: Database) -> None:
    both = staff("both", "operator", "document_issuer")
    state = open_case(database, both)
    do(database, both, command("step.take", state.case_id, "accept"))
    do(database, both, command("step.complete", state.case_id, "accept", **WALK[1][3]))
    for who, kind, step, payload, _ in WALK[2:4]:
        do(database, who, command(kind, state.case_id, step, **payload))
    with pytest.raises(Forbidden, match="does not decide"):
        do(database, both, command("step.take", state.case_id, "produce"))


def test_nobody_acts_in_a_case_that_concerns_them(database: Database) -> None:
    state = open_case(database)
    do(database, AKBOTA, command("parties.record", state.case_id, parties=["person-1"], concerned=["bolat"]))
    with pytest.raises(Forbidden, match="relative"):
        do(database, BOLAT, command("step.take", state.case_id, "accept"))


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({"consent": ["persons"]}, "documents are missing: Identity document"),
        ({"documents": ["identity", "diary"], "consent": ["persons"]}, "asks for no document diary"),
        ({"documents": ["identity"]}, "has not agreed that the registers are asked"),
    ],
)
def test_a_step_is_not_done_without_what_it_needs(
    database: Database, payload: dict[str, list[str]], sentence: str
) -> None:
    state = walk(database, open_case(database), 1)
    with pytest.raises(BadRequest, match=sentence):
        do(database, AKBOTA, command("step.complete", state.case_id, "accept", **payload))


@pytest.mark.parametrize(("done", "step", "what"), [(5, "produce", "blank's serial"), (7, "hand_over", "signature")])
def test_blank_and_signature_are_not_optional(database: Database, done: int, step: str, what: str) -> None:
    state = walk(database, open_case(database), done)
    with pytest.raises(BadRequest, match=what):
        do(database, WALK[done][0], command("step.complete", state.case_id, step))


def test_a_closed_case_is_closed(database: Database) -> None:
    state = walk(database, open_case(database))
    for asked in (
        command("case.withdraw", state.case_id, reason=REASON),
        command("case.correct", state.case_id, "accept", reason=REASON),
        command("step.take", state.case_id, "hand_over"),
    ):
        with pytest.raises(Conflict):
            do(database, staff("boss", "operator", "supervisor"), asked)


def test_of_two_operators_one_gets_the_step(database: Database) -> None:
    state = open_case(database)
    told: list[str] = []

    def take(name: str) -> None:
        try:
            do(database, staff(name, "operator"), command("step.take", state.case_id, "accept"))
            told.append("taken")
        except Conflict:
            told.append("refused")

    threads = [threading.Thread(target=take, args=(f"operator-{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused"] * 5 + ["taken"]


@pytest.mark.parametrize("kind", ["case.open", "step.take"])
def test_a_double_click_is_one_action(database: Database, kind: str) -> None:
    state = open_case(database)
    asked = command(kind, state.case_id, "accept")
    if kind == "case.open":
        asked = command(kind, service="records_certificate")
    states: list[CaseState] = []
    threads = [threading.Thread(target=lambda: states.append(do(database, AKBOTA, asked))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(states) == 4
    assert len({one.case_id for one in states}) == 1
    assert _count(database) == 2


def test_a_step_completed_with_documents_twice_is_completed_once(database: Database) -> None:
    state = open_case(database)
    do(database, AKBOTA, command("step.take", state.case_id, "accept"))
    asked = command("step.complete", state.case_id, "accept", documents=["identity"], consent=["persons"])
    assert do(database, AKBOTA, asked) == do(database, AKBOTA, asked)
    assert _count(database) == 3


def test_an_action_that_fails_half_way_leaves_nothing(database: Database) -> None:
    state = open_case(database)

    def fail() -> None:
        with database.writing() as transaction:
            act(transaction, AKBOTA, CaseCommand("step.take", key(), state.case_id, "accept"), MORNING)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _count(database) == 1
    with database.reading() as transaction:
        assert queries.case_state(transaction, state.case_id) == state
        of_case = JournalEntry.subject == f"case:{state.case_id}"
        assert transaction.scalar(select(func.count()).select_from(JournalEntry).where(of_case)) == 1


def test_a_clock_that_went_back_does_not_turn_the_record_round(database: Database) -> None:
    state = open_case(database)
    earlier = do(database, AKBOTA, command("step.take", state.case_id, "accept"), MORNING - timedelta(minutes=5))
    assert earlier.changed_at == state.changed_at
