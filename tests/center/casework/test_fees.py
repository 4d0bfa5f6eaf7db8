"""Fees as sentences (cases/fees.yaml): what is published comes out to the tenge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from center.casework.fee_schedule import load
from center.casework.fees import age_years, due, total_tenge
from center.errors import BadRequest, CenterError

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "fees.yaml").read_text("utf-8"))
SCHEDULE = load()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_fee_comes_to_what_the_sentence_says(case: dict[str, Any]) -> None:
    def dues() -> list[Any]:
        names = case.get("fees", [case.get("fee")])
        return [due(SCHEDULE, name, case["day"], age_years=case.get("age_years")) for name in names]

    if "refused" in case:
        with pytest.raises(CenterError, match=case["refused"]):
            dues()
        return
    assert total_tenge(dues()) == case["comes_to"]
    assert any(one.provisional for one in dues()) == case.get("provisional", False)


def test_every_fee_has_a_sentence() -> None:
    told = {name for case in CASES if "comes_to" in case for name in case.get("fees", [case.get("fee")])}
    assert set(SCHEDULE.fees) - told == {"records_certificate"}, "of that one nothing is published"


def test_a_vehicle_ages_with_the_calendar_year() -> None:
    assert age_years(2024, date(2026, 1, 1)) == 2
    assert age_years(2026, date(2026, 1, 1)) == 0
    with pytest.raises(BadRequest, match="2027 cannot be registered in 2026"):
        age_years(2027, date(2026, 12, 31))


@given(
    st.sampled_from([one for one in SCHEDULE.fees.values() if one.by is None and one.id.startswith(("plate", "reg"))]),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
def test_a_rounded_fee_is_off_by_less_than_a_tenge(fee: Any, on: date) -> None:
    told = due(SCHEDULE, fee.id, on)
    exact = Fraction(told.mci) * told.index_tenge
    off = exact - told.tenge
    assert (0 <= off < 1) if told.rounding == "down" else (-Fraction(1, 2) <= off < Fraction(1, 2))


def test_money_never_passes_through_a_float() -> None:
    multiples = [amount.mci for fee in SCHEDULE.fees.values() for amount in fee.amounts]
    assert {type(one) for one in multiples} == {Decimal}
    assert Decimal("2.8") in multiples
