"""Parts of a payment that go back add up, fee by fee."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from center.casework.payments.lines import Part, given_back


@given(st.lists(st.integers(1, 50), min_size=1, max_size=4), st.data())
def test_refunds_one_after_another_give_back_each_fee_and_no_more(amounts: list[int], data: st.DataObject) -> None:
    lines = [Part(f"fee-{number}", tenge) for number, tenge in enumerate(amounts)]
    left, before = sum(amounts), 0
    back = dict.fromkeys((one.fee_id for one in lines), 0)
    while left:
        tenge = data.draw(st.integers(1, left))
        parts = given_back(lines, before, tenge)
        assert sum(part.tenge for part in parts) == tenge
        for part in parts:
            back[part.fee_id] += part.tenge
        before, left = before + tenge, left - tenge
    assert back == {one.fee_id: one.tenge for one in lines}
