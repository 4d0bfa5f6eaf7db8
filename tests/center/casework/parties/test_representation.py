"""Who may act for somebody else, as sentences in YAML; and the loader of the law refuses each mistake by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from center import rulesets
from center.casework.parties import representation_law
from center.casework.parties.representation import Deed, Mandate, both_sides_refusal, last_day, refusal
from center.errors import BadRuleData

CASES = yaml.safe_load((Path(__file__).parent / "representation.yaml").read_text())
DAY = date(2026, 4, 14)
LAW = representation_law.load(DAY)


def _mandates(given: Any) -> list[Mandate]:
    usual: dict[str, Any] = {"number": "1", "certified_by": "notary", "valid_until": None, "acts": []}
    return [msgspec.convert(usual | one, Mandate) for one in given]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_representation(case: dict[str, Any]) -> None:
    deed = Deed(case["does"], case.get("service", "records_certificate"), case.get("on", DAY), case.get("vehicle", ""))
    fault = refusal(
        LAW,
        _mandates(case["papers"]),
        deed,
        agent_age_years=case.get("agent_age", 40),
        principal_age_years=case.get("principal_age", 50),
    )
    assert (fault.sentence if fault else "may") == case["comes_out"]


def test_a_term_of_years_ends_the_day_before() -> None:
    (power,) = _mandates([{"basis": "power_of_attorney", "issued_on": date(2026, 4, 14)}])
    assert last_day(LAW, power) == date(2027, 4, 13)
    (leap,) = _mandates([{"basis": "power_of_attorney", "issued_on": date(2024, 2, 29)}])
    assert last_day(LAW, leap) == date(2025, 2, 28)


def test_one_person_cannot_sell_to_themselves_for_another() -> None:
    assert both_sides_refusal(LAW, {"seller": "agent", "buyer": "agent"}, ("seller", "buyer"))
    assert both_sides_refusal(LAW, {"seller": "buyer", "buyer": "buyer"}, ("seller", "buyer"))
    assert both_sides_refusal(LAW, {"seller": "agent", "buyer": "buyer"}, ("seller", "buyer")) is None


TEXT = representation_law.PATH.read_text()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("adult_from_years: 18", "adult_from_years: eighteen", "'eighteen' is no number"),
        ("adult_from_years: 18", "adult_form_years: 18", "'adult_form_years' is not known here"),
        ("    provisional: true\n", "", "'provisional' is missing"),
        ("  - apply", "  - sit_exam", "'sit_exam' is an act that a representative can do"),
        ("from: 1994-12-27", "from: 2027-01-01", "no edition is in force on 2026-04-14"),
        ("provisional: true", "provisional: perhaps", "neither true nor false"),
    ],
)
def test_a_mistake_in_the_law_is_named(old: str, new: str, told: str) -> None:
    assert old in TEXT
    with pytest.raises(BadRuleData, match=told) as refused:
        representation_law.read(rulesets.parse(TEXT.replace(old, new).encode(), "representation.yaml"), DAY)
    assert str(refused.value).startswith("representation.yaml:")
