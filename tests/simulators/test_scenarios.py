"""The scenarios that come with the simulators: each is true by the oracle, and together they cover everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import yaml

from center.driving_track.scoring.zones import distance_m
from messages import site as sites
from messages.site import ElementKind, ExerciseKind, LineKind, Point
from simulators import noise_spec, scenario
from simulators.instruments import Instruments
from simulators.oracle.rules import read_pack
from simulators.scenario import Fault, Verdict
from simulators.staging import disagreements, judge_truth, stage
from tests.sampling import sample

SITE = sites.load(Path("sites/sarytau"))
PACK_FILE = Path("center/driving_track/rulesets/kz.yaml")
PACK = read_pack(PACK_FILE.read_bytes(), date(2026, 4, 14))
WITNESSES = {
    ElementKind.BEAM: (LineKind.STOP, LineKind.GATE),
    ElementKind.INDUCTION_LOOP: (LineKind.STOP, LineKind.GATE),
    ElementKind.KERB_STRIP: (LineKind.EDGE, LineKind.KERB),
}
"""Which sensors are asked at which lines (docs/observations.md)."""
SCENARIOS = {name: scenario.load(name) for name in scenario.names()}


@pytest.mark.parametrize("name", sample(SCENARIOS, 16, name="scenarios judged by the oracle"))
def test_what_is_expected_is_true(name: str) -> None:
    one = SCENARIOS[name]
    instruments = Instruments(SITE, one.car, one.noise, one.seed)
    sheet = judge_truth(stage(one, instruments.true_site, one.seed), PACK)
    assert disagreements(one.expect, sheet, PACK) == []
    if one.expect.verdict is Verdict.FAIL:
        assert sheet.must_fail
    elif one.expect.verdict is Verdict.PASS:
        assert not sheet.may_fail


def test_every_rule_of_the_pack_is_broken_by_a_scenario() -> None:
    broken = {fault.rule for one in SCENARIOS.values() for fault in one.expect.faults}
    assert {rule.id for rule in PACK.rules} - broken == set()


def test_every_fault_of_a_device_or_element_happens_in_a_scenario() -> None:
    assert {breakage.fault for one in SCENARIOS.values() for breakage in one.breakages} == set(Fault)


def test_every_source_that_the_pack_watches_is_lost_in_a_scenario() -> None:
    """By an element, or by the whole controller of a kind of elements."""
    broken = {breakage.device for one in SCENARIOS.values() for breakage in one.breakages}
    lost = {one.expect.void_by for one in SCENARIOS.values()} | {
        "cones" if element.kind is ElementKind.CONE_TILT else "kerb_strips"
        for element in SITE.elements
        if element.device in broken and element.kind in (ElementKind.CONE_TILT, ElementKind.KERB_STRIP)
    }
    document = yaml.safe_load(PACK_FILE.read_text("utf-8"))
    watched = {rule["source"] for edition in document["editions"] for rule in edition["void"]}
    assert watched - lost == set()


def test_every_sensor_beside_a_line_lies_in_a_scenario() -> None:
    """Feels nothing, or always something: what it says of a crossing or a place is then contradicted."""
    lies = (Fault.BLIND, Fault.BLOCKED)
    lying = {breakage.device for one in SCENARIOS.values() for breakage in one.breakages if breakage.fault in lies}
    witnesses = {
        one.id
        for one in SITE.elements
        for line in SITE.lines
        if line.kind in WITNESSES.get(one.kind, ()) and _gap_m(one.points, line.points) <= 0.75
    }
    assert {"beam-start", "loop-hill", "strip-corner"} <= witnesses
    assert witnesses - lying == set()


def _gap_m(some: Sequence[Point], others: Sequence[Point]) -> float:
    return min(*(distance_m(*one, others) for one in some), *(distance_m(*one, some) for one in others))


def test_no_scenario_expects_a_rule_that_the_pack_has_not() -> None:
    rules = {rule.id for rule in PACK.rules}
    named = {
        rule
        for one in SCENARIOS.values()
        for rule in (
            *(fault.rule for fault in one.expect.faults),
            *one.expect.open,
            *one.expect.may_be_open,
            *one.expect.may_be_charged,
        )
    }
    assert named - rules == set()


def test_every_exercise_has_a_faulty_scenario_that_begins_at_it_or_before() -> None:
    kinds = {
        SITE.exercise(fault.exercise).kind
        for one in SCENARIOS.values()
        for fault in one.expect.faults
        if fault.exercise
    }
    assert kinds == set(ExerciseKind)


def test_every_car_drives_the_whole_route_without_a_mistake() -> None:
    clean = {
        one.car for one in SCENARIOS.values() if not one.mistakes and one.noise == "healthy" and not one.last_exercise
    }
    assert clean == {car.id for car in SITE.cars}


def test_every_description_of_noise_is_used_by_a_scenario() -> None:
    assert set(noise_spec.names()) - {one.noise for one in SCENARIOS.values()} <= {"perfect"}


def test_every_loss_that_voids_has_a_scenario() -> None:
    edition = yaml.safe_load(PACK_FILE.read_text("utf-8"))["editions"][0]
    voiding = {rule["source"] for rule in edition["void"] if rule["verdict"] == "void"}
    assert voiding <= {one.expect.void_by for one in SCENARIOS.values()}


def test_a_scenario_expects_at_least_as_much_as_it_does() -> None:
    for name, one in SCENARIOS.items():
        assert one.title["en"], name
        for exercise in filter(None, (one.first_exercise, one.last_exercise, one.exam_from)):
            assert SITE.exercise(exercise).id == exercise, name
