"""What a demo may ask for."""

from __future__ import annotations

import pytest

from simulators.requests import BadRequest, parse
from simulators.scenario import Fault


def test_the_four_requests_are_read() -> None:
    assert parse('{"drive": "clean", "car": "car-1", "seed": 4, "exam_id": "x"}').seed == 4
    asked = parse('{"break": {"device": "beam-zebra", "fault": "stuck"}}').break_
    assert asked is not None
    assert asked.fault is Fault.STUCK
    assert parse('{"mend": {"device": "beam-zebra"}}').mend is not None
    assert parse('{"stop": true}').stop


@pytest.mark.parametrize("line", ["", "{}", "[]", '{"drive": 3}', '{"stop": true, "drive": "clean"}', '{"brake": 1}'])
def test_anything_else_is_refused(line: str) -> None:
    with pytest.raises(BadRequest):
        parse(line)
