"""A serial port is read whole and in order, and comes back after it was lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from sensors.device import Chunk
from sensors.sources.serial_port import SerialPort
from sensors.sources.source import Link
from tests.sensors.terminals import Terminal, wait_until


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path / "port")
    yield made
    made.close()


class Reader:
    """A source and what it has delivered."""

    def __init__(self, path: Path, greeting: bytes = b"") -> None:
        self.items: list[Chunk | Link] = []
        self.port = SerialPort(str(path), 115_200, time.time_ns, self.items.append, greeting)
        self.port.start()

    @property
    def data(self) -> bytes:
        """All bytes so far."""
        return b"".join(item.data for item in list(self.items) if isinstance(item, Chunk))

    @property
    def links(self) -> list[Link]:
        """All changes of the link so far."""
        return [item for item in list(self.items) if isinstance(item, Link)]


@pytest.fixture
def reader(terminal: Terminal) -> Iterator[Reader]:
    made = Reader(terminal.path)
    wait_until(lambda: made.links)
    yield made
    made.port.stop()


def test_every_byte_comes_in_order(terminal: Terminal, reader: Reader):
    sent = b"".join(b"%07d\n" % number for number in range(50_000))

    terminal.write(sent)
    wait_until(lambda: len(reader.data) >= len(sent))

    assert reader.data == sent
    arrivals = [item.arrival_ns for item in reader.items if isinstance(item, Chunk)]
    assert all(before <= after for before, after in pairwise(arrivals))


def test_a_port_that_is_lost_is_told_once_and_opened_again(terminal: Terminal, reader: Reader):
    terminal.write(b"before")
    wait_until(lambda: reader.data == b"before")
    terminal.unplug()
    wait_until(lambda: reader.links == [Link.UP, Link.LOST])
    time.sleep(0.5)
    terminal.plug()
    wait_until(lambda: reader.links == [Link.UP, Link.LOST, Link.UP])
    terminal.write(b"after")
    wait_until(lambda: reader.data == b"beforeafter")

    assert reader.links == [Link.UP, Link.LOST, Link.UP]


def test_a_port_that_is_not_there_yet_is_waited_for(tmp_path: Path):
    reader = Reader(tmp_path / "port")
    wait_until(lambda: reader.links == [Link.LOST])
    terminal = Terminal(tmp_path / "port")
    wait_until(lambda: reader.links == [Link.LOST, Link.UP])
    reader.port.stop()
    terminal.close()


def test_an_adapter_is_greeted_each_time(terminal: Terminal):
    reader = Reader(terminal.path, b"O\r")
    wait_until(lambda: reader.links)

    wait_until(lambda: terminal.read() == b"O\r")
    reader.port.stop()


def test_it_stops_soon(terminal: Terminal, reader: Reader):
    began = time.monotonic()

    reader.port.stop()

    assert time.monotonic() - began < 1.0
