"""Where time went by desk and hour, as numbers that a plot and the table beside it share. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from center.casework.case import HolderKind
from center.casework.held_hours import HeldHour

_MINUTE_MS: Final = 60_000
KINDS: Final = (HolderKind.QUEUE, HolderKind.PERSON, HolderKind.APPLICANT, HolderKind.OUTSIDE)


@dataclass(frozen=True, slots=True)
class Series:
    """One desk: how many minutes a step lay with it on average, hour by hour; None: none ended in that hour."""

    desk: str
    minutes: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """What one kind of holder did at each desk."""

    kind: HolderKind
    hours: tuple[datetime, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Where most time was lost, over the whole time that is looked at."""

    desk: str
    kind: HolderKind
    steps: int
    total_ms: int
    late: int


def plots(hours: Sequence[HeldHour], desk_of: Mapping[str, str]) -> list[Plot]:
    """A plot for each kind of holder that held anything."""
    axis = tuple(sorted({one.hour for one in hours}))
    return [
        Plot(kind, axis, tuple(_series(of_kind, axis, desk_of)))
        for kind in KINDS
        if (of_kind := [one for one in hours if one.holder_kind is kind and one.count])
    ]


def bottleneck(hours: Sequence[HeldHour], desk_of: Mapping[str, str]) -> Bottleneck | None:
    """The desk, and whether in its queue or in somebody's hands, that held cases longest; None when nothing ended."""
    sums: dict[tuple[str, HolderKind], tuple[int, int, int]] = {}
    for one in hours:
        key = (desk_of.get(one.step, one.step), one.holder_kind)
        steps, total, late = sums.get(key, (0, 0, 0))
        sums[key] = (steps + one.count, total + one.held_ms, late + one.late)
    if not any(total for _, total, _ in sums.values()):
        return None
    (desk, kind), (steps, total, late) = max(sums.items(), key=lambda item: (item[1][1], item[0]))
    return Bottleneck(desk, kind, steps, total, late)


def _series(hours: Sequence[HeldHour], axis: Sequence[datetime], desk_of: Mapping[str, str]) -> list[Series]:
    desks = sorted({desk_of.get(one.step, one.step) for one in hours})
    return [
        Series(desk, tuple(_mean([one for one in hours if one.hour == hour and desk_of.get(one.step) == desk])
            for hour in axis))
        for desk in desks
    ]  # fmt: skip


def _mean(hours: Sequence[HeldHour]) -> float | None:
    count = sum(one.count for one in hours)
    return round(sum(one.held_ms for one in hours) / count / _MINUTE_MS, 1) if count else None
