"""Which scenarios the headless demo drives, and which cars that takes; what is driven the simulators say themselves."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[3] / "simulators" / "scenarios"
_CLEAN = "clean"
_LONG = ("route_over_20_minutes",)
"""Not drawn: one alone takes longer than three others."""


def drawn_scenarios(count: int, seed: int) -> list[str]:
    """A clean full route first, then faulty ones drawn by the seed."""
    names = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    faulty = [name for name in names if not name.startswith(_CLEAN) and name not in _LONG]
    source = random.Random(seed)
    drawn = source.sample(faulty, min(count - 1, len(faulty))) if count > 1 else []
    return [_CLEAN, *drawn, *(source.choice(faulty) for _ in range(count - 1 - len(drawn)))]


def cars_of(scenarios: Iterable[str]) -> set[str]:
    """The cars that they are written for; none when one of them cannot be read here: then any car may be asked for."""
    cars = {_car_of(one) for one in scenarios}
    return set() if None in cars else {car for car in cars if car is not None}


def _car_of(scenario: str) -> str | None:
    path = FOLDER / f"{scenario}.yaml"
    try:
        written = yaml.safe_load((path if path.is_file() else Path(scenario)).read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return None
    car = written.get("car") if isinstance(written, dict) else None
    return car if isinstance(car, str) else None
