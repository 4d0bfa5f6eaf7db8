"""Which inspector gets a case: drawn among the free and qualified, so that nobody chooses and all can check. Pure.

The draw is SHA-256 over a seed of 32 random bytes, the case, the step and the round, taken modulo the number of
candidates in the order of their ids; a hash beyond the last whole multiple is hashed again, so that none is favoured by
a hair. Seed, candidates and those left out, each with the reason, are recorded: anybody can draw again and compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

SEED_BYTES: Final = 32
_RANGE: Final = 1 << 256


class LeftOut(StrEnum):
    """Why somebody is no candidate."""

    OFF_DUTY = "off_duty"
    BUSY = "busy"
    NOT_QUALIFIED = "not_qualified"
    MAY_NOT = "may_not"
    """A party to the case, or separated from it by what they did before."""
    HAD_IT = "had_it"
    """Drawn for this very step before; a new draw is for somebody else."""


@dataclass(frozen=True, slots=True)
class Inspector:
    """What bears on a draw."""

    account_id: str
    on_duty: bool
    busy: bool
    qualified: bool
    may: bool
    had_it: bool = False

    @property
    def left_out(self) -> LeftOut | None:
        """Why not; None: a candidate."""
        if not self.qualified:
            return LeftOut.NOT_QUALIFIED
        if not self.may:
            return LeftOut.MAY_NOT
        if self.had_it:
            return LeftOut.HAD_IT
        if not self.on_duty:
            return LeftOut.OFF_DUTY
        return LeftOut.BUSY if self.busy else None


def candidates(inspectors: Sequence[Inspector]) -> list[str]:
    """The accounts that can be drawn, by id."""
    return sorted(one.account_id for one in inspectors if one.left_out is None)


def is_ready(inspectors: Sequence[Inspector], *, waited_s: float, least_free: int, anyway_after_s: int) -> bool:
    """Whether to draw now.

    With one free inspector a draw is none, and whoever wants a case need only be free at the right moment; so it waits
    for more, unless no more can come or the case has waited long enough.
    """
    free = len(candidates(inspectors))
    could_be = sum(one.left_out in (None, LeftOut.BUSY) for one in inspectors)
    return free >= min(least_free, max(1, could_be)) or (free > 0 and waited_s >= anyway_after_s)


def draw(seed: bytes, case_id: str, step: str, round_number: int, accounts: Sequence[str]) -> str:
    """The account that is drawn; raises ValueError without candidates or with a short seed."""
    if not accounts or len(seed) != SEED_BYTES:
        raise ValueError(f"a draw needs candidates and a seed of {SEED_BYTES} bytes")
    ordered = sorted(accounts)
    digest = sha256(b"\x00".join([seed, case_id.encode(), step.encode(), str(round_number).encode()])).digest()
    last_multiple = _RANGE - _RANGE % len(ordered)
    while int.from_bytes(digest, "big") >= last_multiple:
        digest = sha256(digest).digest()
    return ordered[int.from_bytes(digest, "big") % len(ordered)]
