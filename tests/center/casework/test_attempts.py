"""An address may try so often and no more; others are not held up by it."""

from __future__ import annotations

import pytest

from center.casework.attempts import Attempts
from center.errors import TooOften


def test_one_address_is_stopped_and_another_is_not() -> None:
    attempts = Attempts("3/hour")
    for _ in range(3):
        attempts.count("10.0.0.7")
    with pytest.raises(TooOften) as refused:
        attempts.count("10.0.0.7")
    assert 3500 < refused.value.retry_after_s <= 3601
    attempts.count("10.0.0.8")
