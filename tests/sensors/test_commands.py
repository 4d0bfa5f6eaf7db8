"""The command line as a user meets it: processes, their output, their exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from messages import keys
from tests.sensors.lines import car_frames, epoch, sentence

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
GENESIS = ROOT / "sites" / "vehicles" / "hyundai_genesis.dbc"


def sensors(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """``python -m sensors`` with these arguments."""
    return subprocess.run([sys.executable, "-m", "sensors", *arguments], cwd=ROOT, capture_output=True, text=True)


@pytest.fixture
def receiver_capture(tmp_path: Path) -> Path:
    path = tmp_path / "capture.ubx"
    path.write_bytes(b"".join(sentence(body) for number in range(20) for body in epoch(number)) + b"$GNHDT,1,T*00\r\n")
    return path


@pytest.fixture
def car_capture(tmp_path: Path) -> Path:
    path = tmp_path / "car.log"
    lines = [f"({1_780_000_000 + ms / 1000:.6f}) can0 {number:03X}#{data.hex()}" for ms, number, data in car_frames(50)]
    path.write_text("\n".join(lines))
    return path


def test_keygen_writes_private_keys_and_prints_the_public_ones(tmp_path: Path):
    done = sensors("keygen", tmp_path / "keys", "car-1-gnss", "car-1-can")

    assert done.returncode == 0
    public = json.loads(done.stdout)
    assert list(public) == ["car-1-gnss", "car-1-can"]
    for device, text in public.items():
        path = tmp_path / "keys" / f"{device}.pem"
        assert path.stat().st_mode & 0o777 == 0o600
        assert keys.public_hex(keys.load(path)) == text
        assert path.read_text() not in done.stdout


def test_keygen_overwrites_no_key(tmp_path: Path):
    sensors("keygen", tmp_path, "one")
    before = (tmp_path / "one.pem").read_bytes()

    done = sensors("keygen", tmp_path, "one")

    assert done.returncode == 1
    assert "one.pem is there already" in done.stderr
    assert (tmp_path / "one.pem").read_bytes() == before


@pytest.mark.parametrize("device", ["../out", "a/b", ".hidden", ""])
def test_keygen_refuses_an_id_that_leaves_the_folder(tmp_path: Path, device: str):
    done = sensors("keygen", tmp_path / "keys", device)

    assert done.returncode == 1
    assert "cannot be a device's id" in done.stderr


def test_decode_prints_readings_as_json_lines(receiver_capture: Path):
    done = sensors("decode", "nmea_gnss", receiver_capture)

    readings = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [reading["heading_deg"] for reading in readings] == list(range(20))
    assert {reading["kind"] for reading in readings} == {"satellite_pose"}


def test_decode_summarises_a_receiver(receiver_capture: Path):
    summary = json.loads(sensors("decode", "nmea_gnss", receiver_capture, "--summary").stdout)

    assert summary["accepted"] == {"GGA": 20, "GST": 20, "HDT": 20, "RMC": 20, "VTG": 20}
    assert summary["rejected"] == {"bad_checksum": 1}
    assert summary["readings"] == {"satellite_pose": 20}
    assert summary["fix_qualities"] == {"4": 20}
    assert summary["quality_changes"] == 0


def test_decode_summarises_an_exam_car(car_capture: Path):
    summary = json.loads(sensors("decode", "exam_car_can", car_capture, "--summary").stdout)

    assert summary["accepted"] == {"Body": 25, "Engine": 25, "Motion": 50}
    assert summary["rejected"] == {}
    assert summary["readings"] == {"car_state": 50}
    assert summary["signals"]["Motion.WheelSpeed"] == {"lowest": 0.0, "highest": 0.098}
    assert summary["signals"]["Motion.SteeringWheelAngle"] == {"lowest": -543.2, "highest": -543.2}
    assert "Body.BeltFastened" not in summary["signals"]


def test_decode_reads_any_car_by_its_dbc(tmp_path: Path):
    """A wheel from lock to lock, in the format of the capture below."""
    log = tmp_path / "log"
    sweep = [*range(-5438, 5500, 7), 5499]
    frames = [f"2B0#{(tenths & 0xFFFF).to_bytes(2, 'little').hex()}0007F0" for tenths in sweep]
    log.write_text("".join(f"(1733728673.{n:06}) can0 {frame}\n" for n, frame in enumerate(frames)))

    done = sensors("decode", f"can:{GENESIS}", log)
    summary = json.loads(sensors("decode", f"can:{GENESIS}", log, "--summary").stdout)

    first = json.loads(done.stdout.splitlines()[0])
    assert first["message"] == "Steering"
    assert first["signals"]["SteeringWheelAngle"] == pytest.approx(-543.8)
    assert summary["signals"] == {"Steering.SteeringWheelAngle": {"lowest": -543.8, "highest": 549.9}}


@pytest.mark.skipif(not SHARED.exists(), reason="the real captures are not beside this checkout")
def test_the_real_captures_give_what_is_known_of_them():
    receiver = SHARED / "gnss" / "kamalnath26_rtk_open_stationary.ubx"
    car = SHARED / "can" / "hyundai_genesis_sedan__turnedSteeringWheel.log"

    of_receiver = json.loads(sensors("decode", "nmea_gnss", receiver, "--summary").stdout)
    of_car = json.loads(sensors("decode", f"can:{GENESIS}", car, "--summary").stdout)

    assert of_receiver["accepted"]["GGA"] == 714
    assert of_receiver["fix_qualities"] == {"4": 669, "2": 39, "5": 6}
    assert of_receiver["quality_changes"] == 60
    assert of_receiver["rejected"] == of_car["rejected"] == {}
    assert of_car["signals"] == {"Steering.SteeringWheelAngle": {"lowest": -543.8, "highest": 549.9}}


def test_decode_names_the_devices_there_are(receiver_capture: Path):
    done = sensors("decode", "sextant", receiver_capture)

    assert done.returncode == 2
    assert "'sextant' is no device; those are nmea_gnss, exam_car_can and can:PATH.dbc" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["decode", "nmea_gnss", "/nowhere"], "/nowhere: No such file or directory"),
        (["decode", "can:/nowhere.dbc", "/dev/null"], "/nowhere.dbc: No such file or directory"),
        (["decode", "can:README.md", "/dev/null"], "the DBC file cannot be read"),
        (["run", "/nowhere.yaml"], "/nowhere.yaml: cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_in_one_line(arguments: list[str], expected: str):
    done = sensors(*arguments)

    assert done.returncode == 1
    assert expected in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_key_that_is_missing_is_named_with_its_line(tmp_path: Path):
    (tmp_path / "password").write_text("secret")
    (tmp_path / "password").chmod(0o600)
    config = tmp_path / "gateway.yaml"
    config.write_text(
        "centre_id: sarytau\ngateway_id: car-1\nbroker: mqtt://127.0.0.1\ncredential: {file: password}\nstate: state\n"
        "devices:\n- {id: a, model: nmea_gnss, key: a.pem, source: {kind: serial, path: /dev/null}}\n"
    )

    done = sensors("run", config)

    assert done.returncode == 1
    assert f"{config}:7: devices[0].key ('a.pem'): " in done.stderr
    assert done.stderr.count("\n") == 1
