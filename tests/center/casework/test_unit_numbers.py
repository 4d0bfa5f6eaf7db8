"""The numbers of a vehicle are taken as they are read, and a body that is not the papers' passes no inspection."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from center.casework import services_file, unit_numbers
from center.casework.case import Action, ActorKind, CaseState
from center.casework.fields import BadFields
from center.casework.fold import fold
from center.casework.payloads import Completed
from center.casework.permission import completion_faults
from center.casework.services import UNITS
from center.casework.unit_numbers import UnitNumbers
from tests.center.casework.sample_cases import MORNING

VIN = "XTA212140C9990002"
EDITION = services_file.load().on("vehicle_inspection", MORNING.date())
COMMITMENT = "5e" * 32


def test_the_service_reads_all_three_where_the_inspector_compares_them() -> None:
    assert {step.id: step.reads for step in EDITION.steps.values() if step.reads} == {"inspect": UNITS}


def test_spaces_small_letters_and_stars_are_put_as_they_stand() -> None:
    given = {"unit_body": " xta 212140-c999 0002", "unit_engine": "*21214 0123456*", "unit_chassis": "ххх-17"}
    assert unit_numbers.read(given, UNITS, VIN) == UnitNumbers(VIN, "*212140123456*", "ХХХ-17")


def test_a_trailer_has_no_engine_and_a_car_no_chassis() -> None:
    assert unit_numbers.read({"unit_body": VIN}, UNITS, VIN) == UnitNumbers(VIN)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"unit_body": ""}, "unit_body", "Fill this in."),
        ({"unit_body": "XTA21214OC9990002"}, "unit_body", "A VIN has 17 Latin letters and digits"),
        ({"unit_body": "XTA212140C999000"}, "unit_body", "A VIN has 17 Latin letters and digits"),
        ({"unit_body": "XTA212140C9990003"}, "unit_body", "XTA212140C9990003 is not the vehicle of this case."),
        ({"unit_engine": "12"}, "unit_engine", "12 is no unit's number"),
        ({"unit_engine": "<script>"}, "unit_engine", "is no unit's number"),
        ({"unit_chassis": "1" * 26}, "unit_chassis", "at most 25 fit"),
        ({"unit_chassis": "12\x0034"}, "unit_chassis", "cannot stand here"),
    ],
)
def test_what_is_no_number_is_refused_at_its_field(given: dict[str, str], field: str, sentence: str) -> None:
    with pytest.raises(BadFields) as refused:
        unit_numbers.read({"unit_body": VIN} | given, UNITS, VIN)
    assert [fault.field for fault in refused.value.faults] == [field]
    assert sentence in refused.value.faults[0].sentence


def test_a_number_that_the_service_does_not_ask_for_is_refused() -> None:
    with pytest.raises(BadFields) as refused:
        unit_numbers.read({"unit_body": VIN, "unit_engine": "212140123456"}, ("body",), VIN)
    assert [fault.field for fault in refused.value.faults] == ["unit_engine"]


def _inspected(*more: tuple[str, dict[str, Any]]) -> CaseState:
    told = (
        ("case.open", None, {"service": EDITION.service, "applicant": "person"}),
        ("step.complete", "accept", {}),
        ("step.complete", "inspect", {"units": COMMITMENT}),
        *((kind, "inspect", payload) for kind, payload in more),
    )
    return fold(
        EDITION,
        "a-case",
        [
            Action(place, kind, step, ActorKind.SYSTEM, "test", None, MORNING + timedelta(minutes=place), payload)
            for place, (kind, step, payload) in enumerate(told, 1)
        ],
    )


def test_the_inspection_is_not_done_without_the_numbers_and_never_with_those_of_another_time() -> None:
    again = _inspected(("case.correct", {"reason": "Another number was read."}))
    assert (_inspected().units, again.units) == (COMMITMENT, None)
    for given, fields in ((Completed(), ["unit_body"]), (Completed(units=COMMITMENT), [])):
        assert [one.field for one in completion_faults(EDITION, again, "inspect", given)] == fields
