"""Each way in which a message is not one of ours is told apart, one by one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from center.driving_track.ingest.intake import Intake, Taken
from center.driving_track.queries import DeviceFacts
from messages import codec, keys, orders, topics
from messages.envelope import FIRST_PREVIOUS, SCHEMA, Envelope
from messages.readings import Beam, ExamAction, ExamControl

CENTRE = "sarytau-1"
BOOT = "01980000-0000-7000-8000-000000000000"
NOW = 1_776_000_000_000_000_000
NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)
KEY = keys.make()
STOP = ExamControl("e", ExamAction.STOP, "car-1")
_ORDERS = topics.device_topic(CENTRE, topics.CENTRE_GATEWAY, topics.CENTRE_DEVICE, "exam_control")


def _facts(device_id: str, gateway_id: str, revoked_at: datetime | None = None) -> DeviceFacts:
    return DeviceFacts(device_id, gateway_id, keys.public_hex(KEY), True, NOON, revoked_at)


ENROLLED = {
    "track-west": _facts("track-west", "track-west"),
    "old": _facts("old", "track-west", revoked_at=NOON),
    topics.CENTRE_DEVICE: _facts(topics.CENTRE_DEVICE, topics.CENTRE_GATEWAY),
}


def _intake() -> Intake:
    return Intake(CENTRE, ENROLLED, 2_000_000_000)


def _payload(**changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "schema": SCHEMA,
        "centre_id": CENTRE,
        "device_id": "track-west",
        "boot_id": BOOT,
        "seq": 0,
        "source_time_ns": NOW,
        "previous_sha256": FIRST_PREVIOUS,
        "body": Beam("beam-finish", True),
    }
    return codec.encode(Envelope(**{**fields, **changes}))


def _topic(centre: str = CENTRE, gateway: str = "track-west", device: str = "track-west", kind: str = "beam") -> str:
    return topics.device_topic(centre, gateway, device, kind)


def _signed(key: Ed25519PrivateKey) -> ExamControl:
    return orders.signed(STOP, CENTRE, NOW, key)


def _take(topic: str, payload: bytes) -> Taken:
    return _intake().take(topic, payload, NOW)


def test_a_good_message_is_recorded_and_scored() -> None:
    taken = _take(_topic(), _payload())
    assert (taken.record, taken.reason) == (True, None)
    assert taken.envelope is not None


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("elsewhere/entirely", _payload(), "wrong_topic"),
        (_topic(centre="other"), _payload(), "wrong_topic"),
        (_topic(gateway="track-east"), _payload(), "wrong_topic"),
        (_topic(), _payload(device_id="track-east"), "wrong_topic"),
        (_topic(), _payload(centre_id="other"), "wrong_topic"),
        (_topic(device="stranger"), _payload(device_id="stranger"), "unenrolled"),
        (_topic(device="old"), _payload(device_id="old"), "revoked"),
        (_topic(), b"{" + b" " * 20_000 + b"}", "oversize"),
        (_topic(), b'{"schema": "1.0", ', "broken_json"),
        (_topic(), b"\xff\xfe", "broken_json"),
        (_topic(), b'{"schema": "1.0"}', "wrong_shape"),
        (_topic(), _payload(schema="2.0"), "schema_major"),
        (_topic(), _payload().replace(b'"seq":0', b'"seq":-1'), "absurd_value"),
    ],
)
def test_what_cannot_be_attributed_is_not_even_recorded(topic: str, payload: bytes, reason: str) -> None:
    taken = _take(topic, payload)
    assert (taken.record, taken.reason, taken.envelope) == (False, reason, None)


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        (_topic(), _payload().replace(b'"interrupted":true', b'"interrupted":"perhaps"'), "wrong_shape"),
        (_topic(kind="induction_loop"), _payload(), "wrong_topic"),
        (_topic(), _payload(source_time_ns=NOW + 2_000_000_001), "future"),
        (_topic(kind="exam_control"), _payload(body=STOP), "wrong_topic"),
        (_ORDERS, _payload(device_id=topics.CENTRE_DEVICE, body=STOP), "unsigned_order"),
        (_ORDERS, _payload(device_id=topics.CENTRE_DEVICE, body=_signed(keys.make())), "unsigned_order"),
        (
            _ORDERS,
            _payload(device_id=topics.CENTRE_DEVICE, source_time_ns=NOW - 1, body=_signed(KEY)),
            "unsigned_order",
        ),
    ],
)
def test_what_is_a_devices_own_but_not_fit_is_recorded_and_not_scored(topic: str, payload: bytes, reason: str) -> None:
    taken = _take(topic, payload)
    assert (taken.record, taken.reason, taken.envelope) == (True, reason, None)


def test_the_centres_own_order_is_scored() -> None:
    taken = _take(_ORDERS, _payload(device_id=topics.CENTRE_DEVICE, body=_signed(KEY)))
    assert taken.envelope is not None


def test_only_a_hole_in_a_boot_that_is_the_devices_own_is_waited_for() -> None:
    intake = _intake()
    intake.take(_topic(), _payload(), NOW)
    intake.take(_topic(), _payload(seq=5), NOW)
    assert intake.has_hole("track-west", lambda boot_id: boot_id == BOOT)
    assert not intake.has_hole("track-west", lambda _: False)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    text = json.dumps({"kind": "cone_tilt", "element_id": "cone-1", "tilt_deg": 0.5}).replace("0.5", number)
    payload = _payload()
    payload = payload[: payload.index(b'"body":')] + b'"body":' + text.encode() + b"}"
    taken = _take(_topic(kind="cone_tilt"), payload)
    assert taken.reason in ("broken_json", "absurd_value")
    assert taken.envelope is None


def test_the_same_bytes_twice_are_recorded_once() -> None:
    intake = _intake()
    assert intake.take(_topic(), _payload(), NOW).record
    again = intake.take(_topic(), _payload(), NOW)
    assert (again.record, again.reason) == (False, "duplicate")


def test_other_bytes_under_a_number_that_came_are_recorded_too() -> None:
    # The first may have been the forged one; the chain decides which of the two counts.
    intake = _intake()
    assert intake.take(_topic(), _payload(body=Beam("beam-finish", False)), NOW).record
    assert intake.take(_topic(), _payload(), NOW).record


@given(st.permutations(range(12)), st.data())
def test_after_any_order_and_any_doubles_everything_has_arrived(order: list[int], data: st.DataObject) -> None:
    intake = _intake()
    doubled = [*order, *data.draw(st.lists(st.sampled_from(order), max_size=10))]
    recorded = [intake.take(_topic(), _payload(seq=seq), NOW).record for seq in doubled]
    assert sum(recorded) == 12
    assert intake.positions() == [("track-west", BOOT, 11)]


@given(st.binary(max_size=200), st.text(max_size=60))
def test_no_bytes_and_no_topic_break_it(payload: bytes, topic: str) -> None:
    assert not _take(_topic(), payload).record
    assert not _take(topic, payload).record
