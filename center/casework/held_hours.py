"""How long steps took in an hour, by what held them: the numbers that the board counts and draws. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from center.casework.case import HolderKind


@dataclass(frozen=True, slots=True)
class HeldHour:
    """What a step took in an hour, by what holds it."""

    hour: datetime
    step: str
    holder_kind: HolderKind
    count: int
    held_ms: int
    working_ms: int
    late: int
