"""Comparing a day of ours with the same day of the gateway, movement by movement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Which way money went."""

    CHARGE = "charge"
    REFUND = "refund"


class Fault(StrEnum):
    """How the two books differ."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    OTHER_AMOUNT = "other_amount"
    TWICE = "twice"
    """One payment of ours stands more than once in the gateway's book."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One charge or refund; the reference is ours: a payment's id, or a refund's."""

    kind: Kind
    reference: str
    amount_tenge: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing to be explained by a person."""

    fault: Fault
    kind: Kind
    reference: str
    ours_tenge: int | None
    theirs_tenge: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The day: what both books hold, and where they differ."""

    charges: int
    refunds: int
    charged_tenge: int
    refunded_tenge: int
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing is left to explain."""
        return not self.differences


def compare(ours: Iterable[Movement], theirs: Iterable[Movement]) -> Comparison:
    """Both books of one day; the counts and sums are ours."""
    here = {(one.kind, one.reference): one.amount_tenge for one in ours}
    there: dict[tuple[Kind, str], int] = {}
    differences = []
    for one in theirs:
        key = (one.kind, one.reference)
        if key in there:
            differences.append(Difference(Fault.TWICE, *key, here.get(key), one.amount_tenge))
        there[key] = one.amount_tenge
    for key in sorted(here.keys() | there.keys()):
        fault = _fault(here.get(key), there.get(key))
        if fault is not None:
            differences.append(Difference(fault, *key, here.get(key), there.get(key)))
    charges = [amount for (kind, _), amount in here.items() if kind is Kind.CHARGE]
    refunds = [amount for (kind, _), amount in here.items() if kind is Kind.REFUND]
    return Comparison(len(charges), len(refunds), sum(charges), sum(refunds), tuple(differences))


def _fault(ours: int | None, theirs: int | None) -> Fault | None:
    if ours is None:
        return Fault.MISSING_HERE
    if theirs is None:
        return Fault.MISSING_THERE
    return None if ours == theirs else Fault.OTHER_AMOUNT
