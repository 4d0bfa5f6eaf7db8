"""When what is judged: an exercise's own rules once it is over, the rules that hold everywhere leg by leg."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from center.driving_track.scoring.drive import Drive
from center.driving_track.scoring.everywhere.lane_lines import LaneLines
from center.driving_track.scoring.legs import Leg
from center.driving_track.scoring.logbook import Begun, Logbook, Passage
from center.driving_track.scoring.measures import lines
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.registry import CONDUCTS, ObserveLeg, is_at_once, is_lane_line, on_leg
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import NS_PER_S, Stretch

_SETTLED_NS = 2 * NS_PER_S
"""An exercise is judged so long after its end, when what followed has settled where the car was."""
_LOOK_BACK_NS = 2 * NS_PER_S
_FOUND_OUT_NS = 3 * NS_PER_S
_RECENT_NS = 6 * NS_PER_S
"""How far back the provisional page looks for speeds."""


class Assessment:
    """Makes the observations of one exam from its logbook; final ones are added once and stay."""

    def __init__(self, log: Logbook) -> None:
        self._log = log
        rules = log.edition.rules
        self._lane_lines = LaneLines([rule for rule in rules if is_lane_line(rule)])
        others = [(rule, on_leg(rule)) for rule in rules if not is_lane_line(rule)]
        self._leg_rules = [(rule, observe) for rule, observe in others if observe is not None]
        self._rules_at_once = [(rule, observe) for rule, observe in self._leg_rules if is_at_once(rule)]
        self._passage_rules = [rule for rule, observe in others if observe is None]
        self._judged = 0
        """How many of the exercises begun have been judged; the legs follow of themselves."""
        self._legs_judged = 0
        self._told_ns = 0
        self._told: set[tuple[str, str | None, int]] = set()
        self.final: list[Observation] = []

    def is_due(self, now_ns: int) -> bool:
        """Whether an exercise waits to be judged and has waited long enough."""
        begun = self._log.begun
        if self._judged >= len(begun):
            return False
        waiting = begun[self._judged]
        if waiting.ended is None:
            return False
        tail_ns = max(CONDUCTS[waiting.exercise.kind].tail_ns, _SETTLED_NS)
        is_followed = len(begun) > self._judged + 1 and now_ns - begun[self._judged + 1].began.since_ns > _SETTLED_NS
        return is_followed or now_ns - waiting.ended.since_ns > tail_ns

    @property
    def waits(self) -> bool:
        """Whether an exercise has begun and is not judged."""
        return self._judged < len(self._log.begun)

    def needs_from_ns(self) -> int:
        """From where on the path is still needed: for the exercise that waits or runs, open passages and open rolls."""
        log = self._log
        needed = [log.newest_ns - _LOOK_BACK_NS]
        if self._judged < len(log.begun):
            needed.append(log.begun[self._judged].began.since_ns - _LOOK_BACK_NS)
        if self._lane_lines.is_used:
            needed.append(self._lane_lines.needs_from_ns(log.newest_ns))
        waiting = [roll for roll in log.rolls.closed if (roll.closed_ns or 0) >= self._leg_since_ns()]
        needed += [roll.began_ns for roll in (*waiting, log.rolls.open) if roll is not None]
        return min(needed)

    def judge_exercise(self, path: Sequence[PathPoint], *, is_last: bool) -> None:
        """Judge the exercise that waits on a path, and the lane lines up to the path's end."""
        log = self._log
        if self._judged < len(log.begun):
            waiting = log.begun[self._judged]
            self._judged += 1
            if path:
                self.final += self._in_passage(waiting, path)
        self.judge_lanes(path, is_last=is_last)

    def judge_lanes(self, path: Sequence[PathPoint], *, is_last: bool) -> None:
        """Judge the lines of the route up to the path's end."""
        self.final += self._lane_lines.judge(self._log, path, is_last=is_last)

    def tell(self, until_ns: int, *, is_last: bool) -> None:
        """Make the observations of what was over since the last time: a stall, a turn, a kerb."""
        log = self._log
        # An instant is found out about a little later, so the look goes back farther than to the last time.
        leg = Leg("", max(self._told_ns - _FOUND_OUT_NS, log.began_ns), until_ns, is_last)
        self._told_ns = until_ns
        for rule, observe in self._rules_at_once:
            for one in observe(log, rule, leg):
                if (key := (rule.id, one.subject, one.since_ns)) not in self._told:
                    self._told.add(key)
                    self.final.append(one)

    def judge_legs(self, *, is_last: bool) -> None:
        """Judge every leg that is over, and the last one at the end of the exam."""
        log = self._log
        while self._legs_judged < len(log.begun) - (0 if is_last else 1):
            leg = self._leg(self._legs_judged, is_last=is_last and self._legs_judged == len(log.begun) - 1)
            self._legs_judged += 1
            self.final += self._on_leg(leg)
            log.speeds = log.speeds_between(leg.until_ns, log.newest_ns)
            log.rolls.closed = [roll for roll in log.rolls.closed if (roll.closed_ns or 0) >= leg.until_ns]

    def provisional(self, recent_path: Sequence[PathPoint]) -> list[Observation]:
        """What the running leg shows so far: signals, recent speeds, and the lines on the last poses of the filter."""
        log = self._log
        if self._legs_judged >= len(log.begun):
            return []
        leg = self._leg(self._legs_judged, is_last=True)
        recent = replace(leg, since_ns=max(leg.since_ns, log.newest_ns - _RECENT_NS))
        found: list[Observation] = []
        for rule, observe in self._rules_of(leg):
            if rule.observation not in ("rollback", "route_time"):
                found += observe(log, rule, recent if rule.observation == "speed_over" else leg)
        found += self._lines_now(recent_path)
        return [replace(one, provisional=True) for one in found]

    def _lines_now(self, path: Sequence[PathPoint]) -> Iterator[Observation]:
        """Excesses on a piece of path, over the lines of the route and of the exercise that runs."""
        log = self._log
        near = log.line_grid.along(path)
        current = log.begun[-1]
        for rule in log.edition.rules:
            if rule.observation != "line_excess" or rule.exercise not in ("any", current.exercise.kind.value):
                continue
            names = current.exercise.lines if rule.parameters["lines"] == "exercise" else log.site.route.general_lines
            for name in names:
                watched = lines.watched_line(log, name, str(rule.parameters["part"]))
                for one in lines.passages(watched, path, near.get(name, ()), log.edition.decision.k_f):
                    found = lines.observed(log, rule, watched, path, one, current.exercise.id)
                    if found is not None and found.value > 0.0:
                        yield found

    def _leg_since_ns(self) -> int:
        begun = self._log.begun
        return begun[self._legs_judged].began.since_ns if self._legs_judged < len(begun) else self._log.newest_ns

    def _leg(self, index: int, *, is_last: bool) -> Leg:
        begun = self._log.begun
        until_ns = begun[index + 1].began.since_ns if index + 1 < len(begun) else self._log.until_ns
        return Leg(begun[index].exercise.id, begun[index].began.since_ns, until_ns, is_last)

    def _on_leg(self, leg: Leg) -> Iterator[Observation]:
        for rule, observe in self._rules_of(leg):
            if not is_at_once(rule):
                yield from observe(self._log, rule, leg)

    def _rules_of(self, leg: Leg) -> Iterator[tuple[Rule, ObserveLeg]]:
        kind = self._log.site.exercise(leg.exercise_id).kind.value
        for rule, observe in self._leg_rules:
            if rule.exercise in ("any", kind):
                yield rule, observe

    def _in_passage(self, waiting: Begun, path: Sequence[PathPoint]) -> Iterator[Observation]:
        log = self._log
        ended = waiting.ended or Stretch(log.until_ns, log.until_ns)
        passage = Passage(log, waiting.exercise, waiting.began, ended, waiting.ended is not None, Drive(log.car, path))
        conduct = CONDUCTS[waiting.exercise.kind]
        for rule in self._passage_rules:
            if rule.exercise in ("any", waiting.exercise.kind.value):
                observe = conduct.of(rule)
                if observe is not None:
                    yield from observe(passage, rule)
