"""Which orders of an exam the database knows of and the log does not hold: those that a kill swallowed."""

from __future__ import annotations

from pathlib import Path

from center.clock import nanoseconds
from center.driving_track.ingest.intake import against_order
from center.driving_track.ingest.segments import Place, since
from center.driving_track.queries import ExamFacts
from messages import codec, topics
from messages.codec import BadMessage
from messages.readings import ExamAction, ExamControl

_STOPS = {"stop": ExamAction.STOP, "safety_stop": ExamAction.SAFETY_STOP}
_ENDED_BY_ITSELF = ("finished", "storage")
"""Reasons for an exam's end with which no order was given."""


def unsaid(intake: Path, facts: ExamFacts, public_key: str) -> list[tuple[ExamAction, int]]:
    """The orders that are missing, with the instants from which on they hold (UTC ns), in their order."""
    said = _said(intake, facts, public_key)
    return [one for one in _given(facts) if one[0] not in said]


def _given(facts: ExamFacts) -> list[tuple[ExamAction, int]]:
    """By the database."""
    given = [(ExamAction.CALL, facts.called_ns)]
    if facts.started_at is not None:
        given.append((ExamAction.START, nanoseconds(facts.started_at)))
    if facts.ended_ns is not None and facts.end_reason not in _ENDED_BY_ITSELF:
        given.append((_STOPS.get(facts.end_reason or "", ExamAction.STOP), facts.ended_ns))
    return given


def _said(intake: Path, facts: ExamFacts, public_key: str) -> set[ExamAction]:
    """By the log."""
    said: set[ExamAction] = set()
    for message in since(intake, Place(facts.log_segment, facts.log_offset)):
        parts = topics.parts_of(message.topic)
        if parts is None or parts[2] != topics.CENTRE_DEVICE:
            continue
        try:
            envelope = codec.decode(message.payload)
        except BadMessage:
            continue
        order = envelope.body
        is_ours = isinstance(order, ExamControl) and order.exam_id == facts.exam_id
        if isinstance(order, ExamControl) and is_ours and against_order(envelope, public_key) is None:
            said.add(order.action)
    return said
