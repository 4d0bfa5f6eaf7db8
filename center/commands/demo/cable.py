"""A gateway's cable to the broker, which the demo can cut: a relay on a loopback port that carries bytes both ways."""

from __future__ import annotations

import contextlib
import socket
import threading

_CHUNK = 1 << 16


class Cable:
    """Carries every connection to ``port`` on to the broker; cut, it drops them and takes no new one."""

    def __init__(self, broker_port: int) -> None:
        self._broker_port = broker_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._ends: set[socket.socket] = set()
        self._is_cut = False
        threading.Thread(target=self._accept, name=f"cable-{self.port}", daemon=True).start()

    def cut(self) -> None:
        """Every connection breaks, and none comes about until the cable is mended."""
        with self._lock:
            self._is_cut = True
            ends = list(self._ends)
        for end in ends:
            _shut(end)

    def mend(self) -> None:
        """Connections come about again."""
        with self._lock:
            self._is_cut = False

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            far = self._reach()
            if far is None:
                near.close()
                continue
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), name="cable", daemon=True).start()

    def _reach(self) -> socket.socket | None:
        with self._lock:
            if self._is_cut:
                return None
        try:
            far = socket.create_connection(("127.0.0.1", self._broker_port), timeout=5.0)
        except OSError:
            return None
        far.settimeout(None)
        return far

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        """Bytes from one end to the other until either is gone; then both are."""
        with self._lock:
            self._ends.add(one)
        with contextlib.suppress(OSError):
            while data := one.recv(_CHUNK):
                other.sendall(data)
        _shut(one)
        _shut(other)
        with self._lock:
            self._ends.discard(one)
        one.close()


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
