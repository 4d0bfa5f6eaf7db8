"""What the health page is told of a chain while it comes in."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from center.driving_track.ingest.chain_watch import ChainWatch, Trust
from messages import codec, keys
from messages.chain import Chain
from messages.readings import Beam

CENTRE = "sarytau-1"
OTHER_BOOT = "01990000-0000-7000-8000-000000000000"
BOOT = "01980000-0000-7000-8000-000000000000"
NOW = 1_776_000_000_000_000_000
KEY = keys.make()


def _chain(key: Ed25519PrivateKey = KEY) -> Chain:
    return Chain(CENTRE, "track-west", BOOT, key)


def _watch() -> ChainWatch:
    return ChainWatch(CENTRE, "track-west", KEY.public_key())


def _second(chain: Chain, number: int) -> list[bytes]:
    time_ns = NOW + number * 1_000_000_000
    readings = [chain.stamp(time_ns + place, Beam("beam-finish", True))[1] for place in range(3)]
    digest = chain.digest(time_ns + 3)
    assert digest is not None
    return [*readings, digest[1]]


def _note(watch: ChainWatch, payloads: list[bytes]) -> list[str]:
    found = [watch.note(codec.decode(payload), payload) for payload in payloads]
    return [one for one in found if one is not None]


def test_a_sound_chain_shows_nothing_and_is_signed_up_to_its_last_digest() -> None:
    chain, watch = _chain(), _watch()
    for number in range(10):
        assert _note(watch, _second(chain, number)) == []
    assert watch.signed_ns == NOW + 9_000_000_003
    assert watch.trust(BOOT) is Trust.SOUND


def test_a_changed_message_breaks_the_chain() -> None:
    payloads = _second(_chain(), 0)
    payloads[1] = payloads[1].replace(b"true", b"false")
    watch = _watch()
    assert _note(watch, payloads[:3]) == ["broken_chain"]
    assert watch.trust(BOOT) is Trust.DOUBTFUL


def test_a_signature_by_another_key_is_forged() -> None:
    watch = _watch()
    assert _note(watch, _second(_chain(keys.make()), 0)) == ["forged_digest"]
    assert watch.signed_ns == 0
    assert not watch.has_signed(BOOT)


def test_a_boot_is_the_devices_own_once_a_digest_of_it_held() -> None:
    chain, watch = _chain(), _watch()
    payloads = _second(chain, 0)
    _note(watch, payloads[:3])
    assert not watch.has_signed(BOOT)
    _note(watch, payloads[3:])
    assert watch.has_signed(BOOT)


def test_a_digest_over_another_head_is_wrong() -> None:
    one, other = _chain(), _chain()
    other.stamp(NOW, Beam("beam-finish", False))
    mine = [one.stamp(NOW, Beam("beam-finish", True))[1]]
    digest = other.digest(NOW + 1)
    assert digest is not None
    assert "wrong_digest" in _note(_watch(), [*mine, digest[1]]) or _note(_watch(), [*mine, digest[1]]) == [
        "broken_chain"
    ]


def test_missing_digests_are_counted_once_a_stretch() -> None:
    chain, watch = _chain(), _watch()
    readings = [chain.stamp(NOW + number * 1_000_000_000, Beam("beam-finish", True))[1] for number in range(30)]
    assert _note(watch, readings) == ["missing_digest"]
    assert watch.trust(BOOT) is Trust.DOUBTFUL
    digest = chain.digest(NOW + 30_000_000_000)
    assert digest is not None
    assert _note(watch, [digest[1]]) == []
    assert watch.trust(BOOT) is Trust.SOUND


def test_what_another_boot_says_does_not_touch_the_one_that_runs() -> None:
    chain, watch = _chain(), _watch()
    _note(watch, _second(chain, 0))
    other = Chain(CENTRE, "track-west", "01970000-0000-7000-8000-000000000000", keys.make())
    assert _note(watch, _second(other, 5)) == ["forged_digest"]
    assert watch.signed_ns == NOW + 3
    assert watch.trust(BOOT) is Trust.SOUND


def test_beside_a_boot_that_has_signed_another_one_is_a_stranger_until_it_signs_too() -> None:
    watch = _watch()
    other = Chain(CENTRE, "track-west", OTHER_BOOT, KEY)
    _note(watch, _second(other, 0)[:3])
    assert watch.trust(OTHER_BOOT) is Trust.SOUND, "nobody has signed yet"
    _note(watch, _second(_chain(), 1))
    assert watch.trust(OTHER_BOOT) is Trust.STRANGE
    _note(watch, _second(other, 2))
    assert watch.trust(OTHER_BOOT) is Trust.SOUND


def test_however_many_boots_a_stranger_begins_the_devices_own_is_remembered() -> None:
    chain, watch = _chain(), _watch()
    _note(watch, _second(chain, 0))
    for number in range(20):
        _note(watch, _second(Chain(CENTRE, "track-west", f"01990000-0000-7000-8000-{number:012d}", keys.make()), 1))
    assert watch.trust(BOOT) is Trust.SOUND
    assert watch.has_signed(BOOT)
