"""A code of 80 bits is typed in any way that people write it, and only its hash is kept."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.casework import codes
from center.errors import BadRequest


def test_the_docstring_tells_the_truth() -> None:
    results = doctest.testmod(codes)
    assert (results.attempted, results.failed) == (2, 0)


@given(st.binary(min_size=10, max_size=10))
def test_every_code_is_its_own_one_form(random_bytes: bytes) -> None:
    code = codes.code_of(random_bytes)
    assert codes.normalised(code) == code
    assert codes.normalised(code.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == code


@given(st.text(max_size=60))
def test_any_text_gets_an_answer_that_does_not_repeat_it(typed: str) -> None:
    try:
        codes.digest(typed)
    except BadRequest as refused:
        assert str(refused) == "A code has sixteen letters and digits, in four groups of four."  # noqa: PT017


def test_ten_bytes_and_no_others_make_a_code() -> None:
    with pytest.raises(ValueError, match="10 bytes"):
        codes.code_of(b"short")
