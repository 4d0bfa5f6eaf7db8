"""Numbers and instants in the reader's way."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.web.formats import Formats
from center.web.languages import Language

KK, RU, EN = (Formats(language, "Asia/Almaty") for language in Language)
NOON = datetime(2026, 4, 14, 7, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("formats", "text"), [(KK, "+63 ± 8 мм"), (RU, "+63 ± 8 мм"), (EN, "+63 ± 8 mm")], ids=["kk", "ru", "en"]
)
def test_a_length_is_told_with_its_uncertainty(formats: Formats, text: str) -> None:
    assert formats.measured(630, 80, "0.1 mm", signed=True).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (-630, "0.1 mm", "−63 mm"),
        (13_120, "0.1 mm", "1.31 m"),
        (500, "ms", "0.5 s"),
        (20_000, "ms", "20 s"),
        (5556, "mm/s", "20 km/h"),
        (2000, "0.01 deg", "20°"),
        (3, "1", "3"),
        (0, "0.1 mm", "0 mm"),
    ],
)
def test_a_limit_is_told_without_idle_zeros(value: int, unit: str, text: str) -> None:
    assert EN.quantity(value, unit).replace("\N{NO-BREAK SPACE}", " ") == text


def test_decimals_and_dates_are_the_languages_own() -> None:
    assert (KK.number(1234.5, 1), RU.number(1.5, 1), EN.number(1234.5, 1)) == ("1\xa0234,5", "1,5", "1,234.5")
    assert (KK.day(NOON), EN.day(NOON)) == ("2026\u202fж. 14 сәуір", "14 April 2026")
    assert EN.moment(NOON) == "14 Apr 2026, 12:00"
    assert RU.clock(NOON) == "12:00:05"


@pytest.mark.parametrize(
    ("language", "text"), [(Language.KK, "Сәуір 2026"), (Language.RU, "Апрель 2026"), (Language.EN, "April 2026")]
)
def test_a_month_stands_by_itself(language: Language, text: str) -> None:
    assert Formats(language, "Asia/Almaty").month(date(2026, 4, 1)) == text


def test_an_exact_value_shows_no_uncertainty() -> None:
    assert EN.measured(1, 0, "1") == "1"


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_no_number_is_a_negative_zero_or_has_a_hyphen(value: float, digits: int) -> None:
    text = EN.number(value, digits)
    assert "-" not in text
    assert text.strip("−0.,") or not text.startswith("−")


@given(st.integers(0, 10_000_000))
def test_a_duration_is_minutes_and_two_digits(duration_ms: int) -> None:
    minutes, seconds = EN.duration(duration_ms).split(":")
    assert abs(int(minutes) * 60_000 + int(seconds) * 1000 - duration_ms) <= 500
    assert len(seconds) == 2


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 min"),
        (59, "1 min"),
        (89, "1 min"),
        (3_599, "1 h"),
        (3_600 + 20 * 60, "1 h 20 min"),
        (86_400, "1 d"),
        (2 * 86_400 + 4 * 3_600 + 59 * 60, "2 d 4 h"),
        (86_400 + 5 * 60, "1 d"),
    ],
)
def test_a_wait_is_told_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert EN.span(seconds).replace("\N{NO-BREAK SPACE}", " ") == text


def test_a_wait_is_told_in_the_readers_units() -> None:
    told = [one.span(3_600 + 20 * 60).replace("\N{NO-BREAK SPACE}", " ") for one in (KK, RU)]
    assert told == ["1 сағ 20 мин", "1 ч 20 мин"]
