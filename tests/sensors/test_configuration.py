"""A gateway's configuration is read strictly: one test a kind of mistake, each message naming file, line and value."""

from __future__ import annotations

from pathlib import Path

import pytest

from messages.clock import TimeScale
from sensors.configuration import BadConfiguration, Loaded, SlcanSource

GOOD = """\
centre_id: sarytau-1
gateway_id: car-1
broker: mqtt://127.0.0.1:1883
credential: {file: password}
state: state
devices:
  - id: car-1-gnss
    model: nmea_gnss
    key: gnss.pem
    source: {kind: serial, path: /dev/ttyUSB0}
  - id: car-1-can
    model: exam_car_can
    key: can.pem
    source:
      kind: slcan
      path: /dev/ttyACM0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    password = tmp_path / "password"
    password.write_text("secret\n")
    password.chmod(0o600)
    return tmp_path


def load(folder: Path, text: str = GOOD) -> Loaded:
    """Load this text as a file of the folder."""
    path = folder / "gateway.yaml"
    path.write_text(text)
    return Loaded(path)


def test_a_good_configuration_is_read(folder: Path):
    loaded = load(folder)

    assert loaded.broker.username == "car-1"
    assert loaded.broker.password == "secret"
    assert (loaded.broker.host, loaded.broker.port, loaded.broker.tls) == ("127.0.0.1", 1883, False)
    assert loaded.time_scale.is_real
    assert loaded.resolve("state") == folder / "state"
    assert loaded.resolve("/var/lib/state") == Path("/var/lib/state")
    assert loaded.configuration.devices[1].source == SlcanSource("/dev/ttyACM0", 115_200)


def test_the_password_may_be_in_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CAR_1_PASSWORD", "other")

    assert load(folder, GOOD.replace("{file: password}", "{env: CAR_1_PASSWORD}")).broker.password == "other"


def test_the_password_is_never_shown(folder: Path):
    assert "secret" not in repr(load(folder).broker)


def test_a_demo_may_have_a_clock_of_its_own(folder: Path):
    scale = TimeScale(1_780_000_000_000_000_000, 1_770_000_000_000_000_000, 60.0)

    assert load(folder, f'{GOOD}demo: true\ntime_scale: "{scale}"\n').time_scale == scale


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("centre_id: sarytau-1", "centre_id: [", ":3: "),
        ("centre_id: sarytau-1\n", "", "missing required field `centre_id`"),
        ("centre_id: sarytau-1", "centre_id: a/b", ":1: centre_id ('a/b'): Expected"),
        ("centre_id: sarytau-1", "centre_id: 7", ":1: centre_id ('7'): Expected `str`, got `int`"),
        ("centre_id: sarytau-1", "centre: sarytau-1", "unknown field `centre`"),
        ("gateway_id: car-1", "centre_id: car-1", ":2: 'centre_id' is there more than once"),
        ("gateway_id: car-1", "gateway_id: &a [*a]", "aliases (*name) have no place here"),
        ("gateway_id: car-1", "gateway_id: !!python/none x", ":2: could not determine a constructor"),
        ("gateway_id: car-1", "? [gateway_id]\n: car-1", ":2: a key is a plain word"),
        ("gateway_id: car-1", "gateway_id: \x07", "unacceptable character"),
        ("mqtt://127.0.0.1:1883", "http://127.0.0.1", ":3: broker ('http://127.0.0.1'): a broker's address is mqtt://"),
        ("mqtt://127.0.0.1:1883", "mqtt://10.0.0.7:1883", "mqtts:// is compulsory"),
        ("mqtt://127.0.0.1:1883", "mqtt://car-1:secret@127.0.0.1", "user and password have no place here"),
        ("mqtt://127.0.0.1:1883", "mqtt://127.0.0.1:99999", ":3: broker"),
        ("{file: password}", "{file: nowhere}", ":4: credential.file ('nowhere'): "),
        ("{file: password}", "{}", ":4: credential: needs either file or env"),
        ("{file: password}", "{file: password, env: X}", "needs either file or env"),
        ("{file: password}", "{env: NOT_SET_ANYWHERE}", ":4: credential.env ('NOT_SET_ANYWHERE'): is not set"),
        ("{file: password}", "{password: secret}", ":4: credential: Object contains unknown field `password`"),
        ("model: nmea_gnss", "model: sextant", ":8: devices[0].model ('sextant'): is no model known here; those are"),
        ("kind: serial", "kind: carrier_pigeon", ":10: devices[0].source.kind ('carrier_pigeon'): Invalid value"),
        ("kind: serial", "kind: slcan", ":10: devices[0].source.kind ('slcan'): a nmea_gnss needs a source of kind"),
        ("kind: slcan", "kind: serial", ":15: devices[1].source.kind ('serial'): a exam_car_can needs a source"),
        ("path: /dev/ttyACM0", "path: /dev/ttyACM0\n      baud: 12", ":17: devices[1].source.baud ('12'): Expected"),
        ("path: /dev/ttyACM0", "path: ''", ":16: devices[1].source.path (''): Expected"),
        ("id: car-1-can", "id: car-1-gnss", ":11: devices[1].id ('car-1-gnss'): is there more than once"),
        (
            "key: gnss.pem",
            "key: gnss.pem\n    dbc: x.dbc",
            ":10: devices[0].dbc ('x.dbc'): a nmea_gnss has no DBC file",
        ),
        ("state: state", "state: state\ntime_scale: 1:2:3", ":6: time_scale ('1:2:3'): only a demo (demo: true)"),
        ("state: state", "state: state\ndemo: true\ntime_scale: soon", ":7: time_scale ('soon'): time scale 'soon' is"),
    ],
)
def test_a_mistake_is_named_with_its_place(folder: Path, old: str, new: str, expected: str):
    assert old in GOOD

    with pytest.raises(BadConfiguration) as refusal:
        load(folder, GOOD.replace(old, new, 1))

    assert str(folder / "gateway.yaml") in str(refusal.value)
    assert expected in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_no_devices_at_all_are_refused(folder: Path):
    with pytest.raises(BadConfiguration, match=r":6: devices: Expected"):
        load(folder, GOOD[: GOOD.index("devices:")] + "devices: []\n")


@pytest.mark.parametrize("text", ["", "- a\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_refused(folder: Path, text: str):
    with pytest.raises(BadConfiguration, match="holds no mapping"):
        load(folder, text)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(BadConfiguration, match=r"gateway\.yaml: cannot be read"):
        Loaded(tmp_path / "gateway.yaml")


def test_a_password_that_others_may_read_is_refused(folder: Path):
    (folder / "password").chmod(0o644)

    with pytest.raises(BadConfiguration, match="make it mode 0600"):
        load(folder)


def test_an_empty_password_is_refused(folder: Path):
    (folder / "password").write_text("\n")

    with pytest.raises(BadConfiguration, match="is empty"):
        load(folder)
