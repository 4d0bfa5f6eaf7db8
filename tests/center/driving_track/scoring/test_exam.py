"""The fold itself: what begins and ends an exam, what is passed over, what is void, and that nothing hides anything."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from center.driving_track.scoring.exam import SAFETY_STOP, ExamScorer
from center.driving_track.scoring.faults import Outcome, judge
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.outcome import ExamOutcome
from center.driving_track.scoring.registry import cannot_be_observed
from messages.readings import ExamAction, ExamControl, FixQuality, Gap, SatellitePose, TrafficLight
from messages.topics import CENTRE_DEVICE
from tests.center.driving_track.scoring.scripted_car import (
    CAR,
    EXAM_ID,
    FRAME,
    KZ,
    SITE,
    START_NS,
    Message,
    S,
    ScriptedCar,
    scored,
    without,
)

FAULTS = ("belt_fastened", "doors_closed", "dipped_beam_on", "handbrake_on")


def faults_of(outcome: ExamOutcome) -> set[str]:
    findings = [judge(KZ.by_id[one.rule_id], one, KZ.decision) for one in outcome.observations]
    return {one.rule.id for one in findings if one.outcome is Outcome.FAULT}


@cache
def hill_drive(*wrong: str) -> tuple[Message, ...]:
    """Up the hill with a stop, and with signals that are wrong from the beginning."""
    car = ScriptedCar(20, 0, 90, "hill", noise=random.Random(3))
    car.sets(**{name: name == "handbrake_on" for name in wrong})
    car.drives_until_front_is(0.5, "hill-stop")
    car.stands(4)
    car.drives(30)
    car.stands(1)
    car.stops_exam()
    return tuple(car.in_order())


def test_every_rule_of_the_pack_can_be_observed() -> None:
    assert cannot_be_observed(KZ) == []


def test_a_rule_that_no_module_knows_is_named() -> None:
    odd = replace(KZ.by_id["start_over_20"], exercise="snake")
    assert cannot_be_observed(replace(KZ, rules=(*KZ.rules, odd))) == ["start_over_20"]


def test_nothing_is_observed_before_the_start_signal() -> None:
    messages = [one for one in hill_drive("belt_fastened") if not isinstance(one[2], ExamControl)]
    scorer = scored(messages)
    assert scorer.began_ns is None
    assert scorer.observations() == []
    outcome = scorer.finish()
    assert (outcome.observations, outcome.exercises, outcome.voids, outcome.finished) == ((), (), (), False)


@pytest.mark.parametrize(
    ("device", "change"),
    [
        ("car-1-can", {}),
        (CENTRE_DEVICE, {"car_id": "car-2"}),
        (CENTRE_DEVICE, {"exam_id": "another"}),
        (CENTRE_DEVICE, {"action": ExamAction.CALL}),
        (CENTRE_DEVICE, {"action": ExamAction.STOP}),
        (CENTRE_DEVICE, {"action": ExamAction.SAFETY_STOP}),
    ],
)
def test_an_order_that_is_not_the_start_of_this_exam_begins_nothing(device: str, change: dict[str, object]) -> None:
    fields = {"exam_id": EXAM_ID, "action": ExamAction.START, "car_id": CAR.id, **change}
    scorer = ExamScorer(SITE, CAR, KZ, FRAME, EXAM_ID)
    scorer.feed(device, START_NS, ExamControl(**fields))  # type: ignore[arg-type]
    assert scorer.began_ns is None
    assert not scorer.is_finished


def test_a_second_start_signal_changes_nothing() -> None:
    messages = list(hill_drive())
    again = (messages[-1][0] - 5 * S, CENTRE_DEVICE, ExamControl(EXAM_ID, ExamAction.START, CAR.id, "snake"))
    both = sorted([*messages, again], key=lambda one: (one[0], one[1]))
    assert scored(both).finish() == scored(messages).finish()


def test_what_comes_after_the_stop_order_changes_nothing() -> None:
    messages = list(hill_drive())
    later = [(time_ns + 60 * S, device, body) for time_ns, device, body in hill_drive("belt_fastened")]
    assert scored([*messages, *later]).finish() == scored(messages).finish()


def test_readings_of_other_cars_and_of_elements_told_by_a_foreign_device_are_passed_over() -> None:
    messages = list(hill_drive())
    foreign: list[Message] = [(time_ns, device.replace("car-1", "car-2"), body) for time_ns, device, body in messages]
    red = TrafficLight("light-crossroads", "red")  # type: ignore[arg-type]
    foreign = [one for one in foreign if one[1].startswith("car-2")]
    mixed = sorted([*messages, *foreign], key=lambda one: one[0])
    assert scored(mixed).finish() == scored(messages).finish()
    told = sorted([*messages, (messages[-1][0] - S, "track-east", red)], key=lambda one: one[0])
    assert "not_its_element:1" in scored(told).finish().notes


def test_the_same_readings_give_the_same_outcome_and_finishing_twice_gives_it_again() -> None:
    scorer = scored(list(hill_drive("doors_closed")))
    assert scorer.finish() == scorer.finish() == scored(list(hill_drive("doors_closed"))).finish()


def test_asking_in_between_changes_nothing() -> None:
    scorer = ExamScorer(SITE, CAR, KZ, FRAME, EXAM_ID)
    for index, (time_ns, device, body) in enumerate(hill_drive("belt_fastened")):
        scorer.feed(device, time_ns, body)
        if index % 50 == 0:
            scorer.observations()
            scorer.snapshot()
            scorer.voids()
    assert scorer.finish() == scored(list(hill_drive("belt_fastened"))).finish()


def test_a_running_exam_shows_provisionally_what_is_going_on() -> None:
    scorer = ExamScorer(SITE, CAR, KZ, FRAME, EXAM_ID)
    for time_ns, device, body in hill_drive("belt_fastened"):
        if time_ns > START_NS + 9 * S:
            break
        scorer.feed(device, time_ns, body)
    belt = [one for one in scorer.observations() if one.rule_id == "belt"]
    assert [one.provisional for one in belt] == [True]
    assert judge(KZ.by_id["belt"], belt[0], KZ.decision).outcome is Outcome.FAULT
    live = scorer.snapshot()
    assert live.exercise_id == "hill"
    assert len(live.outline) == len(CAR.outline)
    assert live.moving
    assert live.silent_sources == ()


def test_readings_that_no_digest_covers_are_never_charged() -> None:
    messages = list(hill_drive("belt_fastened", "doors_closed"))
    assert faults_of(scored(messages).finish()) == {"belt", "doors"}
    uncovered = scored(messages, covered=False).finish()
    assert faults_of(uncovered) == set()
    assert {one.rule_id for one in uncovered.observations} >= {"belt", "doors"}


def test_a_safety_stop_voids_the_exam() -> None:
    messages = [one for one in hill_drive() if one[0] < START_NS + 10 * S]
    order = ExamControl(EXAM_ID, ExamAction.SAFETY_STOP, CAR.id, reason="snow")
    outcome = scored([*messages, (START_NS + 10 * S, CENTRE_DEVICE, order)]).finish()
    assert [(one.source, one.verdict, one.exercise_id) for one in outcome.voids] == [(SAFETY_STOP, "void", "hill")]


@pytest.mark.parametrize(
    ("device", "seconds", "sources"),
    [
        (CAR.satellite_device, 2.5, []),
        (CAR.satellite_device, 3.5, ["satellite"]),
        (CAR.bus_device, 2.5, []),
        (CAR.bus_device, 3.5, ["car_bus"]),
        ("track-east", 4.0, []),
        ("track-east", 8.0, ["cones", "kerb_strips"]),
        ("track-west", 8.0, []),
    ],
)
def test_a_silence_is_what_the_void_rules_say_of_it(device: str, seconds: float, sources: list[str]) -> None:
    outcome = scored(list(without(list(hill_drive()), device, 6.0, 6.0 + seconds))).finish()
    kinds = [one for one in outcome.voids if one.source != "cones"]  # cones count in the snake only
    assert [one.source for one in kinds] == [one for one in sources if one != "cones"]
    assert all(one.exercise_id == "hill" for one in outcome.voids)


def test_a_source_that_stays_silent_to_the_end_is_lost_too() -> None:
    messages = [one for one in hill_drive() if one[1] != CAR.satellite_device or one[0] < START_NS + 12 * S]
    assert [one.source for one in scored(messages).finish().voids] == ["satellite"]


def test_an_element_that_is_unplugged_from_a_living_controller_is_lost() -> None:
    car = ScriptedCar(76, 103.5, 270, "pedestrian-crossing")
    car.mute.add("beam-zebra")
    car.stands(14)
    car.drives(30)
    car.stops_exam()
    outcome = scored(car.in_order()).finish()
    assert [(one.source, one.verdict) for one in outcome.voids] == [("beam-zebra", "void")]


def test_a_gap_that_a_device_reports_is_noted_and_voids_when_it_is_long() -> None:
    messages = list(hill_drive())
    for seconds, voids in ((1, []), (4, ["car_bus"])):
        gap = Gap(START_NS + 6 * S, START_NS + (6 + seconds) * S, "overrun")
        with_gap = sorted([*messages, (START_NS + 11 * S, CAR.bus_device, gap)], key=lambda one: one[0])
        outcome = scored(with_gap).finish()
        assert f"gap:car-1-can:{seconds}000ms" in outcome.notes
        assert [one.source for one in outcome.voids] == voids


def test_a_receiver_that_is_not_fixed_charges_nobody_at_a_line() -> None:
    car = ScriptedCar(20, -1.05, 90, "hill")
    car.pose_quality = FixQuality.RTK_FLOAT
    car.drives(40)
    car.stands(1)
    car.stops_exam()
    outcome = scored(car.in_order()).finish()
    assert "edge_line" not in faults_of(outcome)
    assert any(note.startswith("not_exam_grade:") for note in outcome.notes)


def test_the_exam_ends_by_itself_5_s_after_the_final_stop_behind_the_finish_line() -> None:
    car = ScriptedCar(78, 25, 90, "finish")
    car.drives(16)
    car.stands(20)
    outcome = scored(car.in_order()).finish()
    assert outcome.finished
    assert outcome.ended_ns - (car.time_ns - 20 * S) == pytest.approx(5 * S, abs=S // 5)


def test_a_stop_before_the_finish_line_ends_nothing() -> None:
    car = ScriptedCar(78, 25, 90, "finish")
    car.drives(8)
    car.stands(20)
    scorer = scored(car.in_order())
    assert not scorer.is_finished
    assert not scorer.finish().finished


def test_exercises_follow_one_another_and_the_path_behind_is_forgotten() -> None:
    car = ScriptedCar(2, 0, 90, "start")
    car.drives(6)
    car.drives(40)
    car.stands(70)
    car.drives(30)
    scorer = scored(car.in_order())
    assert [one.exercise_id for one in scorer.spans()] == ["start", "hill"]
    assert all(one.ended_ns is not None for one in scorer.spans())
    assert len(scorer._estimator.smoothed(0, 1 << 62)) < 20 * 130


@settings(max_examples=12, deadline=None)
@given(st.sets(st.sampled_from(FAULTS)), st.sampled_from(FAULTS))
def test_one_more_fault_never_removes_another(wrong: set[str], more: str) -> None:
    fewer = faults_of(scored(list(hill_drive(*sorted(wrong)))).finish())
    assert faults_of(scored(list(hill_drive(*sorted(wrong | {more})))).finish()) >= fewer


def test_faults_of_the_same_instant_do_not_hide_one_another() -> None:
    outcome = scored(list(hill_drive(*FAULTS))).finish()
    assert faults_of(outcome) == {"belt", "doors", "dipped_beam", "handbrake_left_on"}


@pytest.mark.parametrize(("action", "ended", "timed"), [(ExamAction.STOP, True, 1), (ExamAction.SAFETY_STOP, False, 0)])
def test_the_stop_order_ends_the_exercise_under_way_and_a_safety_stop_does_not(
    action: ExamAction, ended: bool, timed: int
) -> None:
    car = ScriptedCar(20, 0, 90, "hill")
    car.drives(10)
    car.stands(1)
    car.stops_exam(action)
    outcome = scored(car.in_order()).finish()
    assert [one.ended_ns is not None for one in outcome.exercises] == [ended]
    assert sum(one.rule_id == "hill_time" for one in outcome.observations) == timed


def test_a_fixed_receiver_whose_corrections_are_stale_is_lost() -> None:
    messages = [
        (time_ns, device, stale(body) if isinstance(body, SatellitePose) and time_ns > START_NS + 8 * S else body)
        for time_ns, device, body in hill_drive()
    ]
    assert [one.source for one in scored(messages).finish().voids] == ["satellite"]


def stale(pose: SatellitePose) -> SatellitePose:
    fields = {name: getattr(pose, name) for name in SatellitePose.__struct_fields__}
    return SatellitePose(**{**fields, "correction_age_s": 40.0})


def with_the_handbrake(*on_and_off_m: float) -> list[Observation]:
    """What is seen of the handbrake on a drive up the hill that turns it over after so many metres each."""
    car = ScriptedCar(20, 0, 90, "hill", noise=random.Random(5))
    for number, metres in enumerate(on_and_off_m):
        car.drives(metres, then=3.0)
        car.sets(handbrake_on=number % 2 == 0)
    car.drives(8)
    car.stands(1)
    car.stops_exam()
    seen = scored(car.in_order()).finish().observations
    return [one for one in seen if one.rule_id == "handbrake_left_on"]


def test_each_time_on_end_is_one_observation_though_the_car_never_stood() -> None:
    twice = with_the_handbrake(4.0, 9.0, 4.0, 12.0)
    assert [one.value for one in twice] == [pytest.approx(1.0, abs=0.05), pytest.approx(2.0, abs=0.05)]
    assert all(one.exercise_id == "hill" for one in twice)
    (none,) = with_the_handbrake()
    assert none.value == -2.0
