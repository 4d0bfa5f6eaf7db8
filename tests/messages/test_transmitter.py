"""What a process publishes of its own accord: births, heartbeats, digests, deaths, and the gaps it knows of."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from messages import codec
from messages.broker import BrokerAddress
from messages.chain_check import ChainCheck
from messages.clock import TimeScale
from messages.envelope import Envelope
from messages.lane import Pace
from messages.outbox import Outbox
from messages.readings import Beam, Birth, Death, Digest, Gap, Heartbeat
from messages.transmitter import Identity, Transmitter
from tests.messages.centre_stub import CentreStub, eventually
from tests.messages.making import CENTRE, KEY
from tests.messages.test_outbox import largest_file

GATEWAY, DEVICE = "gateway-1", "beam-1"
NOWHERE = BrokerAddress("127.0.0.1", 1)
QUICK = Pace(resend_after_s=0.5, first_backoff_s=0.05, longest_backoff_s=0.2)


def transmitter(folder: Path, broker: BrokerAddress = NOWHERE, time_scale: TimeScale | None = None) -> Transmitter:
    identity = Identity(DEVICE, "light barrier", ("beam",), KEY)
    return Transmitter(
        broker, CENTRE, GATEWAY, [identity], folder, machine_ns=time.time_ns, time_scale=time_scale, pace=QUICK
    )


def left_in(folder: Path) -> list[tuple[Envelope, bytes]]:
    outbox = Outbox(folder / DEVICE, "reader")
    found = [(codec.decode(stored.payload), stored.payload) for _, stored in outbox.pending()]
    outbox.close()
    return found


@pytest.fixture
def centre(start_mosquitto) -> Iterator[tuple[CentreStub, BrokerAddress]]:
    broker = start_mosquitto([GATEWAY])
    stub = CentreStub(broker.url(), CENTRE)
    yield stub, BrokerAddress.parse(broker.url(GATEWAY))
    stub.stop()


def test_a_life_from_birth_to_death_is_chained_and_covered(tmp_path):
    sender = transmitter(tmp_path)
    sender.start()
    assert sender.publish(DEVICE, sender.now_ns(), Beam("beam-1", True))
    sender.health(DEVICE).rejected = 3
    sender.health(DEVICE).faults.add("serial_link_lost")
    time.sleep(1.3)
    assert not sender.stop("told to", drain_s=0.1)
    found = left_in(tmp_path)
    bodies = [envelope.body for envelope, _ in found]
    beats = [body for body in bodies if isinstance(body, Heartbeat)]
    others = [body for body in bodies if not isinstance(body, Heartbeat)]
    assert [type(body) for body in others] == [Birth, Beam, Digest, Death, Digest]
    assert bodies[0] == Birth("light barrier", "speccenter", ("beam",))
    assert (beats[-1].faults, beats[-1].rejected) == (("serial_link_lost",), 3)
    assert others[3] == Death("told to")
    check = ChainCheck(CENTRE)
    for envelope, payload in found:
        check.feed(envelope, payload)
    ((_, covered),) = check.covered({DEVICE: KEY.public_key()}).items()
    assert covered.ranges == ((0, len(found) - 2),)


def test_a_device_that_speaks_only_on_a_change_says_several_times_a_second_that_it_lives(tmp_path):
    sender = transmitter(tmp_path)
    sender.start()
    time.sleep(0.9)
    sender.stop(drain_s=0)
    times = [one.source_time_ns for one, _ in left_in(tmp_path)]
    assert len(times) >= 4
    assert max(after - before for before, after in pairwise(times)) < 600_000_000


def test_a_device_that_speaks_steadily_beats_once_a_second(tmp_path):
    identity = Identity(DEVICE, "receiver", ("satellite_pose",), KEY)
    sender = Transmitter(NOWHERE, CENTRE, GATEWAY, [identity], tmp_path, machine_ns=time.time_ns, pace=QUICK)
    sender.start()
    time.sleep(0.7)
    sender.stop(drain_s=0)
    assert not [one for one, _ in left_in(tmp_path) if isinstance(one.body, Heartbeat)]


def test_everything_reaches_the_centre_and_is_acknowledged(tmp_path, centre):
    stub, address = centre
    sender = transmitter(tmp_path, address)
    sender.start()
    for number in range(200):
        sender.publish(DEVICE, sender.now_ns(), Beam("beam-1", number % 2 == 0))
    eventually(lambda: sender.link.connected)
    assert sender.stop(drain_s=10)
    kinds = [kind for _, kind in stub.kinds]
    assert (kinds[0], kinds[-2:]) == ("birth", ["death", "digest"])
    assert kinds.count("beam") == 200
    assert left_in(tmp_path) == []


def test_a_new_start_is_a_new_boot_and_tells_what_it_missed(tmp_path):
    first = transmitter(tmp_path)
    first.start()
    first.stop(drain_s=0)
    second = transmitter(tmp_path)
    second.start()
    second.stop(drain_s=0)
    assert first.boot_id < second.boot_id
    of_second = [envelope for envelope, _ in left_in(tmp_path) if envelope.boot_id == second.boot_id]
    gap = of_second[1].body
    assert isinstance(gap, Gap)
    last_of_first = [envelope for envelope, _ in left_in(tmp_path) if envelope.boot_id == first.boot_id][-1]
    assert (gap.since_ns, gap.until_ns) == (last_of_first.source_time_ns, of_second[1].source_time_ns)
    assert [envelope.seq for envelope in of_second] == list(range(len(of_second)))


def test_simulated_time_beats_once_a_second_of_its_own(tmp_path):
    now = time.time_ns()
    sender = transmitter(tmp_path, time_scale=TimeScale(1_800_000_000_000_000_000, now, 20.0))
    sender.start()
    time.sleep(1.0)
    sender.stop(drain_s=0)
    beats = [envelope for envelope, _ in left_in(tmp_path) if isinstance(envelope.body, Heartbeat)]
    assert 10 <= len(beats) <= 22
    assert all(envelope.source_time_ns >= 1_800_000_000_000_000_000 for envelope in beats)


def test_a_full_disk_is_told_as_a_gap_and_publishing_never_fails(tmp_path):
    sender = transmitter(tmp_path)
    sender.start()
    body = Beam("b" * 4000, True)
    with largest_file(20_000):
        taken = [sender.publish(DEVICE, sender.now_ns(), body) for _ in range(2000)]
        assert taken[0]
        assert not taken[-1]
        eventually(lambda: "outbox_full" in sender.health(DEVICE).faults)
    eventually(lambda: "outbox_full" not in sender.health(DEVICE).faults)
    assert sender.publish(DEVICE, sender.now_ns(), Beam("after", True))
    sender.stop(drain_s=0)
    found = [envelope for envelope, _ in left_in(tmp_path)]
    assert [envelope.seq for envelope in found] == list(range(len(found)))
    (gap,) = (envelope.body for envelope in found if isinstance(envelope.body, Gap))
    assert gap.reason == "outbox_full"
    assert sum(isinstance(envelope.body, Beam) for envelope in found) == sum(taken) + 1
