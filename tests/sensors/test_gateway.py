"""The gateway as a process of its own, between pseudo-terminals and a real broker, whatever happens to either."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from messages import keys
from messages.broker import BrokerAddress
from messages.readings import Birth, CarState, Death, Digest, Gap, Heartbeat, SatellitePose
from tests.sensors.centre import Centre
from tests.sensors.lines import car_frames, epoch, sentence, slcan
from tests.sensors.terminals import Terminal, wait_until
from tests.services.mosquitto import Mosquitto, StartMosquitto

ROOT = Path(__file__).parents[2]
CONFIGURATION = """\
centre_id: sarytau
gateway_id: car-1
broker: mqtt://127.0.0.1:{port}
credential: {{file: password}}
state: state
devices:
  - {{id: car-1-gnss, model: nmea_gnss, key: car-1-gnss.pem, source: {{kind: serial, path: gnss}}}}
  - {{id: car-1-can, model: exam_car_can, key: car-1-can.pem, source: {{kind: slcan, path: can}}}}
"""


class Rig:
    """A car's two serial lines, its gateway's process, the broker and a centre."""

    def __init__(self, folder: Path, broker: Mosquitto, stack: ExitStack, ca_file: Path | None = None) -> None:
        """``ca_file``: the gateway speaks TLS, and trusts that authority."""
        self.folder = folder
        self.broker = broker
        self.gnss, self.can = Terminal(folder / "gnss"), Terminal(folder / "can")
        self.log = folder / "log"
        self.config = folder / "gateway.yaml"
        # Ports are named as from the working directory.
        text = CONFIGURATION.format(port=broker.port)
        if ca_file is not None:
            tls = f"mqtts://localhost:{broker.tls_port}\nca_file: {ca_file}"
            text = text.replace(f"mqtt://127.0.0.1:{broker.port}", tls)
        self.config.write_text(text.replace("path: ", f"path: {folder}/"))
        self.set_password(broker.password_of["car-1"])
        for device in ("car-1-gnss", "car-1-can"):
            keys.save(folder / f"{device}.pem", keys.make())
        self.centre = Centre(broker)
        self._stack = stack
        self._epochs = self._motions = 0
        for close in (self.gnss.close, self.can.close, self.centre.close):
            stack.callback(close)

    def set_password(self, password: str) -> None:
        """What the gateway says to the broker."""
        path = self.folder / "password"
        path.write_text(password)
        path.chmod(0o600)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the gateway, and wait until it has opened its ports and reads."""
        with self.log.open("ab") as log:
            gateway = subprocess.Popen(
                [sys.executable, "-m", "sensors", "run", self.config], cwd=ROOT, stdout=log, stderr=log
            )
        self._stack.callback(gateway.wait)
        self._stack.callback(gateway.kill)
        self.can.read()
        wait_until(lambda: b"O\r" in self.can.read(), what="the adapter to be greeted")
        wait_until(lambda: self._is_open(gateway.pid, self.gnss), what="the receiver's port to be open")
        time.sleep(0.1)
        return gateway

    def write(self, epochs: int, *, pause_s: float = 0.0) -> None:
        """The receiver writes so many epochs, the car's bus as much in time."""
        for _ in range(epochs):
            self.gnss.write(b"".join(sentence(body) for body in epoch(self._epochs)))
            self._epochs += 1
            frames = [frame for frame in _frames if self._motions * 20 <= frame[0] < (self._motions + 2) * 20]
            self.can.write(b"".join(slcan(*frame).encode() + b"\r" for frame in frames))
            self._motions += 2
            time.sleep(pause_s)

    def poses(self, boot: int = 0) -> list[float]:
        """The headings of the poses that the centre holds: they tell the epochs' numbers."""
        return [pose.heading_deg for pose in self.centre.bodies("car-1-gnss", SatellitePose, boot)]

    def speeds(self, boot: int = 0) -> list[int]:
        """The numbers of the motion frames."""
        return [round(state.speed_mps / 0.002) for state in self.centre.bodies("car-1-can", CarState, boot)]

    @staticmethod
    def _is_open(pid: int, terminal: Terminal) -> bool:
        target = terminal.path.readlink()
        links = []
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                links.append(descriptor.readlink())
            except FileNotFoundError:
                continue  # closed meanwhile
        return target in links


_frames = car_frames(4000)


@pytest.fixture
def rig(tmp_path: Path, start_mosquitto: StartMosquitto) -> Iterator[Rig]:
    with ExitStack() as stack:
        yield Rig(tmp_path, start_mosquitto(["car-1", "car-2"]), stack)


def test_everything_that_is_written_arrives_in_order_and_signed(rig: Rig):
    gateway = rig.start()
    rig.write(100)
    wait_until(lambda: len(rig.poses()) >= 99 and len(rig.speeds()) == 200)

    gateway.send_signal(signal.SIGTERM)
    assert gateway.wait(20) == 0
    wait_until(lambda: rig.centre.bodies("car-1-gnss", Death) and rig.centre.bodies("car-1-can", Death))

    assert rig.poses() == [float(number) for number in range(100)]
    assert rig.speeds() == list(range(200))
    for device in ("car-1-gnss", "car-1-can"):
        received = rig.centre.received(device)
        assert isinstance(received[0].body, Birth)
        assert isinstance(received[-2].body, Death)
        assert isinstance(received[-1].body, Digest)
        assert received[-1].body.through_seq == received[-2].seq
    assert not any(gap.reason.startswith("missing") for gap in rig.centre.bodies("car-1-gnss", Gap))


def test_garbage_on_the_line_is_counted_in_the_heartbeat(rig: Rig):
    rig.start()
    rig.write(5)
    rig.gnss.write(b"\x00\xff$GNGGA,nonsense*00\r\n$$$$" + bytes(range(256)) + b"\r\n")
    rig.can.write(bytes(range(256)) + b"\r")
    rig.write(5)

    wait_until(lambda: any(beat.rejected for beat in rig.centre.bodies("car-1-gnss", Heartbeat)))
    wait_until(lambda: any(beat.rejected for beat in rig.centre.bodies("car-1-can", Heartbeat)))
    wait_until(lambda: len(rig.speeds()) == 20)
    assert rig.poses()[-1] >= 8.0


def test_a_broker_killed_and_long_away_loses_nothing(rig: Rig):
    rig.start()
    rig.write(40)
    wait_until(lambda: len(rig.poses()) >= 30)
    rig.broker.kill()
    rig.write(400, pause_s=0.005)
    rig.broker.start()
    rig.write(40)

    wait_until(lambda: len(rig.poses()) >= 479 and len(rig.speeds()) == 960, 60.0)
    assert rig.poses() == [float(number % 360) for number in range(len(rig.poses()))]
    assert rig.speeds() == list(range(960))


def test_a_broker_killed_again_and_again_loses_nothing(rig: Rig):
    rig.start()
    for _ in range(3):
        rig.write(60, pause_s=0.002)
        rig.broker.kill()
        rig.write(20)
        rig.broker.start()

    wait_until(lambda: len(rig.speeds()) == 480, 60.0)
    assert rig.speeds() == list(range(480))


def test_a_gateway_killed_loses_nothing_it_had_persisted_and_tells_the_gap(rig: Rig):
    gateway = rig.start()
    rig.broker.kill()
    rig.write(100)
    time.sleep(0.5)  # the outbox is synced every 0.1 s
    gateway.kill()
    gateway.wait()
    rig.broker.start()
    rig.start()
    rig.write(20)

    wait_until(lambda: len(rig.speeds(0)) == 200 and len(rig.speeds(1)) == 40, 60.0)
    assert rig.speeds(0) == list(range(200))
    assert rig.poses(0) == [float(number) for number in range(100)][: len(rig.poses(0))]
    assert len(rig.poses(0)) >= 99
    for device in ("car-1-gnss", "car-1-can"):
        before, after = rig.centre.received(device, 0), rig.centre.received(device, 1)
        gap = next(envelope.body for envelope in after if isinstance(envelope.body, Gap))
        assert gap.since_ns == before[-1].source_time_ns
        assert gap.until_ns == after[0].source_time_ns


def test_a_lost_line_is_a_fault_and_a_gap(rig: Rig):
    rig.start()
    rig.write(10)
    wait_until(lambda: len(rig.speeds()) == 20)
    rig.can.unplug()
    wait_until(lambda: any("serial_link_lost" in beat.faults for beat in rig.centre.bodies("car-1-can", Heartbeat)))
    rig.can.plug()
    wait_until(lambda: b"O\r" in rig.can.read())
    rig.write(10)

    wait_until(lambda: len(rig.speeds()) == 40)
    gaps = [gap for gap in rig.centre.bodies("car-1-can", Gap) if gap.reason == "serial_link_lost"]
    states = [one for one in rig.centre.received("car-1-can") if isinstance(one.body, CarState)]
    assert [(gap.since_ns, gap.until_ns) for gap in gaps] == [(states[19].source_time_ns, states[20].source_time_ns)]
    wait_until(lambda: "serial_link_lost" not in rig.centre.bodies("car-1-can", Heartbeat)[-1].faults)


def test_silence_is_told(rig: Rig):
    rig.start()

    wait_until(lambda: any("silent" in beat.faults for beat in rig.centre.bodies("car-1-gnss", Heartbeat)))
    rig.write(10)
    wait_until(lambda: "silent" not in rig.centre.bodies("car-1-gnss", Heartbeat)[-1].faults)


def test_its_credential_opens_its_own_topics_only(rig: Rig):
    def publish_as_car_1(gateway: str) -> None:
        """Mosquitto passes over what is forbidden, or ends the connection, by its version."""
        client = BrokerAddress.parse(rig.broker.url("car-1")).new_client(f"thief-at-{gateway}")
        client.connect("127.0.0.1", rig.broker.port)
        client.loop_start()
        wait_until(client.is_connected)
        sent = client.publish(f"speccenter/v1/sarytau/{gateway}/gateway/lost_link", b"{}", qos=1)
        wait_until(lambda: sent.is_published() or not client.is_connected())
        client.disconnect()
        client.loop_stop()

    def is_heard() -> bool:
        for gateway in ("car-2", "centre", "car-1"):
            publish_as_car_1(gateway)
        return bool(rig.centre.other_topics)

    wait_until(is_heard)
    time.sleep(0.3)

    assert set(rig.centre.other_topics) == {"speccenter/v1/sarytau/car-1/gateway/lost_link"}


def test_a_wrong_password_is_reported_at_each_attempt_not_in_a_flood(rig: Rig):
    rig.set_password("wrong")
    rig.start()
    rig.write(10)
    time.sleep(3.0)

    refusals = rig.log.read_text().count("refuses us")
    assert 2 <= refusals <= 6
    assert "wrong" not in rig.log.read_text()
    assert rig.centre.boots == []


def test_what_was_written_before_the_password_was_right_is_not_lost(rig: Rig):
    rig.set_password("wrong")
    gateway = rig.start()
    rig.write(20)
    time.sleep(0.5)
    gateway.send_signal(signal.SIGTERM)
    gateway.wait(20)
    rig.set_password(rig.broker.password_of["car-1"])
    rig.start()

    wait_until(lambda: rig.centre.bodies("car-1-can", Death))
    assert rig.speeds() == list(range(40))
