"""What strangers put into a recording changes no byte of its sheet; the centre's orders hold without a digest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from center.driving_track.rescore import Scored, score
from messages import codec, orders, topics
from messages import site as sites
from messages.chain import Chain
from messages.envelope import FIRST_PREVIOUS, SCHEMA, Envelope
from messages.readings import CarState, Digest, ExamAction, ExamControl, Gap, Heartbeat, Reading
from messages.recording import Recording, read_recording
from simulators import drive, scenario
from simulators.recorder import key_of

_S = 1_000_000_000
_STRANGE_BOOT = "01990000-0000-7000-8000-000000000000"
Keep = Callable[[Envelope], bool]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    path = tmp_path_factory.mktemp("rescore") / "hill.mcap"
    site = sites.load(Path("sites/sarytau"))
    driven = drive.drive(scenario.load("hill_rolls_back_150_mm"), site, drive.DEFAULT_PACK.read_bytes())
    drive.record(driven, site, path)
    return read_recording(path)


@pytest.fixture(scope="module")
def undisturbed(recording: Recording) -> Scored:
    return _scored(recording)


def _scored(recording: Recording, strangers: Iterable[Envelope] = (), keep: Keep = lambda _: True) -> Scored:
    own = [(one.arrival_ns, one.payload) for one in recording.messages]
    kept = [one for one in own if keep(codec.decode(one[1]))]
    return score(recording, kept + [(one.source_time_ns, codec.encode(one)) for one in strangers])


def _said(device_id: str, seq: int, time_ns: int, body: Reading, boot_id: str = _STRANGE_BOOT) -> Envelope:
    return Envelope(SCHEMA, "sarytau-1", device_id, boot_id, seq, time_ns, FIRST_PREVIOUS, body)


def _order(recording: Recording, action: ExamAction) -> ExamControl:
    return ExamControl(recording.header.exam_id, action, recording.header.car_id)


@pytest.mark.parametrize("action", [ExamAction.STOP, ExamAction.SAFETY_STOP])
@pytest.mark.parametrize("is_signed_by_another", [False, True])
def test_a_stop_without_the_centres_signature_is_counted_and_not_obeyed(
    recording: Recording, undisturbed: Scored, action: ExamAction, is_signed_by_another: bool
) -> None:
    time_ns = undisturbed.outcome.began_ns + 5 * _S
    order = _order(recording, action)
    if is_signed_by_another:
        order = orders.signed(order, "sarytau-1", time_ns, Ed25519PrivateKey.generate())
    found = _scored(recording, [_said(topics.CENTRE_DEVICE, 0, time_ns, order)])
    assert found.refused == {"unsigned_order": 1}
    assert found.sheet.data == undisturbed.sheet.data


def test_an_order_that_no_digest_covers_is_obeyed_for_its_own_signature(
    recording: Recording, undisturbed: Scored
) -> None:
    found = _scored(
        recording, keep=lambda one: one.device_id != topics.CENTRE_DEVICE or not isinstance(one.body, Digest)
    )
    assert found.sheet.data == undisturbed.sheet.data


def test_an_exam_of_which_every_order_is_forged_never_began_and_is_no_result(recording: Recording) -> None:
    found = _scored(recording, keep=lambda one: not isinstance(one.body, ExamControl))
    assert (found.sheet.verdict, found.sheet.content["reason"]) == ("undetermined", "not_finished")


def test_what_is_said_unsigned_while_the_device_itself_speaks_changes_no_byte(
    recording: Recording, undisturbed: Scored
) -> None:
    began_ns = undisturbed.outcome.began_ns
    wild = CarState(speed_mps=30.0, belt_fastened=False, steering_wheel_deg=400.0)
    strangers = [_said("car-1-can", seq, began_ns + seq * _S, wild) for seq in range(1, 20)]
    strangers.append(_said("car-1-gnss", 0, began_ns + 9 * _S, Gap(began_ns + _S, began_ns + 8 * _S, "made up")))
    found = _scored(recording, strangers)
    assert found.refused == {"beside_signed": 20}
    assert found.sheet.data == undisturbed.sheet.data


def test_what_a_killed_gateway_said_last_is_unsigned_and_still_heard(recording: Recording, undisturbed: Scored) -> None:
    last = [
        envelope.seq
        for envelope in (codec.decode(one.payload) for one in recording.messages)
        if envelope.device_id == "car-1-can"
        and isinstance(envelope.body, Digest)
        and envelope.source_time_ns < undisturbed.outcome.ended_ns - 3 * _S
    ]
    found = _scored(
        recording,
        keep=lambda one: not (one.device_id == "car-1-can" and isinstance(one.body, Digest) and one.seq > max(last)),
    )
    (can,) = [one for one in json.loads(found.sheet.data)["devices"] if one["id"] == "car-1-can"]
    assert can["uncovered"] > 100
    assert found.refused == {}
    assert found.outcome.ended_ns == undisturbed.outcome.ended_ns


def _missing(scored: Scored, device_id: str) -> int:
    (found,) = (one for one in json.loads(scored.sheet.data)["devices"] if one["id"] == device_id)
    return int(found["missing"])


def test_what_a_device_said_out_of_order_of_a_time_after_the_exam_is_not_missing(
    recording: Recording, undisturbed: Scored
) -> None:
    """A reading that is still being made of bytes is stamped earlier than the heartbeat that overtook it."""
    chain = Chain("sarytau-1", "track-north", _STRANGE_BOOT, key_of("track-north", 1))
    ended_ns = undisturbed.outcome.ended_ns
    times = [ended_ns - _S, ended_ns - _S // 2, ended_ns + _S // 10, ended_ns - _S // 4]
    said = [(time_ns, chain.stamp(time_ns, Heartbeat())[1]) for time_ns in times]
    digest = chain.digest(ended_ns + _S)
    assert digest is not None
    own = [(one.arrival_ns, one.payload) for one in recording.messages]
    assert _missing(score(recording, [*own, *said, (ended_ns + _S, digest[1])]), "track-north") == 0


def test_a_reading_that_did_not_come_is_missing(recording: Recording, undisturbed: Scored) -> None:
    middle_ns = (undisturbed.outcome.began_ns + undisturbed.outcome.ended_ns) // 2
    said = [codec.decode(one.payload) for one in recording.messages]
    lost = next(one for one in said if one.device_id == "car-1-gnss" and one.source_time_ns >= middle_ns)
    assert _missing(undisturbed, "car-1-gnss") == 0
    assert _missing(_scored(recording, keep=lambda one: one != lost), "car-1-gnss") == 1
