"""When a step or a case is late: in working time, standing still while an outside investigation runs. Pure.

A step's clock also stands still while its desk is away; the clock of the whole does not, for that is what the applicant
was promised. Neither runs while the case is suspended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from center.casework.calendar import Calendar, Span
from center.casework.case import CaseState
from center.casework.services import Edition

Absences = Mapping[str, Sequence[tuple[datetime, datetime | None]]]
"""Desk (a role) → when it was away; None: it still is."""


@dataclass(frozen=True, slots=True)
class StepClock:
    """The clock of one activation."""

    step: str
    used: timedelta
    """Working time so far."""
    allowed: timedelta
    remind_at: datetime | None
    due_at: datetime | None
    """None while it stands still."""
    stands_still: bool

    @property
    def late_by(self) -> timedelta:
        """Working time beyond what was allowed."""
        return max(self.used - self.allowed, timedelta(0))


@dataclass(frozen=True, slots=True)
class Clocks:
    """What a case's clocks are read from."""

    calendar: Calendar
    absences: Absences = field(default_factory=dict)

    def of_step(self, edition: Edition, state: CaseState, index: int, now: datetime) -> StepClock:
        """The clock of one activation at an instant, or at its end."""
        one = state.activations[index]
        step = edition.steps[one.step]
        absences = self.absences.get(step.held_by, ())
        still = [*_pauses(state, now), *_ended(absences, now)]
        until = one.ended_at or max(now, one.opened_at)
        used = self.calendar.worked(one.opened_at, until, still)
        allowed = timedelta(minutes=step.within_minutes)
        is_away = any(ends is None for _, ends in absences)
        paused = one.ended_at is None and (is_away or _is_paused(state))
        remind = allowed - timedelta(minutes=step.remind_minutes)
        return StepClock(
            one.step,
            used,
            allowed,
            None if paused else self.calendar.after(one.opened_at, remind, still),
            None if paused else self.calendar.after(one.opened_at, allowed, still),
            paused,
        )

    def of_case(self, edition: Edition, state: CaseState, now: datetime) -> StepClock:
        """The clock of the whole; it has no reminder."""
        pauses = _pauses(state, now)
        until = state.ended_at or max(now, state.opened_at)
        allowed = timedelta(minutes=edition.within_minutes)
        used = self.calendar.worked(state.opened_at, until, pauses)
        paused = _is_paused(state)
        due = None if paused else self.calendar.after(state.opened_at, allowed, pauses)
        return StepClock("", used, allowed, None, due, paused)


def _ended(absences: Sequence[tuple[datetime, datetime | None]], now: datetime) -> list[Span]:
    return [(begins, ends or max(now, begins)) for begins, ends in absences]


def _pauses(state: CaseState, now: datetime) -> list[Span]:
    return [(one.since, one.until or max(now, one.since)) for one in state.suspensions]


def _is_paused(state: CaseState) -> bool:
    return bool(state.suspensions) and state.suspensions[-1].until is None
