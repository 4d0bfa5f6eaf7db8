"""How long a session lasts and what it is bound to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from center.people.session_limits import EndReason, binding, form_token, over, token_hash

NINE = datetime(2026, 4, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seen_min", "now_min", "why"),
    [
        (0, 0, None),
        (0, 29, None),
        (0, 30, EndReason.IDLE),
        (700, 719, None),
        (719, 720, EndReason.TOO_LONG),
        (0, 720, EndReason.TOO_LONG),
    ],
)
def test_a_session_ends_after_half_an_idle_hour_and_after_twelve_hours(
    seen_min: int, now_min: int, why: EndReason | None
) -> None:
    assert over(NINE, NINE + timedelta(minutes=seen_min), NINE + timedelta(minutes=now_min)) is why


def test_another_address_or_browser_is_another_machine() -> None:
    own = binding("10.0.0.7", "Firefox")
    assert own == binding("10.0.0.7", "Firefox")
    assert (
        len({own, binding("10.0.0.8", "Firefox"), binding("10.0.0.7", "Chromium"), binding("10.0.0.7 F", "irefox")})
        == 4
    )


def test_neither_what_is_stored_nor_what_forms_carry_is_the_token() -> None:
    assert len({"token", token_hash("token"), form_token("token")}) == 3
