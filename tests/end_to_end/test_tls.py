"""Over a network the broker is spoken to by TLS: with the right authority and host name, and not at all with others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from messages.readings import SatellitePose
from tests.center.driving_track.ingest.rig import RATE, wait_for
from tests.center.driving_track.ingest.rig import Rig as Intake
from tests.sensors.terminals import wait_until
from tests.sensors.test_gateway import Rig as Car
from tests.services.certificates import Authority
from tests.services.mosquitto import StartMosquitto

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(120)]
GATEWAYS = ["car-1", "car-2", "track-west", "track-east", "track-north"]
MakeIntake = Callable[..., Intake]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def make_intake(tmp_path: Path, stack: ExitStack) -> MakeIntake:
    def make(*arguments: Any, **options: Any) -> Intake:
        intake = Intake(*arguments, **options)
        stack.callback(intake.stop)
        return intake

    return make


def test_an_exam_is_driven_by_tls_from_the_devices_to_the_centre(
    start_mosquitto: StartMosquitto, authority: Authority, make_intake: MakeIntake, tmp_path: Path
) -> None:
    broker = start_mosquitto(GATEWAYS, centre_id="sarytau-1", certificate=authority.issue("localhost"))
    intake = make_intake(broker, tmp_path, ca_file=authority.ca_file)
    intake.enrol()
    intake.start()
    intake.drive()
    exam_id = intake.call()
    intake.start_exam(exam_id)
    time.sleep(10 / RATE)
    assert intake.order("stop", exam_id) == []
    assert intake.closed(exam_id).verdict_reason == "not_finished"


def test_a_gateway_speaks_tls(
    start_mosquitto: StartMosquitto, authority: Authority, stack: ExitStack, tmp_path: Path
) -> None:
    broker = start_mosquitto(["car-1", "car-2"], certificate=authority.issue("localhost"))
    car = Car(tmp_path, broker, stack, authority.ca_file)
    car.start()
    car.write(40)
    wait_until(lambda: len(car.centre.bodies("car-1-gnss", SatellitePose)) >= 39)


@pytest.mark.parametrize(
    ("host", "trusted", "told"),
    [
        ("localhost", "another", "CERTIFICATE_VERIFY_FAILED"),
        ("broker.example", "its own", "Hostname mismatch"),
    ],
    ids=["wrong authority", "wrong host name"],
)
def test_whoever_cannot_be_trusted_is_told_nothing_and_nothing_is_lost(
    start_mosquitto: StartMosquitto,
    authority: Authority,
    make_intake: MakeIntake,
    stack: ExitStack,
    tmp_path: Path,
    host: str,
    trusted: str,
    told: str,
) -> None:
    other = Authority(tmp_path, "other-authority")
    issued = authority.issue(host)
    ca_file = authority.ca_file if trusted == "its own" else other.ca_file
    broker = start_mosquitto(["car-1", "car-2"], certificate=issued)
    car = Car(tmp_path, broker, stack, ca_file)
    car.start()
    car.write(20)
    (tmp_path / "centre").mkdir()
    intake = make_intake(broker, tmp_path / "centre", ca_file=ca_file)
    intake.start()
    wait_for(lambda: told in car.log.read_text())
    wait_for(lambda: told in (tmp_path / "centre" / "intake.log").read_text())
    time.sleep(1.0)
    assert car.centre.boots == []
    assert intake.process is not None
    assert intake.process.poll() is None
    assert any((tmp_path / "state").rglob("*")), "what was read waits in the outbox"
