"""What devices complain of in their heartbeats: from when to when, by code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToldFault:
    """A fault that a device told of, from the first heartbeat with it to the first one without (UTC ns)."""

    device_id: str
    code: str
    """One of ``vocabulary.DEVICE_FAULTS``, or one that this centre does not know."""
    element_id: str | None
    """The element that it is about (``element_failed:beam-zebra``); None: the device as a whole."""
    since_ns: int
    until_ns: int


class ToldFaults:
    """The faults of an exam's devices; heartbeats of a device come in order of time."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], int] = {}
        self._over: list[ToldFault] = []

    def note(self, device_id: str, time_ns: int, faults: Iterable[str]) -> None:
        """Take in what a heartbeat tells."""
        told = {(device_id, fault) for fault in faults}
        gone = [key for key in self._open if key[0] == device_id and key not in told]
        for key in sorted(gone):
            self._over.append(_told(*key, self._open.pop(key), time_ns))
        for key in told:
            self._open.setdefault(key, time_ns)

    def begin(self, time_ns: int) -> None:
        """The exam begins: what is over is forgotten, what is still told counts from here on."""
        self._over.clear()
        self._open = {key: max(since_ns, time_ns) for key, since_ns in self._open.items()}

    def until(self, now_ns: int) -> list[ToldFault]:
        """All of them; those that are still told, up to now."""
        still = [_told(*key, since_ns, now_ns) for key, since_ns in sorted(self._open.items())]
        return self._over + [one for one in still if one.since_ns < now_ns]


def _told(device_id: str, fault: str, since_ns: int, until_ns: int) -> ToldFault:
    code, _, element_id = fault.partition(":")
    return ToldFault(device_id, code, element_id or None, since_ns, until_ns)
