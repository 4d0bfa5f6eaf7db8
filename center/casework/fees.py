"""What is to be paid: dated multiples of the year's index, rounded by the rule of the day; Decimal throughout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final, Protocol, TypeVar

from center.errors import N_, BadRequest, BadRuleData

ROUNDING_RULES: Final[Mapping[str, str]] = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN}
BASES: Final = ("age_years",)
"""What a fee's amount may depend on, besides the day."""


@dataclass(frozen=True, slots=True)
class Index:
    """The monthly calculation index (MCI) from a day on."""

    valid_from: date
    tenge: int
    source: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a part of a tenge is rounded from a day on."""

    valid_from: date
    rule: str
    source: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Amount:
    """A multiple of the MCI from a day on, for what is below a bound (None: for all the rest)."""

    valid_from: date
    below: int | None
    mci: Decimal
    source: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee with its whole history."""

    id: str
    title: Mapping[str, str]
    by: str | None
    amounts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything that the law says about fees, as read from one file."""

    currency: str
    indices: tuple[Index, ...]
    roundings: tuple[Rounding, ...]
    fees: Mapping[str, Fee]
    sha256: str


@dataclass(frozen=True, slots=True)
class FeeDue:
    """One fee on one day, with what it was computed from."""

    fee_id: str
    tenge: int
    mci: Decimal
    index_tenge: int
    rounding: str
    provisional: bool
    """Whether anything that the amount depends on is only recalled."""


class _Dated(Protocol):
    @property
    def valid_from(self) -> date: ...


_Any = TypeVar("_Any", bound=_Dated)


def due(schedule: Schedule, fee_id: str, on: date, *, age_years: int | None = None) -> FeeDue:
    """What one fee comes to on a civil day, in whole tenge.

    Raises :class:`BadRequest` for a fee that there is not or a missing age, :class:`BadRuleData` for a day before the
    first value.
    """
    fee = schedule.fees.get(fee_id)
    if fee is None:
        raise BadRequest(
            N_("There is no fee '%(fee_id)s'; there are %(fees)s."), fee_id=fee_id, fees=", ".join(schedule.fees)
        )
    amount = _amount(fee, on, age_years)
    index = _newest(schedule.indices, on, "monthly calculation index")
    rounding = _newest(schedule.roundings, on, "rounding rule")
    exact = amount.mci * index.tenge
    return FeeDue(
        fee_id=fee_id,
        tenge=int(exact.quantize(Decimal(1), rounding=ROUNDING_RULES[rounding.rule])),
        mci=amount.mci,
        index_tenge=index.tenge,
        rounding=rounding.rule,
        # A rule of rounding that is only recalled matters only where there is something to round.
        provisional=amount.provisional or index.provisional or (rounding.provisional and exact != int(exact)),
    )


def total_tenge(dues: Iterable[FeeDue]) -> int:
    """The sum of fees, each rounded by itself."""
    return sum(one.tenge for one in dues)


def age_years(manufactured: int, on: date) -> int:
    """A vehicle's age in full calendar years; raises :class:`BadRequest` for a year that has not come."""
    if manufactured > on.year:
        raise BadRequest(
            N_("A vehicle of %(manufactured)s cannot be registered in %(year)s."),
            manufactured=manufactured,
            year=on.year,
        )
    return on.year - manufactured


def _amount(fee: Fee, on: date, age: int | None) -> Amount:
    newest = _newest(fee.amounts, on, f"amount of fee {fee.id}").valid_from
    valid = [one for one in fee.amounts if one.valid_from == newest]
    if fee.by is None:
        return valid[0]
    if age is None or age < 0:
        raise BadRequest(N_("Fee %(id)s depends on the vehicle's age in years, which was not given."), id=fee.id)
    return next(one for one in valid if one.below is None or age < one.below)


def _newest(dated: Sequence[_Any], on: date, what: str) -> _Any:
    valid = [one for one in dated if one.valid_from <= on]
    if not valid:
        raise BadRuleData(f"fees: no {what} is in force on {on}; the first is from {dated[0].valid_from}")
    return valid[-1]
