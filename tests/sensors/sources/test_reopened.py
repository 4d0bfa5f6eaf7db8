"""A line is opened again however often it is lost; each loss is told once, and each time that it is up again."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from sensors.device import Chunk
from sensors.sources.reopened import Reopened
from sensors.sources.source import Link
from tests.sensors.terminals import wait_until


def test_each_loss_is_told_once_and_each_return() -> None:
    items: list[Chunk | Link] = []
    attempts = iter(["away", "away", "three", "away", "two"])

    def open_line() -> AbstractContextManager[list[int]]:
        kind = next(attempts, "away")
        if kind == "away":
            raise OSError("not there")
        return nullcontext(list(range(3 if kind == "three" else 2)))

    def read_once(line: list[int]) -> None:
        if not line:
            raise OSError("pulled out")
        items.append(Chunk(bytes([line.pop(0)]), None, 0))

    source = Reopened("line", open_line, read_once, items.append, lost_by=(OSError,))
    source.start()
    wait_until(lambda: len(items) == 10)
    source.stop()

    told = [item.value if isinstance(item, Link) else item.data[0] for item in items]
    assert told == ["lost", "up", 0, 1, 2, "lost", "up", 0, 1, "lost"]
