"""``center score`` of a good recording, of damaged ones, and of what is none."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from center.commands.line import main
from messages import site as sites
from simulators import drive, scenario

SITE = Path("sites/sarytau")


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("score") / "exam.mcap"
    site = sites.load(SITE)
    plan = scenario.load("hill_rolls_back_150_mm")
    drive.record(drive.drive(plan, site, drive.DEFAULT_PACK.read_bytes()), site, path)
    return path


def test_the_sheet_comes_with_its_hash_and_the_same_again(
    recording: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["score", str(recording), "--json"]) == 0
    sheet = capfdbinary.readouterr().out
    assert main(["score", str(recording), "--json"]) == 0
    assert capfdbinary.readouterr().out == sheet
    assert main(["score", str(recording)]) == 0
    told = capfdbinary.readouterr().out.decode()
    digest = hashlib.sha256(sheet.removesuffix(b"\n")).hexdigest()
    assert told.endswith(f"sha256 {digest}\n")
    assert "rollback_over_100" in told


def test_other_rules_may_be_asked_for_by_name_and_date(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(recording), "--rules", "kz@2016-01-01"]) == 0
    assert "kz@2016-01-01" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rules", "told"),
    [("nowhere", "no rule pack 'nowhere'"), ("kz@yesterday", "is no date"), ("kz@1900-01-01", "1900-01-01")],
)
def test_rules_that_are_none_are_refused(
    recording: Path, capsys: pytest.CaptureFixture[str], rules: str, told: str
) -> None:
    assert main(["score", str(recording), "--rules", rules]) != 0
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_of_a_truncated_recording_the_whole_part_is_scored_and_the_sheet_says_so(
    recording: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], kept: float
) -> None:
    data = recording.read_bytes()
    cut = tmp_path / "cut.mcap"
    cut.write_bytes(data[: int(len(data) * kept)])
    assert main(["score", str(cut), "--json"]) == 0
    sheet = json.loads(capfdbinary.readouterr().out)
    assert any(note.startswith("recording_damaged") for note in sheet["notes"])
    assert sheet["verdict"] != "pass" or kept == 0.95


@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_a_flipped_bit_costs_no_more_than_its_chunk_and_the_sheet_says_so(
    recording: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], place: float
) -> None:
    data = bytearray(recording.read_bytes())
    data[int(len(data) * place)] ^= 0x10
    flipped = tmp_path / "flipped.mcap"
    flipped.write_bytes(data)
    assert main(["score", str(flipped), "--json"]) == 0
    sheet = json.loads(capfdbinary.readouterr().out)
    assert any(note.startswith("recording_damaged") for note in sheet["notes"])
    assert sheet["verdict"] != "fail"


@pytest.mark.parametrize("content", [b"", b"no recording at all", b"\x89MCAP0\r\n", bytes(1000)])
def test_what_is_no_recording_is_refused_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "other.mcap"
    path.write_bytes(content)
    assert main(["score", str(path)]) != 0
    told = capsys.readouterr().err
    assert told.startswith("center: ")
    assert "other.mcap" in told
    assert len(told.splitlines()) == 1


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(tmp_path / "nowhere.mcap")]) != 0
    assert "nowhere.mcap" in capsys.readouterr().err
