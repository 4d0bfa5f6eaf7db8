"""An answer fits its form and its question, or it is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.casework.register_kinds import Register
from center.casework.registers.answers import BadAnswer, kept_answer, read_answer

ASKED = {"vin": "X89TR1500C0990004"}
RECORD = {"since": "2025-09-01", "pledgee": "«Дала-Банк» АҚ", "reference": "Z-1"}
GOOD: dict[str, Any] = {
    "request_id": "r-1",
    "register": "pledged",
    "asked": ASKED,
    "found": True,
    "record": RECORD,
}


def _read(told: Any) -> Any:
    return read_answer(json.dumps(told).encode(), Register.PLEDGED, "r-1", ASKED)


def test_a_good_answer_is_read_and_kept_as_it_was() -> None:
    answer = _read(GOOD)
    assert answer.found
    assert kept_answer(answer.as_json(), Register.PLEDGED) == answer
    nothing = _read({**GOOD, "found": False, "record": None})
    assert kept_answer(nothing.as_json(), Register.PLEDGED) == nothing


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"request_id": "r-2"}, "answers another question"),
        ({"register": "wanted"}, "answers another question"),
        ({"asked": {"vin": "X89TR1500C0990005"}}, "answers another question"),
        ({"found": False}, "both that there is a record and that there is none"),
        ({"record": None}, "both that there is a record and that there is none"),
        ({"found": "yes"}, "not in the form"),
        ({"found": None}, "not in the form"),
        ({"record": []}, "not in the form"),
        ({"record": {**RECORD, "since": "yesterday"}}, "has not the form"),
        ({"record": {"since": "2025-09-01"}}, "has not the form"),
        ({"record": {**RECORD, "pledgee": 7}}, "has not the form"),
    ],
)
def test_what_does_not_fit_is_no_answer(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadAnswer, match=sentence) as bad:
        _read({**GOOD, **changes})
    assert "Дала" not in str(bad.value)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_raise_anything_else(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        read_answer(body, Register.PLEDGED, "r-1", ASKED)


@given(st.data())
def test_an_answer_with_a_byte_changed_is_read_or_refused(data: st.DataObject) -> None:
    body = bytearray(json.dumps(GOOD).encode())
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_answer(bytes(body), Register.PLEDGED, "r-1", ASKED)
    except BadAnswer:
        return
