"""Walking a service with given people, through the same table and the same fold as the running centre. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from center.casework.action_kinds import OPEN_CASE, power_of
from center.casework.case import Action, ActorKind, CaseState, CaseStatus, StepStatus
from center.casework.fold import begin, step_on
from center.casework.permission import may_open, refusal
from center.casework.services import Edition
from center.people.powers import Actor, Powers, Strength

_AT: Final = datetime(2026, 4, 14, 4, 30, tzinfo=UTC)
_REASON: Final = {"reason": "because of the walk"}
# What could bring somebody further: refusal and withdrawal end the case, and the rest changes nothing asked here.
_KINDS: Final = ("step.complete", "case.correct", "step.reassign", "case.suspend", "case.resume")


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the staff, with all roles that they act in."""

    name: str
    roles: frozenset[str]

    @property
    def actor(self) -> Actor:
        """As the table of powers knows them."""
        return Actor(self.name, self.roles, Strength.PASSKEY)


@dataclass(frozen=True, slots=True)
class Move:
    """Who took which action."""

    person: str
    action: str

    def __str__(self) -> str:
        """As a path names it."""
        return f"{self.person}: {self.action}"


Goal = Callable[[CaseState], bool]


def find_path(powers: Powers, edition: Edition, people: Sequence[Person], goal: Goal) -> tuple[Move, ...] | None:
    """The shortest way to the goal for these people, applicant and registers being willing; None: there is none."""
    return find_paths(powers, edition, people, [goal])[0]


def find_paths(
    powers: Powers, edition: Edition, people: Sequence[Person], goals: Sequence[Goal]
) -> list[tuple[Move, ...] | None]:
    """The shortest way to each goal, all found in one walk."""
    queue: deque[tuple[CaseState, tuple[Move, ...]]] = deque()
    found: list[tuple[Move, ...] | None] = [None] * len(goals)
    seen: set[object] = set()
    separated = frozenset(name for pair in powers.separations for name in (pair.first, pair.second))

    def reach(state: CaseState, path: tuple[Move, ...]) -> None:
        state = _others_do_theirs(edition, state)
        for place, goal in enumerate(goals):
            if found[place] is None and goal(state):
                found[place] = path
        known = (state.status, tuple(state.steps.values()), _bearing(state, separated))
        if known not in seen and not state.status.is_over:
            seen.add(known)
            queue.append((state, path))

    for person in people:
        if may_open(powers, person.actor) is None:
            reach(_opened(edition, person), (Move(person.name, OPEN_CASE),))
    while queue and None in found:
        state, path = queue.popleft()
        for move, after in _moves(powers, edition, state, people):
            reach(after, (*path, move))
    return found


def is_issued(edition: Edition) -> Goal:
    """Whether the document exists."""
    issuing = [step.id for step in edition.steps.values() if step.issues]
    return lambda state: all(state.steps[step] is StepStatus.DONE for step in issuing)


def is_completed(state: CaseState) -> bool:
    """Whether the service was given."""
    return state.status is CaseStatus.COMPLETED


def _bearing(state: CaseState, separated: frozenset[str]) -> frozenset[tuple[str, str]]:
    """What was taken and bears on what may still be."""
    return frozenset(one for one in state.taken if one[0] in separated)


def _moves(
    powers: Powers, edition: Edition, state: CaseState, people: Sequence[Person]
) -> Iterator[tuple[Move, CaseState]]:
    for person in people:
        for kind in _KINDS:
            on_step = kind.startswith("step.") or kind == "case.correct"
            for step in edition.steps if on_step else (None,):
                after = _after(powers, edition, state, person, kind, step)
                if after is not None:
                    yield (
                        Move(person.name, power_of(kind, step) + (f" ({step})" if kind == "case.correct" else "")),
                        after,
                    )


def _after(
    powers: Powers, edition: Edition, state: CaseState, person: Person, kind: str, step: str | None
) -> CaseState | None:
    """The state after a move; a step is taken from whoever holds it and done at once. None: it is closed to them.

    Where a step is drawn by lot, the lot falls on whom it suits them best.
    """
    if kind == "step.complete" and step is not None and edition.steps[step].by_lot:
        if state.steps[step] is not StepStatus.OPEN:
            return None
        state = _told(edition, state, "step.assign", {"to": person.name}, step)
    elif kind == "step.complete":
        if refusal(powers, edition, state, person.actor, "step.take", step) is not None:
            return None
        state = _did(edition, state, person, "step.take", step, {})
    if refusal(powers, edition, state, person.actor, kind, step) is not None:
        return None
    after = _did(edition, state, person, kind, step, _payload(edition, state, person, kind, step))
    # A step that was sent to somebody lies open to all again, which lets more happen than the running centre does.
    return _did(edition, after, person, "step.release", step, {}) if kind == "step.reassign" else after


def _payload(edition: Edition, state: CaseState, person: Person, kind: str, step: str | None) -> dict[str, object]:
    if kind == "step.complete":
        return {"blank": f"M-{state.ordinal}"} if step and edition.steps[step].issues else {}
    if kind == "step.reassign":
        return {**_REASON, "to": person.name}
    return {**_REASON, "reference": "walk"} if kind == "case.suspend" else dict(_REASON)


def _did(
    edition: Edition, state: CaseState, person: Person, kind: str, step: str | None, payload: dict[str, object]
) -> CaseState:
    action = Action(state.ordinal + 1, kind, step, ActorKind.STAFF, person.name, None, _AT, payload)
    return step_on(edition, state, action)


def _opened(edition: Edition, person: Person) -> CaseState:
    payload: dict[str, object] = {
        "service": edition.service,
        "channel": edition.channels[0],
        "applicant": edition.applicants[0],
    }
    action = Action(1, OPEN_CASE, None, ActorKind.STAFF, person.name, None, _AT, payload)
    return begin(edition, "walk", action)


def _others_do_theirs(edition: Edition, state: CaseState) -> CaseState:
    """Registers answer and the applicant pays, as often as they are asked."""
    for step in edition.steps.values():
        if state.status is not CaseStatus.OPEN or state.steps[step.id] is not StepStatus.OPEN or step.is_staffs:
            continue
        if step.register:
            state = _told(edition, state, "register.answered", {"register": step.register})
        for fee in step.fees:
            state = _told(edition, state, "fee.paid", {"payment": "walk", "purpose": fee, "amount_tenge": 1})
        return _others_do_theirs(edition, state)
    return state


def _told(
    edition: Edition, state: CaseState, kind: str, payload: dict[str, object], step: str | None = None
) -> CaseState:
    action = Action(state.ordinal + 1, kind, step, ActorKind.SYSTEM, "walk", None, _AT, payload)
    return step_on(edition, state, action)
