"""The intake under a burst, and over many exams: nothing is lost, and nothing grows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from center.driving_track.ingest.segments import Place, since
from messages import codec
from messages.broker import BrokerAddress
from messages.chain import Chain
from messages.link import Link
from messages.outbox import Outbox
from messages.readings import CarState
from tests.center.driving_track.ingest.rig import RATE, Rig, wait_for
from tests.sampling import amount
from tests.services.mosquitto import StartMosquitto

_SETTLED = 5
_GROWTH_MB = 10.0
BOOT = "01990000-0000-7000-8000-000000000000"


@pytest.fixture
def rig(start_mosquitto: StartMosquitto, tmp_path: Path) -> Iterator[Rig]:
    gateways = ["car-1", "car-2", "track-west", "track-east", "track-north"]
    rig = Rig(start_mosquitto(gateways, centre_id="sarytau-1"), tmp_path)
    rig.enrol()
    rig.start()
    wait_for(lambda: any(tmp_path.glob("data/intake/*.mcap")), 40.0)
    yield rig
    rig.stop()
    print((tmp_path / "intake.log").read_text()[-3000:])


@pytest.mark.timeout(300)
def test_of_a_burst_nothing_is_lost(rig: Rig) -> None:
    burst = amount(60_000, 10_000, name="messages in a burst")
    outbox = Outbox(rig.folder / "burst", BOOT)
    chain = Chain("sarytau-1", "car-1-can", BOOT, rig.keys["car-1-can"])
    now_ns = rig.settings.clock.now_ns()
    for number in range(burst):
        time_ns = now_ns - (burst - number) * 1_000_000
        if number % 100 == 99 and (digest := chain.digest(time_ns)) is not None:
            outbox.append(digest[0], "digest", time_ns, digest[1])
        else:
            outbox.append(*_stamped(chain, time_ns, number))
        if number % 1000 == 999:
            outbox.sync()
    outbox.sync()
    link = Link(BrokerAddress.parse(rig.broker.url("car-1")), "sarytau-1", "car-1", BOOT, {"car-1-can": outbox})
    link.start()
    assert link.drain(200.0)
    link.stop()
    outbox.close()
    arrived = [codec.decode_head(one.payload) for one in since(rig.settings.intake, Place("", 0))]
    assert sorted(one.seq for one in arrived if one.boot_id == BOOT) == list(range(burst))
    assert {reason for device, reason in rig.counters() if device == "car-1-can"} <= {"duplicate"}


def _stamped(chain: Chain, time_ns: int, number: int) -> tuple[int, str, int, bytes]:
    seq, payload = chain.stamp(time_ns, CarState(speed_mps=number % 30, engine_speed_rpm=800.0, gear=1))
    return seq, "car_state", time_ns, payload


@pytest.mark.timeout(600)
def test_after_the_fifth_exam_the_intake_grows_no_more(rig: Rig) -> None:
    rig.drive()
    held = []
    for _ in range(amount(50, 9, name="exams one after the other in one intake")):
        exam_id = rig.call()
        rig.start_exam(exam_id)
        time.sleep(5 / RATE)
        assert rig.order("stop", exam_id) == []
        rig.closed(exam_id, 60.0)
        held.append(_resident_mb(rig))
    assert held[-1] - held[_SETTLED - 1] < _GROWTH_MB, held


def _resident_mb(rig: Rig) -> float:
    assert rig.process is not None
    status = Path(f"/proc/{rig.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024
