"""A scenario on a site: the drive as it truly is, when its exam starts and ends, and the oracle's judgement of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from messages.site import Site
from simulators.oracle.judge import judge
from simulators.oracle.judgement import TrueSheet, charged
from simulators.oracle.ride import Ride
from simulators.oracle.rules import Pack
from simulators.samples import DriveRecord
from simulators.scenario import BadScenario, Expectation, Scenario
from simulators.truth import Drive
from simulators.witness import truth_of

START_AFTER_S = 6.0
"""From the first sample to the start signal: the receivers stream before the exam starts."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A drive and the instants of its exam, in seconds of the drive."""

    scenario: Scenario
    site: Site
    """As it truly is, with this exam's errors of survey."""
    record: DriveRecord
    start_s: float
    end_s: float
    stopped_by_officer: bool


def stage(scenario: Scenario, site: Site, seed: int | None = None) -> Staged:
    """Drive the scenario over the site as it truly is."""
    drive = Drive(site, scenario.car, scenario.plan(seed), start_signal_after_s=START_AFTER_S)
    record = drive.run()
    driven_s = record.samples[-1].time_s
    end_s, by_officer = driven_s, False
    if scenario.safety_stop is not None:
        end_s, by_officer = START_AFTER_S + scenario.safety_stop.after_s, True
    elif scenario.stop_after_s is not None:
        end_s = START_AFTER_S + scenario.stop_after_s
    if end_s > driven_s:
        raise BadScenario(f"{scenario.name}: the drive of {driven_s:.1f} s is over before the stop at {end_s:.1f} s")
    return Staged(scenario, site, record, START_AFTER_S, end_s, by_officer)


def judge_truth(staged: Staged, pack: Pack) -> TrueSheet:
    """What the oracle says of the drive."""
    scenario = staged.scenario
    truth = truth_of(staged.record, staged.site, staged.start_s, staged.end_s)
    first = scenario.exam_from or scenario.first_exercise
    car = staged.site.car(scenario.car)
    ride = Ride(
        truth,
        staged.site,
        car,
        first,
        last_exercise=scenario.last_exercise,
        ended_by_order=not staged.stopped_by_officer,
    )
    return judge(ride, pack)


def disagreements(expect: Expectation, sheet: TrueSheet, pack: Pack) -> list[str]:
    """Where the truth is not what the scenario says: faults that are missing, or that nobody planned."""
    faults = charged(pack, [one for one in sheet.judgements if one.is_fault])
    true: Counter[tuple[str, str | None]] = Counter((one.rule, one.exercise) for one in faults)
    found = []
    for one in expect.faults:
        keys = [key for key in true if key[0] == one.rule and one.exercise in (None, key[1])]
        times = sum(true.pop(key) for key in keys)
        if times != one.times:
            found.append(f"{one.rule} in {one.exercise or 'any exercise'}: {one.times} planned, {times} true")
    allowed = {*expect.open, *expect.may_be_open, *expect.may_be_charged}
    unplanned = [(rule, exercise) for rule, exercise in true if rule not in allowed]
    return found + [f"{rule} in {exercise}: not planned, but true" for rule, exercise in unplanned]
