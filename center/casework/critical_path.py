"""Who answers for a case's time: one holder at each instant, in intervals that sum to the elapsed time. Pure.

While a case is open, its critical step is the open one from which the longest way is left. Looked at afterwards, the
critical path goes back from the end: each step could open only when another one ended, and that one held the case up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from center.casework.case import INVESTIGATION, CaseState, Holder
from center.casework.services import Edition


@dataclass(frozen=True, slots=True)
class HeldSpan:
    """From when to when a holder held a step."""

    step: str
    holder: Holder
    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        """How long."""
        return self.until - self.since


def critical_activation(edition: Edition, state: CaseState) -> int | None:
    """Index of the activation that the case waits for most; None when it is over."""
    open_now = state.open_now()
    if not open_now:
        return None
    return max(open_now, key=lambda index: (edition.longest_minutes[state.activations[index].step], -index))


def critical_holder(edition: Edition, state: CaseState) -> tuple[str, Holder] | None:
    """The step and the holder that a case waits for now; None when it is over."""
    index = critical_activation(edition, state)
    if index is None:
        return None
    one = state.activations[index]
    paused = state.suspensions and state.suspensions[-1].until is None
    return one.step, INVESTIGATION if paused else one.holder


def critical_path(edition: Edition, state: CaseState, now: datetime) -> list[HeldSpan]:
    """Who held the case, without gap or overlap, from its opening to its end (or to ``now``)."""
    until = state.ended_at or max(now, state.changed_at)
    index = state.final if state.ended_at else critical_activation(edition, state)
    spans: list[HeldSpan] = []
    while index is not None:
        one = state.activations[index]
        spans = [*holder_spans(state, index, until), *spans]
        until, index = one.opened_at, one.cause
    return _merged(spans)


def holder_spans(state: CaseState, index: int, until: datetime) -> list[HeldSpan]:
    """Who held one activation, up to ``until``; while the case was suspended, the investigation did."""
    one = state.activations[index]
    ends = [*(holding.since for holding in one.holdings[1:]), one.ended_at or until]
    spans = [
        HeldSpan(one.step, holding.holder, holding.since, min(end, until))
        for holding, end in zip(one.holdings, ends, strict=True)
        if holding.since < min(end, until)
    ]
    for pause in state.suspensions:
        spans = [part for span in spans for part in _cut(span, pause.since, pause.until or until)]
    return _merged(spans)


def _cut(span: HeldSpan, since: datetime, until: datetime) -> list[HeldSpan]:
    since, until = max(since, span.since), min(until, span.until)
    if since >= until:
        return [span]
    parts = [
        HeldSpan(span.step, span.holder, span.since, since),
        HeldSpan(span.step, INVESTIGATION, since, until),
        HeldSpan(span.step, span.holder, until, span.until),
    ]
    return [part for part in parts if part.since < part.until]


def _merged(spans: Iterable[HeldSpan]) -> list[HeldSpan]:
    merged: list[HeldSpan] = []
    for span in spans:
        last = merged[-1] if merged else None
        if last and (last.step, last.holder, last.until) == (span.step, span.holder, span.since):
            merged[-1] = HeldSpan(last.step, last.holder, last.since, span.until)
        else:
            merged.append(span)
    return merged
