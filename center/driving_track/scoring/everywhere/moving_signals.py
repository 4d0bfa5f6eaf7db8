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
    """One observation a leg, or (``each``) one for every time on end in a movement that ended in it; none: one, ok."""
    moving = log.motion.moving(max(leg.since_ns, log.began_ns), leg.until_ns)
    if rule.repeats == "each":
        for stretch in moving:
            whole = stretch.cut(log.began_ns, log.until_ns) if leg.closes(stretch.until_ns) else None
            if whole is not None:
                yield from (_observed(log, rule, [part], None) for part in _times_on_end(log, rule, whole) or [whole])
        return
    parts = [part for part in (one.cut(leg.since_ns, leg.until_ns) for one in moving) if part is not None]
    if parts:
        yield _observed(log, rule, parts, leg.exercise_id)


def _times_on_end(log: Logbook, rule: Rule, stretch: Stretch) -> list[Stretch]:
    """Where the signal was, or may have been, what it must not be."""
    wrong = not rule.parameters["must_be"]
    return log.signals.named[str(rule.parameters["signal"])].runs(stretch, frozenset({wrong, None}))


def _observed(log: Logbook, rule: Rule, stretches: list[Stretch], exercise_id: str | None) -> Observation:
    name = str(rule.parameters["signal"])
    found = held.contradicted(log, rule, log.signals.named[name], stretches)
    run = found.run or Stretch(stretches[0].since_ns, stretches[-1].until_ns)
    may_have_stood = log.motion.is_blind(run.since_ns, run.until_ns)
    return log.observe(
        rule,
        found.value_s,
        found.sigma_s,
        (run.since_ns, run.until_ns),
        run.since_ns,
        exercise_id=exercise_id,
        subject=name,
        supports_fault=found.supports_fault and not may_have_stood,
        supports_ok=found.supports_ok,
        sources=(log.bus, log.satellite),
    )
