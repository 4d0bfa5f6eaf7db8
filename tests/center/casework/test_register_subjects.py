"""Everybody in a case is asked about, with their own consent, and one answer that is missing holds the step."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest

from center.casework import register_subjects, services_file
from center.casework.case import Action, ActorKind, CaseState, StepStatus
from center.casework.fold import fold
from center.casework.payloads import Completed
from center.casework.permission import completion_faults
from center.casework.services import Edition
from tests.center.casework.sample_cases import MORNING

EDITION: Edition = services_file.load().on("vehicle_inspection", MORNING.date())
CERTIFICATE: Edition = services_file.load().on("records_certificate", date(2026, 12, 1))
FIRM, HEAD, BUYER, GUARDIAN = "firm", "head", "buyer", "guardian"
EVERYBODY = {"parties": (FIRM, HEAD, BUYER, GUARDIAN), "firms": (FIRM,)}
PERSONS = (HEAD, BUYER, GUARDIAN)
FIRMS_CERTIFICATE: dict[str, Any] = {"applicant": "firm", "parties": {"parties": (FIRM, HEAD), "firms": (FIRM,)}}
FEE = {"payment": "p-1", "purpose": "records_certificate", "amount_tenge": 1081}
Told = tuple[str, str | None, dict[str, Any]]


def _case(
    *told: Told, applicant: str = "contract", parties: dict[str, Any] | None = None, edition: Edition = EDITION
) -> CaseState:
    """A contract whose papers are in, and what came after."""
    opened: Told = ("case.open", None, {"service": edition.service, "applicant": applicant})
    before: list[Told] = [opened, ("parties.record", None, EVERYBODY if parties is None else parties)]
    every = [*before, ("step.complete", "accept", {}), *told]
    actions = [
        Action(place, kind, step, ActorKind.SYSTEM, "test", None, MORNING + timedelta(minutes=place), payload)
        for place, (kind, step, payload) in enumerate(every, 1)
    ]
    return fold(edition, "a-case", actions)


def _said(how: str, register: str, party: str = "") -> Told:
    named = {"party": party} if party else {}
    return (f"register.{how}", None, {"register": register, **named})


def test_every_person_and_every_firm_is_asked_about() -> None:
    state = _case()
    assert register_subjects.subjects(state, "persons") == PERSONS
    assert register_subjects.subjects(state, "firms") == (FIRM,)
    assert register_subjects.subjects(state, "pledged") == ("",)


@pytest.mark.parametrize("order", list(itertools.permutations(PERSONS)), ids="-".join)
def test_the_step_is_done_with_the_last_answer_and_not_before(order: tuple[str, ...]) -> None:
    for count in range(len(order)):
        state = _case(*(_said("answered", "persons", one) for one in order[:count]))
        assert state.steps["ask_persons"] is StepStatus.OPEN
    assert _case(*(_said("answered", "persons", one) for one in order)).steps["ask_persons"] is StepStatus.DONE


@pytest.mark.parametrize("silent", PERSONS)
def test_silence_about_one_of_them_holds_the_step_until_it_is_broken(silent: str) -> None:
    told = [_said("silent" if one == silent else "answered", "persons", one) for one in PERSONS]
    assert _case(*told).steps["ask_persons"] is StepStatus.OPEN
    assert _case(*told, _said("answered", "persons", silent)).steps["ask_persons"] is StepStatus.DONE


def test_an_answer_about_one_twice_is_no_answer_about_another() -> None:
    state = _case(*(_said("answered", "persons", HEAD) for _ in PERSONS))
    assert state.steps["ask_persons"] is StepStatus.OPEN


def test_where_no_firm_is_a_party_the_register_of_firms_holds_nothing_up() -> None:
    two = {"parties": (BUYER, GUARDIAN)}
    assert _case(parties=two).steps["ask_firms"] is StepStatus.DONE
    assert _case().steps["ask_firms"] is StepStatus.OPEN
    assert _case(_said("answered", "firms", FIRM)).steps["ask_firms"] is StepStatus.DONE


def test_an_answer_that_names_nobody_was_for_the_whole_case() -> None:
    """As cases hold it that were opened before each party was asked about."""
    state = _case(_said("answered", "persons"), parties={"parties": ("seller", "buyer")})
    assert state.steps["ask_persons"] is StepStatus.DONE


def test_each_agrees_for_themselves() -> None:
    state = _case()
    names = [one.name for one in register_subjects.consents(EDITION, state)]
    assert names == ["persons:head", "persons:buyer", "persons:guardian", "firms:firm", "pledged"]
    documents = tuple(one.id for one in EDITION.documents)
    for missing in names:
        given = Completed(documents=documents, consent=tuple(name for name in names if name != missing))
        assert [one.field for one in completion_faults(EDITION, state, "accept", given)] == ["consent"], missing
    assert completion_faults(EDITION, state, "accept", Completed(documents=documents, consent=tuple(names))) == []


def test_the_consent_of_who_stands_alone_needs_no_name() -> None:
    state = _case(applicant="person", parties={"parties": (BUYER,)})
    assert [one.name for one in register_subjects.consents(EDITION, state)] == ["persons", "pledged"]


def test_what_is_done_again_is_asked_again() -> None:
    answered = [_said("answered", "persons", one) for one in PERSONS]
    again: Told = ("case.correct", "accept", {"reason": "The paper says another name."})
    state = _case(*answered, again, ("step.complete", "accept", {}))
    assert state.steps["ask_persons"] is StepStatus.OPEN
    assert [register_subjects.standing(state, "persons", one) for one in PERSONS] == ["", "", ""]


def test_what_was_answered_while_its_step_waited_is_not_waited_for() -> None:
    again: Told = ("case.correct", "accept", {"reason": "The paper says another name."})
    late = [_said("answered", "persons", one) for one in PERSONS]
    assert _case(again, *late, ("step.complete", "accept", {})).steps["ask_persons"] is StepStatus.DONE


def test_a_firms_certificate_waits_for_both_registers_and_for_the_consent_to_each() -> None:
    state = _case(**FIRMS_CERTIFICATE, edition=CERTIFICATE)
    assert [one.name for one in register_subjects.consents(CERTIFICATE, state)] == ["persons:head", "firms:firm"]
    told = [_said("answered", "persons", HEAD), ("fee.paid", None, FEE)]
    state = _case(*told, **FIRMS_CERTIFICATE, edition=CERTIFICATE)
    assert (state.steps["ask_firms"], state.steps["produce"]) == (StepStatus.OPEN, StepStatus.WAITING)
    state = _case(*told, _said("answered", "firms", FIRM), **FIRMS_CERTIFICATE, edition=CERTIFICATE)
    assert (state.steps["ask_firms"], state.steps["produce"]) == (StepStatus.DONE, StepStatus.OPEN)


@pytest.mark.parametrize("applicant", ["person", "representative"])
@pytest.mark.parametrize("parties", [(), (BUYER,), (BUYER, GUARDIAN)], ids=len)
def test_a_persons_certificate_asks_nobody_about_firms_and_waits_for_none(
    applicant: str, parties: tuple[str, ...]
) -> None:
    about: dict[str, Any] = {"applicant": applicant, "parties": {"parties": parties}, "edition": CERTIFICATE}
    state = _case(**about)
    assert state.steps["ask_firms"] is StepStatus.DONE
    assert {one.register for one in register_subjects.consents(CERTIFICATE, state)} == {"persons"}
    told = [_said("answered", "persons", one) for one in parties or ("",)]
    assert _case(*told, ("fee.paid", None, FEE), **about).steps["produce"] is StepStatus.OPEN


def test_a_certificate_that_was_begun_before_is_finished_as_it_was_begun() -> None:
    before = services_file.load().named("records_certificate@2020-01-01")
    assert services_file.load().on("records_certificate", date(2026, 11, 30)) is before
    state = _case(**FIRMS_CERTIFICATE, edition=before)
    assert [one.name for one in register_subjects.consents(before, state)] == ["persons:head"]
    told = [_said("answered", "persons", HEAD), ("fee.paid", None, FEE)]
    assert _case(*told, **FIRMS_CERTIFICATE, edition=before).steps["produce"] is StepStatus.OPEN
