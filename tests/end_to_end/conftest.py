"""Replays that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.replayed_exam import GATEWAYS, FixedExam, Replay, fixed_exam
from tests.services.mosquitto import StartMosquitto

MakeReplay = Callable[..., Replay]


@pytest.fixture(scope="session")
def hill(tmp_path_factory: pytest.TempPathFactory) -> FixedExam:
    """A short exam with a charged fault."""
    return fixed_exam("hill_rolls_back_150_mm", tmp_path_factory.mktemp("fixed"))


@pytest.fixture
def make_replay(start_mosquitto: StartMosquitto, tmp_path: Path) -> Iterator[MakeReplay]:
    """``make_replay(exam, …)`` with a broker of its own."""
    made: list[Replay] = []

    def make(*exams: FixedExam, **options: Any) -> Replay:
        made.append(Replay(start_mosquitto(GATEWAYS, centre_id="sarytau-1"), tmp_path, exams, **options))
        return made[-1]

    yield make
    for replay in made:
        replay.stop()
    for log in tmp_path.glob("*.log"):
        print(log.read_text()[:3000])
