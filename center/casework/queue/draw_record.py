"""A draw as it is told and checked: who was drawn, among how many, and whether it comes out the same again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from center.casework.queue import assignment


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """One draw with all that is needed to make it again."""

    draw_id: str
    case_id: str
    step: str
    round: int
    seed: str
    """Hex."""
    candidates: tuple[str, ...]
    """Accounts, in the order in which they were drawn among."""
    left_out: Mapping[str, str]
    """Account → why it was no candidate."""
    drawn: str
    drawn_at: datetime
    asked_by: str
    reason: str | None
    """In the supervisor's words; of a draw by the centre itself, why whoever was drawn before could not go on."""

    @property
    def comes_out(self) -> bool:
        """Whether the recorded seed and candidates give the recorded name."""
        if self.drawn not in self.candidates or list(self.candidates) != sorted(set(self.candidates)):
            return False
        seed = bytes.fromhex(self.seed)
        return assignment.draw(seed, self.case_id, self.step, self.round, self.candidates) == self.drawn
