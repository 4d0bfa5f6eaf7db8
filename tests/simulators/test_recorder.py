"""A device's chain in a recording."""

from __future__ import annotations

import uuid

from messages import keys
from messages.codec import decode
from messages.readings import Beam, Birth, Digest, Heartbeat
from simulators.recorder import Post, Sent, boot_id_of, chained, enrolment, key_of

SECOND = 1_000_000_000


def post() -> Post:
    sent = [
        Sent(at * SECOND // 4, at * SECOND // 4 + 7, Beam("beam-zebra", at % 2 == 0), 2 if at == 3 else 1)
        for at in range(12)
    ]
    return Post("track-north", "track-north", "track_controller", ("beam",), 5_000_000, sent=sent)


def test_a_chain_begins_with_a_birth_and_ends_with_a_digest() -> None:
    envelopes = [decode(one.payload) for one in chained(post(), "xx", 1, 0, 4 * SECOND)]
    assert isinstance(envelopes[0].body, Birth)
    assert isinstance(envelopes[-1].body, Digest)
    assert sum(isinstance(one.body, Heartbeat) for one in envelopes) == 4


def test_sequence_numbers_have_no_hole_and_a_doubled_message_keeps_its_own() -> None:
    numbers = [decode(one.payload).seq for one in chained(post(), "xx", 1, 0, 4 * SECOND)]
    assert sorted(set(numbers)) == list(range(max(numbers) + 1))
    assert len(numbers) == len(set(numbers)) + 1


def test_a_device_that_speaks_on_a_change_fills_its_silences() -> None:
    silent = Post("track-north", "track-north", "track_controller", ("beam",), 0)
    times = [one.source_time_ns for one in chained(silent, "xx", 1, 0, 2 * SECOND, quiet_ns=SECOND // 5)]
    assert sorted(set(times)) == [at * SECOND // 5 for at in range(11)]
    steady = Post("car-1-gnss", "car-1", "nmea_gnss", ("satellite_pose",), 0)
    times = [one.source_time_ns for one in chained(steady, "xx", 1, 0, 2 * SECOND, quiet_ns=SECOND // 5)]
    assert sorted(set(times)) == [0, SECOND, 2 * SECOND]


def test_key_and_boot_depend_on_nothing_but_their_arguments() -> None:
    assert enrolment(post(), 3).public_key_hex == keys.public_hex(key_of("track-north", 3))
    assert keys.public_hex(key_of("a", 1)) != keys.public_hex(key_of("b", 1))
    boot = uuid.UUID(boot_id_of("a", 1, 1_776_135_600_000_000_000))
    assert (boot.version, boot.variant) == (7, uuid.RFC_4122)
    assert boot.int >> 80 == 1_776_135_600_000
