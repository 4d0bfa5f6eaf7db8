"""When data has to go, as sentences about days."""

from __future__ import annotations

from datetime import date

import pytest

from center.casework.retention import AppealTime, is_due, kept_until
from center.errors import BadRuleData

SHORT, LONG = AppealTime(date(2021, 7, 1), 92, "c", True), AppealTime(date(2025, 1, 1), 183, "c", True)


@pytest.mark.parametrize(
    ("ended_on", "today", "due"),
    [
        (date(2024, 1, 1), date(2024, 4, 2), False),
        (date(2024, 1, 1), date(2024, 4, 3), True),
        (date(2025, 1, 1), date(2025, 7, 3), False),
        (date(2025, 1, 1), date(2025, 7, 4), True),
        (date(2024, 12, 31), date(2025, 4, 3), True),
    ],
)
def test_data_goes_on_the_day_after_the_appeal_time_in_force_at_the_end(ended_on: date, today: date, due: bool) -> None:
    assert is_due(ended_on, today, [SHORT, LONG]) == due


def test_before_the_first_appeal_time_nothing_is_decided() -> None:
    with pytest.raises(BadRuleData, match="the first is from 2021-07-01"):
        kept_until(date(2020, 1, 1), [SHORT])
