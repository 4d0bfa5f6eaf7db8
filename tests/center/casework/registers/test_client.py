"""Asking real servers that misbehave: an answer is whole and to what was asked, or the register is silent."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import date

import pytest

from center.casework.register_kinds import Register
from center.casework.registers.answers import Answer, Customs, Person
from center.casework.registers.client import Question, RegisterClient, Silence, answers_within
from center.casework.registers.policy import load
from center.errors import BadRequest
from tests.services.outside_systems import TOKEN, OutsideSystem

IIN = "980417900018"
PERSON = Question(Register.PERSONS, "identity", "officer-1", "case-1", "consent-1", IIN)
SILENCES = {
    "hang": "timeout",
    "drip": "timeout",
    "error": "error_status",
    "garbage": "garbage",
    "wrong": "garbage",
    "truncated": "broken",
    "drop": "broken",
    "flood": "too_long",
}


def _client(system: OutsideSystem, within_s: float = 0.6, token: str = TOKEN) -> RegisterClient:
    return RegisterClient(system.url, token, "sarytau-1", answers_within(load(), within_s), pause=lambda _: None)


def test_a_person_is_found_by_the_iin(registers: OutsideSystem) -> None:
    answer = _client(registers, 5.0).ask(PERSON)
    assert isinstance(answer, Answer)
    assert isinstance(answer.record, Person)
    assert (answer.record.family_name, answer.record.born_on) == ("Сәрсенова", date(1998, 4, 17))
    (asked,) = registers.get("/asked")["asked"]
    assert (asked["officer"], asked["purpose"], asked["consent"]) == ("officer-1", "identity", "consent-1")


def test_every_register_of_the_demo_world_answers(registers: OutsideSystem) -> None:
    client = _client(registers, 5.0)
    for register, key, purpose, found in (
        (Register.PERSONS, "010929900020", "identity", True),
        (Register.PERSONS, "111111111111", "identity", False),
        (Register.FIRMS, "200190000017", "representation", True),
        (Register.TAX, "200190000017", "vehicle_tax", True),
        (Register.CUSTOMS, "XTA212140C9990002", "vehicle_check", True),
        (Register.WANTED, "XTA212140C9990002", "vehicle_check", False),
        (Register.WANTED, "WBA3A5C51CF990007", "vehicle_check", True),
        (Register.PLEDGED, "X89TR1500C0990004", "vehicle_check", True),
    ):
        answer = client.ask(replace(PERSON, register=register, key=key, purpose=purpose))
        assert isinstance(answer, Answer), register
        assert answer.found == found, (register, key)


def test_the_import_is_not_cleared_by_customs(registers: OutsideSystem) -> None:
    question = replace(PERSON, register=Register.CUSTOMS, key="WBA3A5C58CF990005", purpose="vehicle_check")
    answer = _client(registers, 5.0).ask(question)
    assert isinstance(answer, Answer)
    assert isinstance(answer.record, Customs)
    assert not answer.record.cleared


@pytest.mark.parametrize("kind", SILENCES)
def test_what_is_no_answer_is_silence(registers: OutsideSystem, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    registers.breaks(kind, "/v1/persons")
    began = time.monotonic()
    with caplog.at_level(logging.DEBUG):
        told = _client(registers).ask(PERSON)
    assert told == Silence(SILENCES[kind], 2)
    assert time.monotonic() - began < 2 * 0.6 + 1.0
    assert IIN not in caplog.text


@pytest.mark.parametrize("kind", SILENCES)
def test_after_one_failure_the_second_attempt_is_answered(registers: OutsideSystem, kind: str) -> None:
    registers.breaks(kind, "/v1/persons", times=1)
    assert isinstance(_client(registers).ask(PERSON), Answer)


def test_a_late_answer_within_patience_is_an_answer(registers: OutsideSystem) -> None:
    registers.breaks("delay", "/v1/persons", seconds=0.3)
    assert isinstance(_client(registers, 5.0).ask(PERSON), Answer)


def test_a_register_killed_in_mid_call_is_silent_until_it_is_back(registers: OutsideSystem) -> None:
    client = _client(registers)
    registers.breaks("kill", "/v1/persons")
    told = client.ask(PERSON)
    assert isinstance(told, Silence)
    assert told.reason in ("broken", "unreachable")
    registers.wait_until_dead()
    assert client.ask(PERSON) == Silence("unreachable", 2)
    registers.start()
    assert isinstance(_client(registers, 5.0).ask(PERSON), Answer)


def test_a_centre_without_registers_guesses_nothing() -> None:
    assert RegisterClient("", "", "sarytau-1", load()).ask(PERSON) == Silence("not_configured", 0)


def test_a_token_that_is_refused_is_not_tried_again(registers: OutsideSystem) -> None:
    assert _client(registers, 5.0, token="another").ask(PERSON) == Silence("refused", 1)


def test_after_failures_in_a_row_the_register_is_left_alone_and_then_tried_once(registers: OutsideSystem) -> None:
    now_s = [0.0]
    policies = answers_within(load(), 5.0)
    client = RegisterClient(
        registers.url, TOKEN, "sarytau-1", policies, monotonic=lambda: now_s[0], pause=lambda _: None
    )  # fmt: skip
    registers.breaks("error", "/v1/persons")
    assert client.ask(PERSON) == Silence("error_status", 2)
    assert client.ask(PERSON) == Silence("error_status", 2)
    asked_before = len(registers.get("/asked")["asked"])
    assert client.ask(PERSON) == Silence("breaker_open", 0)
    assert client.is_left_alone(Register.PERSONS)
    assert not client.is_left_alone(Register.TAX)
    registers.mends()
    assert client.ask(PERSON) == Silence("breaker_open", 0)
    assert len(registers.get("/asked")["asked"]) == asked_before
    now_s[0] += policies.breaker.open_for_s
    assert isinstance(client.ask(PERSON), Answer)
    assert not client.is_left_alone(Register.PERSONS)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"purpose": "curiosity"}, "is not asked for 'curiosity'; allowed are identity, representation"),
        ({"purpose": "vehicle_tax"}, "is not asked for 'vehicle_tax'"),
        ({"key": ""}, "is asked by iin, which is not written so"),
        ({"key": "98041790001"}, "is asked by iin"),
        ({"key": "９80417900018"}, "is asked by iin"),
        ({"key": "980417900018\n"}, "is asked by iin"),
        ({"register": Register.WANTED, "purpose": "vehicle_check", "key": "XTA2I2140C9990002"}, "is asked by vin"),
    ],
)
def test_a_question_that_is_not_asked_never_leaves_the_centre(
    registers: OutsideSystem, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(BadRequest, match=sentence) as refusal:
        _client(registers).ask(replace(PERSON, **changes))  # type: ignore[arg-type]
    assert str(changes.get("key", "no key")) not in str(refusal.value) or changes.get("key") == ""
    assert registers.get("/asked")["asked"] == []
