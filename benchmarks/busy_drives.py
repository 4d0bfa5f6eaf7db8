"""Recorded drives with many mistakes, in the stretch of the route in which no light and no barrier has a say."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from benchmarks.recordings import ROOT
from messages import site as survey
from simulators.drive import DEFAULT_PACK, drive, record
from simulators.driver.plan import BadPlan, Mistake, MistakeKind, Part, Style
from simulators.scenario import Expectation, Scenario, Verdict

_TRIES = 20
_FIRST, _LAST = "snake", "level-crossing"
_OF_EACH = 4
"""Mistakes in each exercise: most are made by 16 candidates within some minutes, so that there is much to time."""


@dataclass(frozen=True, slots=True)
class _Task:
    path: Path
    seed: int
    first: str
    last: str


def record_busy(folder: Path, seed: int, count: int, *, first: str = _FIRST, last: str = _LAST) -> list[Path]:
    """Drive so many drives with mistakes drawn by a seed on two processes, and record them; the files' paths."""
    tasks = [_Task(folder / f"busy-{seed}-{number}.mcap", seed * 1000 + number, first, last) for number in range(count)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_record, tasks))
    return [task.path for task in tasks]


def mistakes(seed: int) -> tuple[Mistake, ...]:
    """Some of those that can be made in each exercise, well beyond their limits."""
    source = random.Random(f"{seed}:busy")
    return tuple(
        Mistake(kind, exercise, size, part, line)
        for exercise, choices in _CHOICES.items()
        for kind, size, part, line in source.sample(choices, min(_OF_EACH, len(choices)))
    )


def _record(task: _Task) -> None:
    site, pack = survey.load(ROOT / "sites" / "sarytau"), (ROOT / DEFAULT_PACK).read_bytes()
    for scenario in _draws(task):
        try:
            record(drive(scenario, site, pack), site, task.path)
        except BadPlan:
            continue  # Mistakes that cannot be made in one drive; another draw can.
        return
    raise BadPlan(f"{task.path.stem}: {_TRIES} draws could not be driven")


def _draws(task: _Task) -> Iterator[Scenario]:
    exercises = [one.id for one in survey.load(ROOT / "sites" / "sarytau").route.exercises]
    driven = exercises[exercises.index(task.first) : exercises.index(task.last) + 1]
    for attempt in range(_TRIES):
        seed = task.seed * _TRIES + attempt
        yield Scenario(
            title={},
            # What comes of it is not asked: only when it is told.
            expect=Expectation(Verdict.UNDETERMINED),
            seed=seed,
            first_exercise=task.first,
            last_exercise=task.last,
            style=Style(pace=round(random.Random(f"{seed}:pace").uniform(0.9, 1.05), 2)),
            mistakes=tuple(one for one in mistakes(seed) if one.exercise in driven),
            name=task.path.stem,
        )


_Choice = tuple[MistakeKind, float, Part, str | None]
_CHOICES: dict[str, tuple[_Choice, ...]] = {
    "snake": (
        (MistakeKind.LINE_EXCESS, 0.1, Part.WHEEL, "snake-left"),
        (MistakeKind.LINE_EXCESS, 0.1, Part.WHEEL, "snake-right"),
        (MistakeKind.STALL, 1.0, Part.BODY, None),
        (MistakeKind.BELT_OFF, 5.0, Part.BODY, None),
        (MistakeKind.DOOR_OPENS, 4.0, Part.BODY, None),
        (MistakeKind.OVER_REVVING, 3.0, Part.BODY, None),
    ),
    "limited-turn": (
        (MistakeKind.LINE_EXCESS, 0.1, Part.WHEEL, "limited-south"),
        (MistakeKind.EXTRA_REVERSE, 1.0, Part.BODY, None),
        (MistakeKind.OVER_REVVING, 3.0, Part.BODY, None),
        (MistakeKind.STALL, 1.0, Part.BODY, None),
        (MistakeKind.DOOR_OPENS, 4.0, Part.BODY, None),
    ),
    "parallel-parking": (
        (MistakeKind.OUTSIDE_BAY, 0.1, Part.BODY, None),
        (MistakeKind.EXTRA_REVERSE, 1.0, Part.BODY, None),
        (MistakeKind.NO_HANDBRAKE, 0.0, Part.BODY, None),
        (MistakeKind.NO_NEUTRAL, 0.0, Part.BODY, None),
        (MistakeKind.DOOR_OPENS, 4.0, Part.BODY, None),
    ),
    "box": (
        (MistakeKind.OUTSIDE_BAY, 0.1, Part.BODY, None),
        (MistakeKind.NO_HANDBRAKE, 0.0, Part.BODY, None),
        (MistakeKind.NO_NEUTRAL, 0.0, Part.BODY, None),
        (MistakeKind.HANDBRAKE_LEFT_ON, 4.0, Part.BODY, None),
    ),
}
