"""However a case goes, one holder holds each open step, and the critical path's intervals sum to the elapsed time."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from center.casework import services_file
from center.casework.action_kinds import KINDS
from center.casework.case import Action, ActorKind, CaseState, StepStatus
from center.casework.critical_path import critical_holder, critical_path, holder_spans
from center.casework.fold import begin, fold, step_on

EDITION = services_file.load().on("records_certificate", datetime(2026, 4, 14, tzinfo=UTC).date())
MORNING = datetime(2026, 4, 14, 4, 30, tzinfo=UTC)
REASON = {"reason": "because of a test"}
STAFF = [step.id for step in EDITION.steps.values() if step.is_staffs]

# Anything at all, in any order: what was recorded always folds.
_MOVES = st.one_of(
    st.tuples(st.just("step.take"), st.sampled_from(STAFF), st.just({})),
    st.tuples(st.just("step.release"), st.sampled_from(STAFF), st.just({})),
    st.tuples(st.just("step.complete"), st.sampled_from(STAFF), st.just({})),
    st.tuples(st.just("step.complete"), st.sampled_from(STAFF), st.just({"late_reason": REASON["reason"]})),
    st.tuples(st.just("step.reassign"), st.sampled_from(STAFF), st.just({**REASON, "to": "bolat"})),
    st.tuples(st.just("step.remind"), st.sampled_from(list(EDITION.steps)), st.just({})),
    st.tuples(st.just("case.correct"), st.sampled_from(STAFF), st.just(REASON)),
    st.tuples(st.just("case.suspend"), st.none(), st.just({**REASON, "reference": "police-1"})),
    st.tuples(st.just("case.resume"), st.none(), st.just(REASON)),
    st.tuples(st.just("register.silent"), st.none(), st.just({"register": "persons"})),
    st.tuples(st.just("register.answered"), st.none(), st.just({"register": "persons"})),
    st.tuples(
        st.just("fee.paid"),
        st.none(),
        st.just({"payment": "p", "purpose": "records_certificate", "amount_tenge": 1081}),
    ),
    st.tuples(st.just("case.refuse"), st.none(), st.just(REASON)),
    st.tuples(st.just("case.withdraw"), st.none(), st.just(REASON)),
)
_GAPS = st.integers(0, 90_000_000).map(lambda number: timedelta(milliseconds=number))
_WALKS = st.lists(st.tuples(_MOVES, st.sampled_from(["akbota", "bolat", "ilyas"]), _GAPS), max_size=30)


def _actions(walk: Any) -> list[Action]:
    """A case's actions, as far as it is open for them."""
    opening = Action(1, "case.open", None, ActorKind.STAFF, "akbota", "operator", MORNING, {"service": EDITION.service})
    actions, at = [opening], MORNING
    state = begin(EDITION, "case", opening)
    for (kind, step, payload), actor, gap in walk:
        at += gap
        if state.status not in KINDS[kind].states or (kind.startswith("step.") and state.current(step or "") is None):
            continue
        if kind == "case.correct" and state.steps[step or ""] is not StepStatus.DONE:
            continue
        actions.append(Action(state.ordinal + 1, kind, step, ActorKind.STAFF, actor, None, at, payload))
        state = step_on(EDITION, state, actions[-1])
    return actions


def _states(actions: list[Action]) -> list[CaseState]:
    states = [begin(EDITION, "case", actions[0])]
    for action in actions[1:]:
        states.append(step_on(EDITION, states[-1], action))
    return states


@given(_WALKS, _GAPS)
def test_the_intervals_sum_to_the_elapsed_time_without_gap_or_overlap(walk, later) -> None:
    for state in _states(_actions(walk)):
        now = state.changed_at + later
        until = state.ended_at or now
        spans = critical_path(EDITION, state, now)
        assert sum((span.length for span in spans), timedelta(0)) == until - state.opened_at
        if spans:
            assert (spans[0].since, spans[-1].until) == (state.opened_at, until)
        assert all(first.until == second.since for first, second in itertools.pairwise(spans))
        assert all(span.length > timedelta(0) for span in spans)


@given(_WALKS)
def test_an_open_case_has_one_named_holder_and_a_closed_one_none(walk) -> None:
    for state in _states(_actions(walk)):
        held = critical_holder(EDITION, state)
        assert (held is None) == state.status.is_over
        open_steps = [one for one, status in state.steps.items() if status is StepStatus.OPEN]
        held_now = [state.activations[index].step for index in state.open_now()]
        if not state.status.is_over:
            assert sorted(held_now) == sorted(open_steps)
        assert len(held_now) == len(set(held_now))


@given(_WALKS)
def test_each_activation_is_held_by_one_holder_at_each_instant(walk) -> None:
    state = _states(_actions(walk))[-1]
    for index, one in enumerate(state.activations):
        until = one.ended_at or state.changed_at
        spans = holder_spans(state, index, until)
        assert sum((span.length for span in spans), timedelta(0)) == until - one.opened_at
        assert all(first.until == second.since for first, second in itertools.pairwise(spans))


@given(_WALKS)
def test_a_fold_that_is_run_again_gives_the_same_state(walk) -> None:
    actions = _actions(walk)
    assert fold(EDITION, "case", actions) == _states(actions)[-1] == fold(EDITION, "case", list(actions))


def test_the_slower_of_two_parallel_steps_answers_for_the_time() -> None:
    walk = [
        (("step.take", "accept", {}), "akbota", timedelta(minutes=2)),
        (("step.complete", "accept", {}), "akbota", timedelta(minutes=4)),
        (("register.answered", None, {"register": "persons"}), "akbota", timedelta(minutes=1)),
        (
            ("fee.paid", None, {"payment": "p", "purpose": "records_certificate", "amount_tenge": 1081}),
            "akbota",
            timedelta(minutes=20),
        ),
    ]
    state = _states(_actions(walk))[-1]
    told = [(span.step, span.holder.name, span.length) for span in critical_path(EDITION, state, state.changed_at)]
    assert told == [
        ("accept", "operator", timedelta(minutes=2)),
        ("accept", "akbota", timedelta(minutes=4)),
        ("pay", "applicant", timedelta(minutes=21)),
    ]
