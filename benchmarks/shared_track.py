"""Recorded exams driven at the same time on one track: its sensors feel what any of the cars makes them feel.

Each recording holds the track's word of its own car alone. Played side by side those would contradict one another; a
sensor that feels a car in any of them feels it here. What the track itself decides, as lights and barriers do, is as in
the first recording: scripts should be of a stretch in which nothing of that kind has a say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

import msgspec

from benchmarks.recordings import Script, Told
from messages.readings import Beam, ConeTilt, InductionLoop, KerbStrip, Reading

_FELT: dict[type[Reading], tuple[str, Callable[..., Any]]] = {
    Beam: ("interrupted", any),
    InductionLoop: ("occupied", any),
    KerbStrip: ("pressed", any),
    ConeTilt: ("tilt_deg", max),
}
"""The field that says what is felt, and what several cars together make of it."""


def together(scripts: Sequence[Script], shifts_ns: Sequence[int]) -> list[Told]:
    """What cars 1 to n say, each later than its script by so much, and what the track says of all; in source order."""
    shifted = [
        (number, replace(one, source_time_ns=one.source_time_ns + shift_ns))
        for number, (script, shift_ns) in enumerate(zip(scripts, shifts_ns, strict=True), 1)
        for one in script.told
    ]
    shifted.sort(key=lambda each: (each[1].source_time_ns, each[0]))
    track = _Track()
    found: list[Told] = []
    for number, one in shifted:
        if one.device_id.startswith("car-"):
            found.append(replace(one, device_id=f"car-{number}-{one.device_id.rpartition('-')[2]}"))
        else:
            body = track.body(number, one.body)
            if body is not None:
                found.append(replace(one, body=body))
    return sorted(found, key=attrgetter("source_time_ns"))


class _Track:
    """What each element says in each recording, and what it last said here."""

    def __init__(self) -> None:
        self._felt: dict[str, dict[int, Any]] = {}
        self._said: dict[str, Any] = {}

    def body(self, number: int, body: Reading) -> Reading | None:
        """What the element says here; None if nothing: another car's word that changes nothing."""
        field, joined = _FELT.get(type(body), ("", max))
        if not field:
            return body if number == 1 else None
        element_id: str = body.element_id  # type: ignore[union-attr]
        by_number = self._felt.setdefault(element_id, {})
        by_number[number] = getattr(body, field)
        value = joined(by_number.values())
        if number != 1 and value == self._said.get(element_id):
            return None
        self._said[element_id] = value
        return msgspec.structs.replace(body, **{field: value})
