"""A worker takes turn after turn, whatever a turn comes to, until it is stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest

from center.worker import Worker

_SOON_S = 0.005
_LONG_S = 20.0


class Counting(Worker):
    """Counts its turns, and does in each what the test wants."""

    def __init__(self, do: Callable[[int], float | None], *, every_s: float = _SOON_S, **options: bool) -> None:
        super().__init__("counting", every_s, **options)
        self.turns = 0
        self.third = threading.Event()
        self._do = do

    def turn(self) -> float | None:
        self.turns += 1
        if self.turns >= 3:
            self.third.set()
        return self._do(self.turns)


def _fail(turn: int) -> None:
    if turn < 3:
        raise RuntimeError(f"nobody foresaw turn {turn}")


def test_a_turn_that_fails_in_an_unforeseen_way_is_told_and_taken_again(caplog: pytest.LogCaptureFixture) -> None:
    worker = Counting(_fail)
    with caplog.at_level(logging.ERROR):
        worker.start()
        assert worker.third.wait(_LONG_S)
        worker.stop()
    assert [record.exc_info is not None for record in caplog.records] == [True, True]
    assert "A turn of counting failed" in caplog.text


def test_a_turn_may_say_when_the_next_is_due() -> None:
    worker = Counting(lambda _: 0.0, every_s=3600.0, at_once=True)
    worker.start()
    assert worker.third.wait(_LONG_S)
    worker.stop()


@pytest.mark.parametrize(("finishes", "turns"), [(False, 0), (True, 1)])
def test_only_who_finishes_takes_a_turn_when_stopped(finishes: bool, turns: int) -> None:
    worker = Counting(lambda _: None, every_s=3600.0, finishes=finishes)
    worker.start()
    worker.stop()
    assert worker.turns == turns


def test_what_fails_at_the_last_turn_does_not_keep_the_centre_from_ending() -> None:
    worker = Counting(_fail, every_s=3600.0, finishes=True)
    worker.start()
    worker.stop()
    assert worker.turns == 1
