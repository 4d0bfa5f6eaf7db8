"""Belt, doors, lights and handbrake while the car moves."""

from __future__ import annotations

from collections.abc import Iterator

from center.driving_track.scoring.legs import Leg
from center.driving_track.scoring.logbook import Logbook
from center.driving_track.scoring.measures import held
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import Stretch


def while_moving(log: Logbook, rule: Rule, leg: Leg) -> Iterator[Observation]:
    """One observation a leg, or (``each``) one for every stretch of movement that ended in it."""
    moving = log.motion.moving(max(leg.since_ns, log.began_ns), leg.until_ns)
    if rule.repeats == "each":
        for stretch in moving:
            if leg.closes(stretch.until_ns):
                whole = stretch.cut(log.began_ns, log.until_ns)
                yield from () if whole is None else (_observed(log, rule, [whole], None),)
        return
    parts = [part for part in (one.cut(leg.since_ns, leg.until_ns) for one in moving) if part is not None]
    if parts:
        yield _observed(log, rule, parts, leg.exercise_id)


def _observed(log: Logbook, rule: Rule, stretches: list[Stretch], exercise_id: str | None) -> Observation:
    name = str(rule.parameters["signal"])
    found = held.contradicted(log, rule, log.signals.named[name], stretches)
    run = found.run or Stretch(stretches[0].since_ns, stretches[-1].until_ns)
    return log.observe(
        rule,
        found.value_s,
        found.sigma_s,
        (run.since_ns, run.until_ns),
        run.since_ns,
        exercise_id=exercise_id,
        subject=name,
        supports_fault=found.supports_fault,
        supports_ok=found.supports_ok,
        sources=(log.bus, log.satellite),
    )
