"""Unsigned messages under a device's name at a time at which the device itself spoke, signed: they are not its own.

What a gateway said last before it was killed is unsigned too, but no signed word of that device is as old.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from messages.chain_check import CoveredRanges
from messages.envelope import Envelope

_Boot = tuple[str, str]


class Strangers:
    """Finds them among a recording's messages, which are in source order; ``found`` are those asked for so far."""

    def __init__(self, ordered: Sequence[Envelope], covered: Mapping[_Boot, CoveredRanges]) -> None:
        self._ordered = ordered
        self._covered = covered
        self._signed: dict[str, list[tuple[int, int]]] = {}
        self.found: list[Envelope] = []

    def has(self, unsigned: Envelope) -> bool:
        """Whether a message that no signature covers is a stranger's."""
        stretches = self._signed.get(unsigned.device_id)
        if stretches is None:
            stretches = self._signed[unsigned.device_id] = self._stretches(unsigned.device_id)
        is_stranger = any(since < unsigned.source_time_ns < until for since, until in stretches)
        if is_stranger:
            self.found.append(unsigned)
        return is_stranger

    def left_out_of(self, ordered: Sequence[Envelope]) -> Sequence[Envelope]:
        """The messages without those found."""
        if not self.found:
            return ordered
        found = set(map(id, self.found))
        return [one for one in ordered if id(one) not in found]

    def _stretches(self, device_id: str) -> list[tuple[int, int]]:
        """From when to when each covered stretch of the device's boots speaks (UTC ns)."""
        found: dict[tuple[str, int], tuple[int, int]] = {}
        for one in self._ordered:
            if one.device_id == device_id:
                ranges = self._covered[device_id, one.boot_id].ranges
                for number, (first, last) in enumerate(ranges):
                    if first <= one.seq <= last:
                        since_ns, _ = found.get((one.boot_id, number), (one.source_time_ns, 0))
                        found[one.boot_id, number] = since_ns, one.source_time_ns
        return list(found.values())
