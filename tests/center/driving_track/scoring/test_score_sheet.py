"""The score sheet: canonical bytes, whole numbers, nothing random in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.driving_track import rule_packs
from center.driving_track.scoring.faults import judge
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.points import tally
from center.driving_track.scoring.score_sheet import DeviceTally, ExerciseSpan, SheetFacts, build, scaled, sheet_unit

KZ = rule_packs.load("kz")
SECOND = 1_000_000_000
T0 = 1_776_135_600 * SECOND
TOUCH = Observation(
    rule_id="snake_line", exercise_id="snake", subject="snake-left", value=0.0634, sigma=0.0051,
    since_ns=T0 + 40 * SECOND, until_ns=T0 + 42 * SECOND, at_ns=T0 + 41 * SECOND,
    place=(108.45, 36.2), part="rear left",
)  # fmt: skip


def facts(*observations: Observation) -> SheetFacts:
    findings = [judge(KZ.by_id[one.rule_id], one, KZ.decision) for one in observations]
    return SheetFacts(
        centre_id="sarytau-1",
        car_id="car-1",
        site_sha256="0" * 64,
        edition=KZ,
        began_ns=T0,
        ended_ns=T0 + 300 * SECOND,
        exercises=[ExerciseSpan("snake", T0 + 30 * SECOND, T0 + 60 * SECOND)],
        findings=findings,
        tally=tally(KZ, findings, (), finished=True),
        voids=(),
        notes=[],
        devices=[DeviceTally("car-1-gnss", True, 6000, 0, 0)],
    )


def test_a_finding_tells_value_uncertainty_limit_and_clause() -> None:
    sheet = json.loads(build(facts(TOUCH)).data)
    (finding,) = sheet["findings"]
    assert finding["outcome"] == "fault"
    assert (finding["value"], finding["uncertainty"], finding["limit"], finding["unit"]) == (634, 51, 0, "0.1 mm")
    assert finding["clause"].startswith("Order 862")
    assert finding["provisional"] is True
    assert finding["false_at_most_one_in"] == 1_000_000_000
    assert (sheet["points"], sheet["verdict"]) == (25, "pass")


def test_what_was_ok_is_counted_but_not_told() -> None:
    sheet = json.loads(build(facts(replace(TOUCH, value=-0.2))).data)
    assert sheet["findings"] == []
    assert sheet["checks"]["snake_line"] == {"fault": 0, "ok": 1, "undetermined": 0}


def test_the_hash_is_of_the_stored_bytes() -> None:
    sheet = build(facts(TOUCH))
    assert sheet.sha256 == hashlib.sha256(sheet.data).hexdigest()


def test_the_order_of_findings_does_not_change_the_bytes() -> None:
    later = replace(TOUCH, at_ns=T0 + 45 * SECOND, subject="snake-right")
    assert build(facts(TOUCH, later)).data == build(facts(later, TOUCH)).data


def test_a_sheet_holds_whole_numbers_only() -> None:
    def numbers(value: object) -> list[object]:
        if isinstance(value, dict):
            return [one for inner in value.values() for one in numbers(inner)]
        if isinstance(value, list):
            return [one for inner in value for one in numbers(inner)]
        return [value] if isinstance(value, int | float) else []

    assert all(isinstance(one, int) for one in numbers(json.loads(build(facts(TOUCH)).data)))


@pytest.mark.parametrize(("unit", "one"), [("m", 10_000), ("s", 1000), ("deg", 100), ("mps", 1000), ("count", 1)])
def test_every_unit_of_a_rule_has_its_whole_unit(unit: str, one: int) -> None:
    assert scaled(1.0, unit) == one
    assert sheet_unit(unit)


@given(st.floats(-1000, 1000))
def test_scaling_is_symmetric_and_never_off_by_more_than_half_a_unit(value: float) -> None:
    assert scaled(-value, "m") == -scaled(value, "m")
    assert abs(scaled(value, "m") - value * 10_000) <= 0.5000001
