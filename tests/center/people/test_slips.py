"""Slips: two halves that belong together in either order, however they were typed."""

from __future__ import annotations

import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from center.people import slips


def test_the_examples_hold() -> None:
    assert doctest.testmod(slips).failed == 0


def test_a_half_has_eighty_bits_and_reads_back_as_it_was_made() -> None:
    halves = {slips.new_half() for _ in range(200)}
    assert len(halves) == 200
    assert all(len(half) == 16 and slips.normal(slips.shown(half)) == half for half in halves)


@settings(max_examples=30)
@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_half_of_some_slip_or_none_and_never_a_fault(typed: str) -> None:
    assert len(slips.half_hash(typed)) == 64


def test_the_halves_may_be_given_in_either_order() -> None:
    one, other = slips.half_hash("A"), slips.half_hash("B")
    assert slips.slip_hash(one, other) == slips.slip_hash(other, one) != slips.slip_hash(one, one)
