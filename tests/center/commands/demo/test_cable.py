"""The cable that the demo can cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from center.commands.demo.cable import Cable


@pytest.fixture
def cable() -> Iterator[Cable]:
    """To a server that says everything back."""
    server = socket.create_server(("127.0.0.1", 0))

    def echo(line: socket.socket) -> None:
        with line:
            while data := line.recv(1024):
                line.sendall(data)

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=echo, args=(line,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield Cable(server.getsockname()[1])
    server.close()


def _line(cable: Cable) -> socket.socket:
    return socket.create_connection(("127.0.0.1", cable.port), timeout=5.0)


def test_it_carries_bytes_both_ways(cable: Cable) -> None:
    with _line(cable) as line:
        line.sendall(b"x" * 1000)
        assert line.recv(1000, socket.MSG_WAITALL) == b"x" * 1000


def test_cut_it_drops_what_stands_and_lets_nothing_through_until_it_is_mended(cable: Cable) -> None:
    with _line(cable) as line:
        line.sendall(b"a")
        assert line.recv(1) == b"a"
        cable.cut()
        assert line.recv(1) == b""
    with _line(cable) as refused:
        assert refused.recv(1) == b""
    cable.mend()
    with _line(cable) as line:
        line.sendall(b"b")
        assert line.recv(1) == b"b"
