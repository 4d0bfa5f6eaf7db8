"""Exams with mistakes drawn by a seed, each as a recording and the oracle's judgement, on several processes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from messages import site as sites
from messages.site import ExerciseKind, Site
from simulators.drive import drive, record, true_sheet
from simulators.driver.plan import BadPlan, Mistake, MistakeKind, Part, Style
from simulators.scenario import Expectation, Scenario, Verdict

_TRIES = 20


@dataclass(frozen=True, slots=True)
class _Batch:
    site: Path
    pack: Path
    seed: int
    out: Path


def write_exams(
    site: Path, pack: Path, seed: int, numbers: Sequence[int], out: Path, *, processes: int
) -> Iterator[dict[str, Any]]:
    """Drive the exams of these numbers; yield of each, in their order, the recording, the judgement, the mistakes."""
    out.mkdir(parents=True, exist_ok=True)
    batch = _Batch(site, pack, seed, out)
    if processes <= 1:
        yield from (_write_one(batch, number) for number in numbers)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(_write_one, [batch] * len(numbers), numbers)


def _write_one(batch: _Batch, number: int) -> dict[str, Any]:
    site, pack = sites.load(batch.site), batch.pack.read_bytes()
    for attempt in range(_TRIES):
        seed = batch.seed * 1_000_000 + number * _TRIES + attempt
        scenario = random_scenario(site, seed, f"random-{batch.seed}-{number}")
        try:
            driven = drive(scenario, site, pack)
        except BadPlan:
            continue  # Two mistakes that cannot be made in one drive; another draw can.
        path = batch.out / f"{scenario.name}.mcap"
        record(driven, site, path)
        fields = {
            "exam_id": driven.exam_id,
            "recording": str(path),
            "car": scenario.car,
            "seed": seed,
            "mistakes": [f"{one.kind.value} {one.size:+.3f} {one.line or one.exercise}" for one in scenario.mistakes],
            "truth": true_sheet(driven).as_fields(),
        }
        path.with_suffix(".json").write_text(json.dumps(fields), "utf-8")
        return fields
    raise BadPlan(f"exam {number} of seed {batch.seed}: {_TRIES} draws could not be driven")


def random_scenario(site: Site, seed: int, name: str) -> Scenario:
    """A whole route with up to three mistakes, whose sizes lie around their limits."""
    source = random.Random(f"{seed}:mistakes")
    count = source.choice((0, 1, 1, 2, 2, 3))
    exercises = source.sample(site.route.exercises, len(site.route.exercises))
    mistakes: list[Mistake] = []
    for exercise in exercises:
        choices = _CHOICES.get(exercise.kind)
        if choices is None or len(mistakes) == count:
            continue
        kind, low, high = source.choice(choices)
        line, part = None, Part.BODY
        if kind is MistakeKind.LINE_EXCESS:
            line = source.choice(exercise.lines)
            part = Part.WHEEL if exercise.kind in (ExerciseKind.SNAKE, ExerciseKind.LIMITED_TURN) else Part.BODY
        elif kind is MistakeKind.CONE_KNOCK:
            line = source.choice(exercise.cones)
        mistakes.append(Mistake(kind, exercise.id, round(source.uniform(low, high), 3), part, line))
    return Scenario(
        title={},
        # What must come of it is the oracle's to say.
        expect=Expectation(Verdict.UNDETERMINED),
        car=source.choice(site.cars).id,
        seed=seed,
        style=Style(pace=round(source.uniform(0.9, 1.05), 2)),
        mistakes=tuple(mistakes),
        name=name,
    )


_Choice = tuple[MistakeKind, float, float]
_LINE: _Choice = (MistakeKind.LINE_EXCESS, -0.03, 0.13)
_CHOICES: dict[ExerciseKind, tuple[_Choice, ...]] = {
    ExerciseKind.START: (
        (MistakeKind.LATE_MOVE_OFF, 15.0, 35.0),
        (MistakeKind.NO_INDICATOR, 0, 0),
        (MistakeKind.NO_BELT, 0, 0),
    ),
    ExerciseKind.HILL: (
        (MistakeKind.STOP_DISTANCE, -0.12, 0.2),
        (MistakeKind.STOP_DISTANCE, 0.8, 1.3),
        (MistakeKind.ROLLBACK, 0.05, 0.4),
        (MistakeKind.NO_STOP, 0, 0),
        (MistakeKind.STALL, 1, 1),
    ),
    ExerciseKind.CROSSROADS: (
        (MistakeKind.NO_STOP, 0, 0),
        (MistakeKind.STOP_DISTANCE, 0.8, 1.3),
        (MistakeKind.SLOW_CLEARING, 18.0, 33.0),
        (MistakeKind.NO_INDICATOR, 0, 0),
        (MistakeKind.HANDBRAKE_LEFT_ON, 1.0, 4.0),
    ),
    ExerciseKind.SNAKE: (_LINE, _LINE, (MistakeKind.CONE_KNOCK, 0, 0)),
    ExerciseKind.LIMITED_TURN: ((MistakeKind.EXTRA_REVERSE, 1, 1), _LINE),
    ExerciseKind.PARALLEL_PARKING: (
        _LINE,
        _LINE,
        (MistakeKind.OUTSIDE_BAY, -0.03, 0.13),
        (MistakeKind.EXTRA_REVERSE, 1, 1),
        (MistakeKind.NO_HANDBRAKE, 0, 0),
    ),
    ExerciseKind.BOX: (_LINE, _LINE, (MistakeKind.OUTSIDE_BAY, -0.03, 0.13), (MistakeKind.NO_NEUTRAL, 0, 0)),
    ExerciseKind.LEVEL_CROSSING: (
        (MistakeKind.STOP_DISTANCE, 0.8, 1.3),
        (MistakeKind.EARLY_MOVE_OFF, 1.5, 3.5),
        (MistakeKind.NO_STOP, 0, 0),
    ),
    ExerciseKind.PEDESTRIAN_CROSSING: ((MistakeKind.NO_STOP, 0, 0), (MistakeKind.STOP_DISTANCE, 2.8, 3.3)),
    ExerciseKind.EMERGENCY_BRAKING: (
        (MistakeKind.LATE_STOP, 2.0, 4.0),
        (MistakeKind.NO_HAZARDS, 0, 0),
        (MistakeKind.HAZARDS_LEFT_ON, 0, 0),
    ),
    ExerciseKind.SPEED_SECTION: ((MistakeKind.TOP_SPEED, 4.6, 6.2),),
    ExerciseKind.FINISH: (
        (MistakeKind.STOP_DISTANCE, -0.12, 0.3),
        (MistakeKind.NO_HANDBRAKE, 0, 0),
        (MistakeKind.ENGINE_LEFT_ON, 0, 0),
    ),
}
