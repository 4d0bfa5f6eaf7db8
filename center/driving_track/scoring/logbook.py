"""What one exam's readings have told so far, and the passage of one exercise as its checks look at it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from center.driving_track.scoring.drive import Drive, StopLine
from center.driving_track.scoring.elements import Elements
from center.driving_track.scoring.health import Health
from center.driving_track.scoring.motion import Motion, Stop
from center.driving_track.scoring.nearness import Nearness
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.proof import Proof
from center.driving_track.scoring.rolls import RollWatch
from center.driving_track.scoring.rules import Edition, Rule
from center.driving_track.scoring.signals import CarSignals, Stretch
from center.driving_track.scoring.watched_line import LineGrid, WatchedLine
from center.driving_track.scoring.witnesses import NOTHING_SAID, Witnesses, Word
from messages.site import Car, Exercise, Point, Site, Turn


@dataclass(slots=True)
class Begun:
    """An exercise that has begun; ``ended`` stays None until it has ended. Both are empty stretches with a sigma."""

    exercise: Exercise
    began: Stretch
    is_next: bool
    """Whether it was its turn in the route."""
    ended: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """A turn of the route that was driven: from the front's entering its zone until it had turned, or left."""

    turn: Turn
    stretch: Stretch
    place: Point
    exam_grade: bool


@dataclass(slots=True)
class Logbook:
    """All that is remembered of one exam beside its path."""

    site: Site
    car: Car
    edition: Edition
    signals: CarSignals
    motion: Motion
    elements: Elements
    nearness: Nearness
    health: Health
    proof: Proof
    stop_lines: dict[str, StopLine]
    line_grid: LineGrid
    witnesses: Witnesses
    displacement: Callable[[int, int], tuple[float, float] | None]
    """How far the car went along its heading between two instants (m), and its standard uncertainty."""
    rolls: RollWatch = field(default_factory=RollWatch)
    turns: list[Turned] = field(default_factory=list)
    speeds: list[PathPoint] = field(default_factory=list)
    """The poses since the beginning of the leg."""
    watched_lines: dict[tuple[str, str], WatchedLine] = field(default_factory=dict)
    began_ns: int = 0
    newest_ns: int = 0
    ended_ns: int | None = None
    begun: list[Begun] = field(default_factory=list)
    section: Stretch | None = None
    """When the front was inside the speed section."""
    finish_crossed: Stretch | None = None
    """When the front crossed the finish line."""

    @property
    def bus(self) -> str:
        """The device of the car's bus."""
        return self.car.bus_device

    @property
    def satellite(self) -> str:
        """The car's satellite receiver."""
        return self.car.satellite_device

    @property
    def until_ns(self) -> int:
        """The end of the exam, or the newest reading."""
        return self.newest_ns if self.ended_ns is None else self.ended_ns

    def speeds_between(self, since_ns: int, until_ns: int) -> list[PathPoint]:
        """The poses of the leg between two instants, both included."""
        times = [point.time_ns for point in self.speeds]
        return self.speeds[bisect_left(times, since_ns) : bisect_left(times, until_ns + 1)]

    def exercise_at(self, time_ns: int) -> str | None:
        """The exercise that counts at an instant: the one that began last."""
        found = self.begun[0].exercise.id if self.begun else None
        for one in self.begun:
            if one.began.since_ns <= time_ns:
                found = one.exercise.id
        return found

    def observe(
        self,
        rule: Rule,
        value: float,
        sigma: float,
        stretch: tuple[int, int],
        at_ns: int,
        *,
        exercise_id: str | None = None,
        subject: str | None = None,
        part: str | None = None,
        place: Point | None = None,
        supports_fault: bool = True,
        supports_ok: bool = True,
        sources: Iterable[str] = (),
        word: Word = NOTHING_SAID,
        provisional: bool = False,
    ) -> Observation:
        """One measured value; what no signed digest covers supports no fault, what is contradicted decides nothing."""
        devices = tuple(sources)
        proven = self.proof.holds(devices, *stretch)
        return Observation(
            rule_id=rule.id,
            exercise_id=exercise_id or self.exercise_at(at_ns),
            subject=subject,
            value=value,
            sigma=sigma,
            since_ns=stretch[0],
            until_ns=stretch[1],
            at_ns=at_ns,
            place=place,
            part=part,
            supports_fault=supports_fault and proven and not word.disagree,
            supports_ok=supports_ok and not word.disagree,
            agree=devices + word.agree,
            disagree=word.disagree,
            provisional=provisional,
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """One exercise that has ended (or broke off): when, and the path driven in it."""

    log: Logbook
    exercise: Exercise
    began: Stretch
    ended: Stretch
    is_over: bool
    """Whether the car left it or went on to the next; False where the exam broke off within it."""
    drive: Drive
    """From somewhat before the beginning to somewhat beyond the end."""

    @property
    def k_f(self) -> float:
        """How many standard uncertainties make a definite fault."""
        return self.log.edition.decision.k_f

    @property
    def k_p(self) -> float:
        """How many standard uncertainties make a definite ok."""
        return self.log.edition.decision.k_p

    @property
    def since_ns(self) -> int:
        """When the exercise began."""
        return self.began.since_ns

    @property
    def until_ns(self) -> int:
        """When it ended."""
        return self.ended.since_ns

    @property
    def stop_line(self) -> StopLine | None:
        """Its stop line (entry of the speed section, finish line)."""
        name = self.exercise.stop_line
        return None if name is None else self.log.stop_lines[name]

    @property
    def exit_line(self) -> StopLine | None:
        """Its exit line."""
        name = self.exercise.exit_line
        return None if name is None else self.log.stop_lines[name]

    def stops(self) -> list[Stop]:
        """The standstills within the exercise, of any length."""
        return self.log.motion.stops(self.since_ns, self.until_ns)

    def observe(
        self,
        rule: Rule,
        value: float,
        sigma: float,
        stretch: tuple[int, int],
        at_ns: int | None = None,
        *,
        subject: str | None = None,
        place: Point | None = None,
        supports_fault: bool = True,
        supports_ok: bool = True,
        sources: Sequence[str] = (),
        word: Word = NOTHING_SAID,
    ) -> Observation:
        """One measured value of this exercise."""
        return self.log.observe(
            rule,
            value,
            sigma,
            stretch,
            stretch[1] if at_ns is None else at_ns,
            exercise_id=self.exercise.id,
            subject=subject,
            place=place,
            supports_fault=supports_fault,
            supports_ok=supports_ok,
            sources=sources or (self.log.satellite, self.log.bus),
            word=word,
        )
