"""Two books of one day: every difference is found, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from center.casework.payments.reconciliation import Difference, Fault, Kind, Movement, compare

A, B = Movement(Kind.CHARGE, "a", 100), Movement(Kind.CHARGE, "b", 200)
BOOKS = st.dictionaries(st.tuples(st.sampled_from(Kind), st.sampled_from("abcdef")), st.integers(1, 9))


def test_equal_books_agree_in_any_order() -> None:
    comparison = compare([A, B], [B, A])
    assert comparison.agrees
    assert (comparison.charges, comparison.charged_tenge) == (2, 300)


def test_each_kind_of_difference_is_named() -> None:
    other = Movement(Kind.CHARGE, "a", 101)
    assert compare([A], [other]).differences == (Difference(Fault.OTHER_AMOUNT, Kind.CHARGE, "a", 100, 101),)
    assert compare([A], []).differences == (Difference(Fault.MISSING_THERE, Kind.CHARGE, "a", 100, None),)
    assert compare([], [A]).differences == (Difference(Fault.MISSING_HERE, Kind.CHARGE, "a", None, 100),)
    assert compare([A], [A, A]).differences == (Difference(Fault.TWICE, Kind.CHARGE, "a", 100, 100),)


def test_a_charge_and_a_refund_of_one_name_are_two_things() -> None:
    assert len(compare([A], [Movement(Kind.REFUND, "a", 100)]).differences) == 2


@given(BOOKS, BOOKS)
def test_exactly_what_differs_is_told(ours: dict[tuple[Kind, str], int], theirs: dict[tuple[Kind, str], int]) -> None:
    def book(amounts: dict[tuple[Kind, str], int]) -> list[Movement]:
        return [Movement(*key, amount) for key, amount in amounts.items()]

    told = {(one.kind, one.reference) for one in compare(book(ours), book(theirs)).differences}
    assert told == {key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)}
