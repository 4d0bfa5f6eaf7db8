"""The number of a person or firm is refused for its check digit, its length and its signs, and for nothing else."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.casework.parties import iin

# Published vectors (MIT): kaz-person-id's public legal entities, and the made-up IINs of it and of idnumbers.
BINS = ["940140000385", "950341000052", "961141000023", "070941024691", "990940003030"]
IINS = ["901123300258", "800416100254", "680503250034"]
WRONG = ["990940003031", "901123300255", "821214240092", "000000000000x", "------------", " " * 12]
WRONG += ["abcdefghijkl", "абвгдеёжзикл", "", "9804179000180"]
DEMO = ["980417900018", "010929900020", "960215900700"]


def test_the_docstring_tells_the_truth() -> None:
    results = doctest.testmod(iin)
    assert results.attempted > 5
    assert results.failed == 0


@pytest.mark.parametrize("number", BINS + IINS + DEMO)
def test_a_published_number_is_valid(number: str) -> None:
    assert iin.validate(number) == number


@pytest.mark.parametrize("number", WRONG)
def test_a_wrong_number_is_refused(number: str) -> None:
    with pytest.raises(iin.BadNumber):
        iin.validate(number)


def test_digits_of_other_scripts_are_refused_by_name() -> None:
    with pytest.raises(iin.BadNumber, match="only the digits 0 to 9"):
        iin.validate("٩٨٠٤١٧٩٠٠٠١٨")


def test_a_long_text_is_not_repeated_whole() -> None:
    with pytest.raises(iin.BadNumber) as refused:
        iin.validate("<script>" * 1000)
    assert len(str(refused.value)) < 120


@pytest.mark.parametrize("number", BINS)
def test_a_firms_number_is_seen_in_a_persons_field(number: str) -> None:
    assert iin.looks_like_a_firms(number)


@given(st.text("0123456789", min_size=11, max_size=11))
def test_a_body_has_one_check_digit_or_none(body: str) -> None:
    fitting = [digit for digit in "0123456789" if iin.is_valid(body + digit)]
    assert fitting == ([] if (expected := iin.check_digit(body)) is None else [expected])


@given(st.sampled_from(BINS + IINS + DEMO), st.integers(0, 11), st.integers(1, 9))
def test_one_mistyped_digit_is_found(number: str, place: int, shift: int) -> None:
    mistyped = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    # Unless only one of the two takes the second pass, or it is the eleventh digit, whose weight in the first is 11.
    if iin.is_valid(mistyped):
        assert place == 10 or _passes(number) != _passes(mistyped)


def _passes(number: str) -> int:
    first = sum((place + 1) * int(digit) for place, digit in enumerate(number[:11])) % 11
    return 2 if first == 10 else 1


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    if iin.is_valid(text):
        assert iin.is_valid(iin.format(text))
