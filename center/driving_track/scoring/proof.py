"""Which readings no signed digest covers: they are recorded and never charged."""

from __future__ import annotations

from collections.abc import Iterable

_JOIN_NS = 1_000_000_000


class Proof:
    """Stretches of source time, by device, whose readings are not covered by a signed digest."""

    def __init__(self) -> None:
        self._uncovered: dict[str, list[tuple[int, int]]] = {}

    def miss(self, device_id: str, time_ns: int) -> None:
        """Note a reading that nothing covers; readings of a device come in order."""
        stretches = self._uncovered.setdefault(device_id, [])
        if stretches and time_ns - stretches[-1][1] <= _JOIN_NS:
            stretches[-1] = stretches[-1][0], time_ns
        else:
            stretches.append((time_ns, time_ns))

    def holds(self, devices: Iterable[str], since_ns: int, until_ns: int) -> bool:
        """Whether all that these devices said between two instants (both included) is covered."""
        return not any(
            since <= until_ns and until >= since_ns
            for device in devices
            for since, until in self._uncovered.get(device, ())
        )
