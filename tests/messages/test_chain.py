"""A chain covers exactly what the device signed, whatever is done to its messages on the way."""

from __future__ import annotations

import random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from messages import codec
from messages.chain_check import ChainCheck, CoveredRanges
from messages.codec import BadMessage
from messages.envelope import FIRST_PREVIOUS, sha256_hex
from messages.readings import Beam, Digest, Heartbeat
from messages.received import Received
from tests.messages.making import BOOT, CENTRE, DEVICE, KEY, START_NS, new_chain, stretch

PUBLIC = {DEVICE: KEY.public_key()}


def checked(payloads: list[bytes], keys=PUBLIC) -> CoveredRanges:
    check = ChainCheck(CENTRE)
    for payload in payloads:
        try:
            check.feed(codec.decode(payload), payload)
        except BadMessage:
            try:
                check.feed(codec.decode_head(payload), payload)
            except BadMessage:
                continue
    return check.covered(keys).get((DEVICE, BOOT), CoveredRanges())


def test_messages_are_numbered_and_each_names_the_one_before():
    chain = new_chain()
    previous = FIRST_PREVIOUS
    for number in range(5):
        seq, payload = chain.stamp(START_NS, Heartbeat())
        envelope = codec.decode(payload)
        assert (seq, envelope.seq, envelope.previous_sha256) == (number, number, previous)
        previous = sha256_hex(payload)
    assert chain.next_seq == 5


def test_a_digest_signs_what_came_before_it_and_is_itself_chained():
    chain = new_chain()
    assert chain.digest(START_NS) is None
    _, first = chain.stamp(START_NS, Heartbeat())
    stamped = chain.digest(START_NS)
    assert stamped is not None
    seq, payload = stamped
    body = codec.decode(payload).body
    assert isinstance(body, Digest)
    assert (seq, body.through_seq, body.head_sha256) == (1, 0, sha256_hex(first))
    assert chain.digest(START_NS) is None
    chain.stamp(START_NS, Heartbeat())
    assert chain.digest(START_NS) is not None


def test_all_but_the_last_digest_is_covered():
    found = checked(stretch(100))
    assert found.ranges == ((0, 98),)
    assert found.counts == {"uncovered": 1}
    assert found.covers(98)
    assert not found.covers(99)


def test_only_the_last_digest_is_verified(monkeypatch):
    calls = []

    def counted(*given: Any) -> bool:
        calls.append(given)
        return True

    monkeypatch.setattr("messages.keys.is_signed", counted)
    assert checked(stretch(1000)).ranges == ((0, 998),)
    assert len(calls) == 1


def test_a_recording_that_begins_within_a_boot_is_covered_from_its_first_message_on():
    assert checked(stretch(100)[37:]).ranges == ((37, 98),)


@given(st.randoms(use_true_random=False), st.integers(2, 60), st.integers(1, 12))
def test_shuffled_and_duplicated_is_the_same(chance: random.Random, count: int, digest_every: int):
    payloads = stretch(count, digest_every=digest_every)
    dealt = payloads + chance.choices(payloads, k=count)
    chance.shuffle(dealt)
    assert checked(dealt) == checked(payloads)


@given(st.randoms(use_true_random=False), st.data())
def test_lost_forged_and_shuffled_gives_the_same_in_every_order(chance: random.Random, data):
    payloads = stretch(40)
    kept = [payload for payload in payloads if chance.random() > 0.1] or payloads
    place = data.draw(st.integers(0, len(kept) - 1))
    kept.append(kept[place].replace(b'"interrupted":true', b'"interrupted":false'))
    shuffled = kept[:]
    chance.shuffle(shuffled)
    assert checked(shuffled) == checked(kept)


@given(st.data())
def test_any_byte_that_is_changed_takes_its_message_out_of_the_covered(data):
    payloads = stretch(25)
    number = data.draw(st.integers(0, 24))
    place = data.draw(st.integers(0, len(payloads[number]) - 1))
    spoilt = bytearray(payloads[number])
    spoilt[place] ^= data.draw(st.integers(1, 255))
    found = checked([*payloads[:number], bytes(spoilt), *payloads[number + 1 :]])
    assert not found.covers_payload(number, bytes(spoilt))
    # What an earlier digest had signed stays covered.
    assert all(found.covers(seq) for seq in range(number // 10 * 10 - 1))


def test_a_changed_message_beside_the_true_one_is_a_fork_and_the_true_one_is_covered():
    payloads = stretch(30)
    forged = payloads[4].replace(b"true", b"false").replace(b"beam-1", b"beam-2")
    for order in ([*payloads, forged], [forged, *payloads], [*payloads[:4], forged, *payloads[4:]]):
        found = checked(order)
        assert found.counts == {"fork": 1, "uncovered": 1}
        assert found.covers_payload(4, payloads[4])
        assert not found.covers_payload(4, forged)


def test_without_the_key_or_with_another_nothing_is_covered():
    payloads = stretch(30)
    assert checked(payloads, {}).ranges == ()
    other = checked(payloads, {DEVICE: Ed25519PrivateKey.generate().public_key()})
    assert other.ranges == ()
    assert other.counts == {"forged_digest": 3, "uncovered": 30}


def test_when_the_last_digest_is_forged_an_earlier_one_covers_up_to_itself():
    payloads = stretch(30)
    body = codec.decode(payloads[-1]).body
    assert isinstance(body, Digest)
    payloads[-1] = payloads[-1].replace(body.signature.encode(), b"00" * 64)
    found = checked(payloads)
    assert found.ranges == ((0, 18),)
    assert found.counts["forged_digest"] == 1


def test_a_missing_message_leaves_two_covered_stretches():
    payloads = stretch(40)
    del payloads[25]
    found = checked(payloads)
    assert found.ranges == ((0, 18), (26, 38))
    assert found.counts == {"missing": 1, "uncovered": 7}
    assert [seq for seq in range(40) if not found.covers(seq)] == [*range(19, 26), 39]


def test_without_any_digest_nothing_is_covered():
    chain = new_chain()
    payloads = [chain.stamp(START_NS, Beam("b", True))[1] for _ in range(5)]
    assert checked(payloads).ranges == ()


def test_a_chain_that_does_not_link_is_counted():
    one, other = stretch(20), new_chain()
    for _ in range(10):
        other.stamp(START_NS, Heartbeat())
    payload = other.stamp(START_NS, Heartbeat())[1]
    found = checked([*one[:10], payload])
    assert found.counts["broken_chain"] == 1
    assert found.ranges == ((0, 8),)


def test_a_digest_of_another_boot_covers_nothing_here():
    moved = stretch(10, boot_id="another")[9].replace(b'"another"', f'"{BOOT}"'.encode())
    mixed = [*stretch(10)[:9], moved]
    assert checked(mixed).ranges == ()


def test_devices_and_boots_are_followed_apart():
    check = ChainCheck(CENTRE)
    for boot in ("a", "b"):
        for payload in stretch(20, boot_id=boot):
            check.feed(codec.decode(payload), payload)
    assert {key: found.ranges for key, found in check.covered(PUBLIC).items()} == {
        (DEVICE, "a"): ((0, 18),),
        (DEVICE, "b"): ((0, 18),),
    }


def test_a_body_that_cannot_be_read_is_still_part_of_the_chain():
    payloads = stretch(20)
    chain = new_chain()
    odd = chain.stamp(START_NS, Beam("b", True))[1].replace(b'"beam"', b'"sonar"')
    assert codec.decode_head(odd).seq == 0
    assert checked([odd, *payloads[1:]]).covers(1)


@given(st.permutations(range(12)), st.lists(st.integers(0, 11)))
def test_received_counts_up_to_the_first_hole(order: list[int], doubles: list[int]):
    received = Received()
    seen: set[int] = set()
    for seq in [*order[:6], *doubles, *order[6:]]:
        assert received.add(seq) == (seq not in seen)
        seen.add(seq)
        whole = next(number for number in range(13) if number not in seen) - 1
        assert received.through == (None if whole < 0 else whole)
        assert received.has_hole == (max(seen) > whole)


def test_received_from_the_middle_of_a_boot_waits_until_it_is_settled():
    received = Received()
    assert received.add(50)
    assert received.add(48)
    assert (received.through, received.has_hole) == (None, True)
    assert received.settle() is None
    assert (received.through, received.has_hole) == (48, True)
    assert received.settle() == (49, 49)
    assert (received.through, received.has_hole) == (50, False)


@pytest.mark.parametrize("through", [None, 7])
def test_received_without_anything_ahead_has_nothing_to_settle(through):
    assert Received(through).settle() is None
