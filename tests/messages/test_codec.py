"""Every kind of message comes back as it was; everything else is refused, with a reason to count by."""

from __future__ import annotations

import math
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages import codec, topics
from messages.codec import BadMessage
from messages.readings import Acknowledgement, CarState, LostLink, SatellitePose
from messages.schemas import BODIES
from tests.messages.making import BOOT, CENTRE, DEVICE, POSE, START_NS, bodies_of, new_chain

PAYLOAD = new_chain().stamp(START_NS, POSE)[1]


def changed(old: str, new: str) -> bytes:
    assert old.encode() in PAYLOAD
    return PAYLOAD.replace(old.encode(), new.encode(), 1)


@pytest.mark.parametrize("kind", sorted(BODIES))
@given(data=st.data(), time_ns=st.integers(0, 2**63 - 1))
def test_each_kind_comes_back_as_it_was(kind, data, time_ns):
    body = data.draw(bodies_of(kind))
    seq, payload = new_chain().stamp(time_ns, body)
    envelope = codec.decode(payload)
    assert (envelope.centre_id, envelope.device_id, envelope.boot_id) == (CENTRE, DEVICE, BOOT)
    assert (envelope.seq, envelope.source_time_ns, envelope.body) == (seq, time_ns, body)
    head = codec.decode_head(payload)
    assert (head.seq, head.previous_sha256, head.source_time_ns) == (seq, envelope.previous_sha256, time_ns)


@given(st.builds(Acknowledgement, st.text(), st.text(), st.integers(0, 2**53)))
def test_an_acknowledgement_comes_back_as_it_was(word):
    assert codec.decode_acknowledgement(codec.encode(word)) == word


@given(st.builds(LostLink, st.text(), st.text()))
def test_a_will_comes_back_as_it_was(will):
    assert codec.decode_lost_link(codec.encode(will)) == will


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "broken_json"),
        (b"{", "broken_json"),
        (PAYLOAD[:-1], "broken_json"),
        (PAYLOAD + b"}", "broken_json"),
        (b"\xff\xfe", "broken_json"),
        (changed(DEVICE, "?").replace(b"?", b"\xff"), "broken_json"),
        (changed('"seq":0', '"x":' + "[" * 10_000), "broken_json"),
        (b"[]", "wrong_shape"),
        (b"null", "wrong_shape"),
        (b"{}", "wrong_shape"),
        (changed('"seq":0', '"seq":"0"'), "wrong_shape"),
        (changed('"seq":0', '"seq":0.5'), "wrong_shape"),
        (changed('"seq":0,', ""), "wrong_shape"),
        (changed('"kind":"satellite_pose"', '"kind":"sonar"'), "wrong_shape"),
        (changed('"kind":"satellite_pose",', ""), "wrong_shape"),
        (changed("51.128", "null"), "wrong_shape"),
        (changed("51.128", '"51.128"'), "wrong_shape"),
        (changed('"fix_quality":4', '"fix_quality":9'), "wrong_shape"),
        (changed('"schema":"1.0"', '"schema":"1"'), "wrong_shape"),
        (changed('"schema":"1.0"', '"schema":"1.x"'), "wrong_shape"),
        (changed("51.128", "NaN"), "broken_json"),
        (changed("51.128", "Infinity"), "broken_json"),
        (changed("51.128", "-Infinity"), "broken_json"),
        (changed("51.128", "1e999"), "absurd_value"),
        (changed("51.128", "1e300"), "absurd_value"),
        (changed("51.128", "90.1"), "absurd_value"),
        (changed("71.43", "-181"), "absurd_value"),
        (changed("340.25", "1e9"), "absurd_value"),
        (changed("123.4", "5000"), "absurd_value"),
        (changed("0.000064", "-1"), "absurd_value"),
        (changed('"seq":0', '"seq":-1'), "absurd_value"),
        (changed('"seq":0', '"seq":99999999999999999999999'), "absurd_value"),
        (changed(str(START_NS), "-5"), "absurd_value"),
        (changed(str(START_NS), str(2**63)), "absurd_value"),
        (changed('"schema":"1.0"', '"schema":"2.0"'), "schema_major"),
        (changed('"schema":"1.0"', '"schema":"0.9"'), "schema_major"),
        (changed('"schema":"1.0"', '"schema":"2.0","body":7').replace(b"satellite_pose", b"sonar"), "schema_major"),
        (PAYLOAD + b" " * codec.MAX_PAYLOAD_BYTES, "oversize"),
    ],
)
def test_a_bad_payload_is_refused_with_its_reason(payload, reason):
    with pytest.raises(BadMessage) as refusal:
        codec.decode(payload)
    assert refusal.value.reason == reason
    assert str(refusal.value).startswith(f"{reason}: ")


def test_a_refusal_names_the_place():
    with pytest.raises(BadMessage, match=r"\$\.body\.latitude_deg"):
        codec.decode(changed("51.128", "1000"))


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_in_another_way(payload):
    for decode in (codec.decode, codec.decode_head, codec.decode_acknowledgement, codec.decode_lost_link):
        with pytest.raises(BadMessage):
            decode(payload)


@given(st.integers(0, len(PAYLOAD) - 1), st.integers(1, 255))
def test_a_changed_byte_is_read_or_refused_never_anything_else(place, change):
    payload = bytearray(PAYLOAD)
    payload[place] ^= change
    with suppress(BadMessage):
        codec.decode(bytes(payload))


def test_a_newer_minor_version_is_read_and_its_news_passed_over():
    newer = changed('"schema":"1.0"', '"schema":"1.7","mood":"fine"').replace(
        b'"latitude_deg"', b'"tide_m":2,"latitude_deg"'
    )
    envelope = codec.decode(newer)
    assert envelope.schema == "1.7"
    assert envelope.body == POSE


def test_of_a_key_that_stands_twice_the_last_counts_for_every_reader():
    doubled = changed('"seq":0', '"seq":0,"seq":4')
    assert codec.decode(doubled).seq == codec.decode_head(doubled).seq == 4


def test_a_head_is_read_where_the_body_cannot_be():
    odd = changed("51.128", "1000")
    assert codec.decode_head(odd).source_time_ns == START_NS
    for payload, reason in ((b"{", "broken_json"), (odd + b" " * 20_000, "oversize"), (b"{}", "wrong_shape")):
        with pytest.raises(BadMessage) as refusal:
            codec.decode_head(payload)
        assert refusal.value.reason == reason


@pytest.mark.parametrize("payload", [b"{", b"[]", b"\xff", b'{"device_id":1}'])
def test_a_bad_acknowledgement_or_will_is_refused(payload):
    for decode in (codec.decode_acknowledgement, codec.decode_lost_link):
        with pytest.raises(BadMessage, match="wrong_shape"):
            decode(payload)


def test_what_is_not_told_is_left_out_and_comes_back_as_none():
    payload = new_chain().stamp(START_NS, CarState(speed_mps=1.5))[1]
    assert msgspec.json.decode(payload)["body"] == {"kind": "car_state", "speed_mps": 1.5}
    body = codec.decode(payload).body
    assert isinstance(body, CarState)
    assert body.gear is None


def test_finite_means_neither_nan_nor_infinite():
    assert codec.is_finite(1.0, None, -3.5)
    assert not codec.is_finite(1.0, math.nan)
    assert not codec.is_finite(math.inf)


def test_every_kind_has_a_topic_and_every_topic_a_kind():
    assert set(topics.TOPICS) == {*BODIES, Acknowledgement.kind, LostLink.kind}
    assert BODIES["satellite_pose"] is SatellitePose
