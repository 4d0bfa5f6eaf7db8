"""What a service page tells is what the centre's own data says."""

from __future__ import annotations

from datetime import date

import pytest

from center.casework import fee_schedule, services_file
from center.casework.published.services import Offer, offers
from center.casework.registers import policy
from center.casework.services import Services

DAY = date(2026, 4, 14)


def _offers(day: date, services: Services | None = None) -> list[Offer]:
    return offers(services or services_file.load(), fee_schedule.load(), policy.load(), day)


def test_the_certificate_of_records_costs_a_quarter_of_the_index_rounded_down() -> None:
    certificate = next(one for one in _offers(DAY) if one.service == "records_certificate")
    # 0.25 MCI of 4,325 tenge is 1,081.25.
    assert certificate.total_tenge == 1081
    assert certificate.costs[0].provisional


def test_what_a_register_answers_is_named_as_asked_by_the_centre() -> None:
    certificate = next(one for one in _offers(DAY) if one.service == "records_certificate")
    assert [one["en"] for one in certificate.registers] == ["Register of persons"]


def test_the_register_of_firms_is_named_from_the_day_on_which_it_is_asked_and_announced_before() -> None:
    before, after = (
        next(one for one in _offers(day) if one.service == "records_certificate")
        for day in (date(2026, 11, 30), date(2026, 12, 1))
    )
    assert (before.changes_on, after.changes_on) == (date(2026, 12, 1), None)
    assert [one["en"] for one in after.registers] == ["Register of persons", "Register of firms"]
    (stage,) = [one for one in after.stages if one.register and one.register["en"] == "Register of firms"]
    assert stage.title["en"] == "Register of firms asked, if the applicant is one"


def test_a_representative_brings_the_power_of_attorney_and_a_person_does_not() -> None:
    certificate = next(one for one in _offers(DAY) if one.service == "records_certificate")
    brought = {kind: [one.title["en"] for one in needed] for kind, needed in certificate.needed.items()}
    assert "Power of attorney" in brought["representative"]
    assert "Power of attorney" not in brought["person"]


@pytest.mark.parametrize("day", [date(1999, 1, 1)])
def test_before_its_first_edition_a_service_is_not_offered(day: date) -> None:
    assert _offers(day) == []


def test_every_service_names_each_step_with_its_limit() -> None:
    for offer in _offers(DAY):
        assert len(offer.stages) >= 2
        assert all(stage.within_minutes > 0 for stage in offer.stages)
