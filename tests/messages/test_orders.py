"""An order carries the centre's own signature, which no changed order and nobody else's key can have."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from messages import orders
from messages.readings import ExamAction, ExamControl
from tests.messages.making import CENTRE, KEY, START_NS

ORDER = ExamControl("exam-1", ExamAction.STOP, "car-1", first_exercise="hill", reason="snow\nat 11:20")
SIGNED = orders.signed(ORDER, CENTRE, START_NS, KEY)


def test_a_signed_order_is_the_centres_own_word_however_often_it_is_said():
    assert orders.is_signed(SIGNED, CENTRE, START_NS, KEY.public_key())
    assert orders.signed(SIGNED, CENTRE, START_NS, KEY) == SIGNED


def test_an_order_without_a_signature_is_nobodys():
    assert not orders.is_signed(ORDER, CENTRE, START_NS, KEY.public_key())


@pytest.mark.parametrize(
    "change",
    [
        {"exam_id": "exam-2"}, {"action": ExamAction.SAFETY_STOP}, {"car_id": "car-2"}, {"first_exercise": None},
        {"last_exercise": "hill"}, {"reason": "sun"}, {"signature": "00" * 64}, {"signature": "no hex"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_changed_order_is_not_signed_any_more(change: dict[str, Any]):
    assert not orders.is_signed(msgspec.structs.replace(SIGNED, **change), CENTRE, START_NS, KEY.public_key())


def test_nor_is_it_at_another_time_for_another_centre_or_by_another_key():
    assert not orders.is_signed(SIGNED, CENTRE, START_NS + 1, KEY.public_key())
    assert not orders.is_signed(SIGNED, "elsewhere", START_NS, KEY.public_key())
    assert not orders.is_signed(SIGNED, CENTRE, START_NS, Ed25519PrivateKey.generate().public_key())
