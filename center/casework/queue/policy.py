"""How the hall is run on a day: lines, who goes first, and how long things wait. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from center.errors import N_, BadRequest


@dataclass(frozen=True, slots=True)
class Line:
    """People who wait for the same kind of thing."""

    id: str
    letter: str
    title: Mapping[str, str]
    usual_service_s: int
    """What a visit at the window takes as long as nothing was measured."""
    seats_per_slot: int
    """How many can book the same time; 0: no booking."""
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason to go first."""

    id: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """The rules in force."""

    most_favoured_in_a_row: int
    calls_before_absent: int
    call_again_after_s: int
    absent_return_within_minutes: int
    booking_grace_minutes: int
    slot_minutes: int
    bookable_days_ahead: int
    draft_kept_days: int
    least_free_to_draw: int
    draw_anyway_after_s: int
    provisional: bool
    lines: Mapping[str, Line]
    grounds: tuple[Ground, ...]

    def line(self, line_id: str) -> Line:
        """A line; raises :class:`BadRequest`."""
        found = self.lines.get(line_id)
        if found is None:
            raise BadRequest(
                N_("There is no line '%(line_id)s'; there are %(lines)s."),
                line_id=line_id[:40],
                lines=", ".join(self.lines),
            )
        return found

    def line_of(self, service: str) -> Line:
        """Where a service waits; raises :class:`BadRequest`."""
        found = next((line for line in self.lines.values() if service in line.services), None)
        if found is None:
            raise BadRequest(N_("No line serves '%(service)s'."), service=service[:64])
        return found
