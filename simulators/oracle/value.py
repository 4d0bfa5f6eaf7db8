"""One true value of an observation, before the rule's limit is applied."""

from __future__ import annotations

from dataclasses import dataclass

from messages.site import Exercise


@dataclass(frozen=True, slots=True)
class Value:
    """The value in the rule's unit and the samples it is about; ``exercise`` None: the attempt that was looked at."""

    value: float
    first: int
    last: int
    subject: str | None = None
    exercise: Exercise | None = None
