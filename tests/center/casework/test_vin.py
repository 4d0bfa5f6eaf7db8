"""A VIN is refused for its length and its signs, and never for its check digit."""

from __future__ import annotations

import pytest

from center.casework import vin
from center.errors import BadRequest


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        # The worked example of 49 CFR 565.15, and the number of ones.
        ("1M8GDM9AXKP042788", True),
        ("11111111111111111", True),
        ("1M8GDM9A1KP042788", False),
        # The demo's Niva: made where no check digit is set.
        ("XTA212140C9990002", False),
    ],
)
def test_the_check_digit_is_told(number: str, fits: bool) -> None:
    assert vin.check_digit_fits(vin.validate(number)) is fits


def test_spaces_hyphens_and_small_letters_are_put_right() -> None:
    assert vin.validate(" xta 212140-c999 0002 ") == "XTA212140C9990002"


@pytest.mark.parametrize("letter", "IOQ")
def test_letters_that_look_like_digits_are_refused(letter: str) -> None:
    with pytest.raises(BadRequest, match="never I, O or Q"):
        vin.validate(f"XTA2121{letter}0C9990002")


@pytest.mark.parametrize(
    "text", ["", "XTA212140C999000", "XTA212140C99900022", "ХТА212140C9990002", "XTA21214٠C9990002", "X" * 5000]
)
def test_too_short_too_long_and_other_alphabets_are_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        vin.validate(text)


@pytest.mark.parametrize("place", [place for place in range(17) if place != 8])
def test_any_one_digit_that_is_mistyped_is_noticed_where_the_check_digit_counts(place: int) -> None:
    good = "11111111111111111"
    assert not vin.check_digit_fits(good[:place] + "2" + good[place + 1 :])
