"""The simulated registers: what they know, when they are silent, and that nobody in them exists."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from messages.clock import TimeScale
from simulators.http_service import Question
from simulators.state_registers import KEYS, Registers, Silence, load

ZONE = "Asia/Almaty"


def _silence_at(hour: int, minute: int) -> Silence:
    now = datetime(2026, 4, 14, hour, minute, tzinfo=ZoneInfo(ZONE))
    scale = TimeScale(int(now.timestamp()) * 1_000_000_000, time.time_ns())
    return Silence("persons@10:40+20", scale, ZONE)


@pytest.mark.parametrize(
    ("hour", "minute", "silent"), [(10, 39, False), (10, 41, True), (10, 59, True), (11, 1, False)]
)
def test_at_an_hour_of_the_day_one_register_does_not_answer(hour: int, minute: int, silent: bool) -> None:
    silence = _silence_at(hour, minute)
    assert silence.covers("/v1/persons/query") == silent
    assert not silence.covers("/v1/tax/query")
    registers = Registers("t", load(), (silence,))
    fault = registers.fault_of(Question("POST", "/v1/persons/query", {}, {}, b""))
    assert (fault is not None and fault.kind == "hang") == silent


@pytest.mark.parametrize("text", ["persons", "persons@10:40", "persons@25:00+5", "taxes@10:40+5", "persons@10:40+long"])
def test_a_silence_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="silence"):
        Silence(text, TimeScale(), ZONE)


def _check_digit(body: str) -> int:
    """Written from the published rule, apart from the centre's own."""
    first = sum(place * int(digit) for place, digit in enumerate(body, 1)) % 11
    weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
    return first if first < 10 else sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True)) % 11


def test_nobody_in_the_demo_world_exists() -> None:
    records = load()
    assert set(records) == set(KEYS)
    for iin in records["persons"]:
        assert iin[6] == "9", "no real IIN has this century"
        assert _check_digit(iin[:11]) == int(iin[11])
    for number in records["firms"]:
        assert number[4] == "9"
        assert _check_digit(number[:11]) == int(number[11])
    assert {"980417900018", "010929900020", "960215900700"} <= set(records["persons"])


def test_the_demo_vehicles_are_there_with_their_troubles() -> None:
    records = load()
    assert [vin for vin, one in records["customs"].items() if not one["cleared"]] == ["WBA3A5C58CF990005"]
    assert not set(records["wanted"]) & set(records["customs"])
    assert all(len(vin) == 17 for register in ("customs", "wanted", "pledged") for vin in records[register])
