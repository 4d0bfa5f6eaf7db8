"""``center devices enrol|list|revoke`` on a fresh database, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from center.commands.line import main
from messages import keys
from tests.center.commands.founded import found


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPECCENTER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SPECCENTER_VAULT", str(tmp_path / "vault"))
    monkeypatch.setenv("SPECCENTER_BROKER_URL", "mqtt://centre:secret@127.0.0.1:1")
    (tmp_path / "data").mkdir()
    found(tmp_path)


def test_a_device_is_enrolled_listed_and_revoked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = keys.make()
    keys.save(tmp_path / "car-1-gnss.pem", key)
    assert main(["devices", "enrol", "car-1-gnss", str(tmp_path / "car-1-gnss.pem")]) == 0
    assert "car-1-gnss enrolled, carried by car-1" in capsys.readouterr().out
    assert main(["devices", "list"]) == 0
    fields = capsys.readouterr().out.strip().split("\t")
    assert fields[:4] == ["car-1-gnss", "car-1", "real", keys.public_hex(key)]
    assert fields[5] == "enrolled"
    assert main(["devices", "revoke", "car-1-gnss", "--reason", "stolen"]) == 0
    capsys.readouterr()
    assert main(["devices", "list"]) == 0
    assert "revoked 20" in capsys.readouterr().out


def test_a_key_may_be_given_as_digits_or_as_a_file_with_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = keys.public_hex(keys.make()), keys.public_hex(keys.make())
    (tmp_path / "public").write_text(second + "\n")
    assert main(["devices", "enrol", "track-west", first]) == 0
    assert main(["devices", "enrol", "track-east", str(tmp_path / "public")]) == 0
    assert main(["devices", "list"]) == 0
    assert {first, second} <= set(capsys.readouterr().out.split())


def test_each_wrong_use_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = keys.public_hex(keys.make())
    assert main(["devices", "enrol", "track-west", good]) == 0
    capsys.readouterr()
    for words, told in (
        (["enrol", "track-west", good], "track-west is enrolled already; revoke it first"),
        (["enrol", "ghost", good], "The survey holds no device ghost; it holds car-1-gnss"),
        (["enrol", "track-east", "123"], "is not an Ed25519 public key of 64 hex digits"),
        (["enrol", "track-east", good, "--simulated"], "A simulated device is enrolled in the demo only"),
        (["revoke", "track-north"], "track-north is not enrolled"),
    ):
        assert main(["devices", *words]) != 0, words
        assert told in capsys.readouterr().err


def test_without_an_action_the_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["devices"])
    assert ended.value.code == 2
    assert "usage: center devices" in capsys.readouterr().err


def test_settings_that_are_unsafe_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPECCENTER_BROKER_URL", "mqtt://broker.example:1883")
    assert main(["devices", "list"]) != 0
    assert "SPECCENTER_BROKER_URL" in capsys.readouterr().err
