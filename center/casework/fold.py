"""From a case's actions to its state; the same at any time, on any machine. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from center.casework import effects
from center.casework import payloads as p
from center.casework.action_kinds import KINDS, OPEN_CASE, power_of
from center.casework.case import Action, ActorKind, CaseState
from center.casework.services import Edition


def fold(edition: Edition, case_id: str, actions: Iterable[Action]) -> CaseState:
    """All actions of a case, in order, as its state. Raises ValueError for a list that is no case's."""
    state: CaseState | None = None
    for action in actions:
        state = begin(edition, case_id, action) if state is None else step_on(edition, state, action)
    if state is None:
        raise ValueError(f"Case {case_id} has no actions.")
    return state


def begin(edition: Edition, case_id: str, action: Action) -> CaseState:
    """The state after the first action."""
    payload = p.read(p.Opened, action.payload)
    if action.kind != OPEN_CASE or action.ordinal != 1 or not isinstance(payload, p.Opened):
        raise ValueError(f"Case {case_id} begins with {action.kind!r}, number {action.ordinal}.")
    return replace(effects.opened(edition, case_id, action, payload), taken=_taken(frozenset(), action))


def step_on(edition: Edition, state: CaseState, action: Action) -> CaseState:
    """The state after one more action."""
    if action.ordinal != state.ordinal + 1:
        raise ValueError(f"Case {state.case_id}: action {action.ordinal} follows {state.ordinal}.")
    kind = KINDS[action.kind]
    after = kind.effect(edition, state, action, p.read(kind.payload, action.payload))
    return replace(after, ordinal=action.ordinal, changed_at=action.at, taken=_taken(state.taken, action))


NO_PART: Final = ("step.take", "step.release", "step.explain")
"""Taking a step from the queue and giving it back are no part of what a case decides."""


def _taken(taken: frozenset[tuple[str, str]], action: Action) -> frozenset[tuple[str, str]]:
    if action.actor_kind is not ActorKind.STAFF or action.kind in NO_PART:
        return taken
    return taken | {(power_of(action.kind, action.step), action.actor)}
