"""Indicators where the route turns: from the front's entering the turn's zone until the heading has turned 30°."""

from __future__ import annotations

from collections.abc import Iterator

from center.driving_track.scoring.legs import Leg
from center.driving_track.scoring.logbook import Logbook
from center.driving_track.scoring.measures import held
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from messages.site import Side


def turn_signal(log: Logbook, rule: Rule, leg: Leg) -> Iterator[Observation]:
    """One observation for each turn that was driven, when it is over."""
    for turned in log.turns:
        if not leg.closes(turned.stretch.until_ns):
            continue
        name = str(rule.parameters["signal"])
        if name == "indicator_for_turn":
            name = "left_indicator_on" if turned.turn.side is Side.LEFT else "right_indicator_on"
        stretch = turned.stretch
        found = held.contradicted(log, rule, log.signals.named[name], [stretch])
        yield log.observe(
            rule,
            found.value_s,
            found.sigma_s,
            (stretch.since_ns, stretch.until_ns),
            stretch.since_ns,
            subject=turned.turn.id,
            place=turned.place,
            supports_fault=found.supports_fault and turned.exam_grade,
            supports_ok=found.supports_ok,
            sources=(log.bus, log.satellite),
        )
