"""A receiver with one antenna, captured from a real one, on a serial line: recorded and shown, and no exam with it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import xor
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml

from center.clock import nanoseconds
from center.driving_track.ingest.segments import Place, since
from messages import codec, keys
from messages.envelope import Envelope
from messages.readings import FixQuality, SatellitePose
from simulators.terminals import SerialLine
from tests.center.driving_track.ingest.rig import ROOT, SITE_FOLDER, Rig, wait_for
from tests.services.mosquitto import StartMosquitto
from tests.services.processes import free_port

pytestmark = pytest.mark.end_to_end
RATE = 10.0
EPOCHS = 250
REAL = ROOT.parent / "shared" / "data" / "gnss" / "kamalnath26_rtk_open_stationary.ubx"


def _made() -> bytes:
    """What the real one is, without it: one antenna at 1 Hz, standing still, fixed but for a few epochs, no heading."""

    def sentence(body: str) -> bytes:
        return f"${body}*{reduce(xor, body.encode()):02X}\r\n".encode()

    epochs = []
    for second in range(EPOCHS):
        at = f"20{second // 60 + 23:02d}{second % 60:02d}.00"
        quality = 2 if second < 8 else 5 if second % 60 == 40 else 4
        epochs.append(
            sentence(f"GNRMC,{at},A,4220.34310,N,07105.11727,W,0.009,,151024,,,R,V")
            + sentence("GNVTG,,T,,M,0.009,N,0.017,K,D")
            + sentence(f"GNGGA,{at},4220.3431{second % 4},N,07105.11732,W,{quality},12,0.64,9.1,M,-33.2,M,1.0,0061")
            + b"\xb5\x62\x01\x07\x00\x00\x08\x19"
        )
    return b"".join(epochs)


def _epochs(capture: bytes) -> list[bytes]:
    """The capture cut where the receiver begins each second."""
    return [b"$GNRMC" + one for one in capture.split(b"$GNRMC")[1:]]


def _began_ns(epoch: bytes) -> int:
    found = re.match(rb"\$GNRMC,(\d{6})\.\d\d,(?:[^,]*,){7}(\d{6}),", epoch)
    assert found is not None
    began = datetime.strptime((found[2] + found[1]).decode() + "+0000", "%d%m%y%H%M%S%z")
    return nanoseconds(began)


def _site_there(folder: Path, capture: bytes) -> Path:
    """The reference centre, anchored where the receiver stood."""
    found = re.search(rb"\$GNGGA,[\d.]+,(\d\d)([\d.]+),N,(\d{3})([\d.]+),W,4,\d+,[\d.]+,([\d.-]+),M,([\d.-]+)", capture)
    assert found is not None
    latitude = int(found[1]) + float(found[2]) / 60
    longitude = -(int(found[3]) + float(found[4]) / 60)
    shutil.copytree(SITE_FOLDER, folder)
    survey = yaml.safe_load((folder / "site.yaml").read_text("utf-8"))
    survey["anchor"] = {
        "latitude_deg": latitude, "longitude_deg": longitude, "height_m": float(found[5]) + float(found[6]),
    }  # fmt: skip
    (folder / "site.yaml").write_text(yaml.safe_dump(survey, allow_unicode=True), "utf-8")
    return folder


class _Receiver:
    """The capture on a pseudo-terminal at its own pace, read by a real gateway."""

    def __init__(self, rig: Rig, epochs: list[bytes]) -> None:
        self._rig, self._epochs = rig, epochs
        self._line = SerialLine(rig.folder / "receiver")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._gateway = subprocess.Popen([sys.executable, "-m", "sensors", "run", str(self._configured())], cwd=ROOT)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._gateway.terminate()
        self._gateway.wait(20)
        self._line.close()

    def _configured(self) -> Path:
        rig, folder = self._rig, self._rig.folder
        keys.save(folder / "car-1-gnss.pem", rig.keys["car-1-gnss"])
        password = folder / "car-1.password"
        password.touch(0o600)
        password.write_text(rig.broker.password_of["car-1"])
        device = {
            "id": "car-1-gnss", "model": "nmea_gnss", "key": "car-1-gnss.pem",
            "source": {"kind": "serial", "path": str(self._line.name)},
        }  # fmt: skip
        document = {
            "centre_id": rig.site.centre_id,
            "gateway_id": "car-1",
            "broker": f"mqtt://{rig.broker.host}:{rig.broker.port}",
            "credential": {"file": "car-1.password"},
            "state": "gateway",
            "devices": [device],
            "demo": True,
            "time_scale": str(rig.scale),
        }
        path = folder / "car-1.yaml"
        path.write_text(yaml.safe_dump(document))
        return path

    def _play(self) -> None:
        for number, epoch in enumerate(self._epochs):
            due_ns = _began_ns(self._epochs[0]) + number * 1_000_000_000 + 50_000_000
            if not self._rig.time.wait_until(due_ns, self._stopping):
                return
            self._line.write(epoch)


@pytest.fixture(params=["real", "made"])
def rig(request: pytest.FixtureRequest, start_mosquitto: StartMosquitto, tmp_path: Path) -> Iterator[Rig]:
    is_there = request.param == "real" and REAL.exists()
    epochs = _epochs(REAL.read_bytes() if is_there else _made())[:EPOCHS]
    rig = Rig(
        start_mosquitto(["car-1", "car-2", "track-west", "track-east", "track-north"], centre_id="sarytau-1"),
        tmp_path,
        rate=RATE,
        start_ns=_began_ns(epochs[0]),
        lead_s=2.0,
        site_folder=_site_there(tmp_path / "site", b"".join(epochs)),
        port=free_port(),
    )
    rig.enrol(simulated=False)
    rig.start("serve")
    receiver = _Receiver(rig, epochs)
    yield rig
    receiver.stop()
    rig.stop()
    print((tmp_path / "intake.log").read_text()[-3000:])


def _asked(rig: Rig, path: str) -> Any:
    try:
        with urlopen(f"http://127.0.0.1:{rig.port}{path}", timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return {}


def _center(rig: Rig, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "center", *words],
        cwd=ROOT, env={"PATH": "", **rig.environment()}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_it_is_recorded_and_shown_live_and_a_start_with_it_is_refused_saying_why(rig: Rig) -> None:
    # It was silent until it was switched on, and says so; from then on an epoch a second is no silence.
    live = wait_for(
        lambda: (told := _asked(rig, "/api/live")).get("pose") and _receiver(told)["state"] == "ok" and told, 40.0
    )
    assert live["car_id"] == "car-1"
    assert abs(live["pose"]["east_m"]) < 5.0
    assert abs(live["pose"]["north_m"]) < 5.0
    assert _receiver(live)["faults"] == []

    called = _center(rig, "exam", "call", "car-1", "--candidate", "Виктор Ким")
    assert called.returncode == 0, called.stderr
    # On a machine that stalls an epoch a second may be stale for a moment, and that is said instead.
    refused = wait_for(lambda: _start_refused_for(rig, called.stdout.strip(), "gives no heading"))
    assert "Satellite receiver car-1-gnss gives no heading: it has one antenna" in refused
    assert rig.exam(called.stdout.strip()).state == "called"
    wait_for(lambda: _receiver(_asked(rig, "/api/live"))["state"] == "ok")

    poses = [envelope.body for envelope in _recorded(rig) if isinstance(envelope.body, SatellitePose)]
    assert len(poses) > 5
    assert {pose.heading_deg for pose in poses} == {None}
    assert {pose.fix_quality for pose in poses} <= {
        FixQuality.RTK_FIXED, FixQuality.RTK_FLOAT, FixQuality.DIFFERENTIAL,
    }  # fmt: skip


def _start_refused_for(rig: Rig, exam_id: str, why: str) -> str | None:
    """What a start is refused with, once that is among it."""
    refused = _center(rig, "exam", "start", exam_id)
    assert refused.returncode == 1
    return refused.stderr if why in refused.stderr else None


def _receiver(live: Any) -> Any:
    return next(one for one in live["devices"] if one["device_id"] == "car-1-gnss")


def _recorded(rig: Rig) -> list[Envelope]:
    return [codec.decode(message.payload) for message in since(rig.settings.intake, Place("", 0))]
