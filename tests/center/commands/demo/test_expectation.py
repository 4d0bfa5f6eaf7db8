"""An exam is as expected only if its verdict, its charged faults and its open findings are."""

from __future__ import annotations

from typing import Any

import pytest

from center.commands.demo.expectation import differences

EXPECTED = {
    "verdict": "fail",
    "faults": [{"rule": "snake_line", "exercise": "snake", "times": 1}],
    "may_be_open": ["kerb"],
}


def _finding(rule: str, outcome: str = "fault", exercise: str = "snake") -> dict[str, Any]:
    return {"rule": rule, "exercise": exercise, "outcome": outcome, "charged": outcome == "fault"}


def test_what_is_as_expected_has_no_differences() -> None:
    findings = [_finding("snake_line"), _finding("kerb", "undetermined")]
    assert differences(EXPECTED, "fail", "definite_fail", findings) == []


@pytest.mark.parametrize(
    ("verdict", "findings", "told"),
    [
        ("pass", [_finding("snake_line")], "the verdict is pass (complete), not fail"),
        ("fail", [], "snake_line in snake is charged 0 times, not 1"),
        ("fail", [_finding("snake_line"), _finding("snake_line")], "snake_line in snake is charged 2 times, not 1"),
        ("fail", [_finding("snake_line"), _finding("belt")], "belt in snake is charged 1 times, not 0"),
        ("fail", [_finding("snake_line"), _finding("belt", "undetermined")], "belt is left open"),
    ],
)
def test_each_difference_is_told(verdict: str, findings: list[dict[str, Any]], told: str) -> None:
    assert differences(EXPECTED, verdict, "complete", findings) == [told]


def test_what_must_stay_open_may_not_be_decided() -> None:
    expected = {"verdict": "undetermined", "open": ["snake_line"]}
    assert differences(expected, "undetermined", "open_findings", []) == [
        "snake_line is decided, though it must be left open"
    ]
    assert differences(expected, "undetermined", "open_findings", [_finding("snake_line", "undetermined")]) == []


def test_a_void_attempt_is_void_by_what_was_expected() -> None:
    expected = {"verdict": "void", "void_by": "satellite"}
    assert differences(expected, "void", "void:satellite", []) == []
    assert differences(expected, "void", "void:car_bus", []) == ["the reason is void:car_bus, not void:satellite"]
