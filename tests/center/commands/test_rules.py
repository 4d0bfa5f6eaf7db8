"""``center rules list|show|check``."""

from __future__ import annotations

from pathlib import Path

import pytest

from center.commands.line import main
from center.driving_track import rule_packs

KZ = rule_packs.FOLDER / "kz.yaml"


def test_the_packs_are_listed_with_what_is_provisional_in_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list"]) == 0
    told = capsys.readouterr().out
    assert "kz@2016-01-01\t" in told
    assert "provisional" in told


@pytest.mark.parametrize("name", ["kz", "kz@2016-01-01"])
def test_a_pack_is_shown_rule_by_rule(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["rules", "show", name]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rule_packs.load(name).rules)
    assert all(len(line.split("\t")) == 7 for line in lines)


@pytest.mark.parametrize(
    ("name", "told"), [("xx", "no rule pack 'xx'; there are kz"), ("kz@soon", "'soon' is no date")]
)
def test_a_pack_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], name: str, told: str) -> None:
    assert main(["rules", "show", name]) != 0
    assert told in capsys.readouterr().err


def test_good_packs_are_well_formed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check"]) == 0
    assert main(["rules", "check", str(KZ)]) == 0
    assert "well formed" in capsys.readouterr().out


def test_a_mistake_is_told_by_file_line_and_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = KZ.read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if "verdict: void" in line)
    lines[place] = lines[place].replace("verdict: void", "verdict: perhaps")
    broken = tmp_path / "kz.yaml"
    broken.write_text("\n".join(lines) + "\n", "utf-8")
    assert main(["rules", "check", str(broken)]) != 0
    told = capsys.readouterr().err
    assert f"kz.yaml:{place + 1}" in told
    assert "perhaps" in told


@pytest.mark.parametrize("content", [b"", b"- a\n", b"\xff\xfe\x00", b"pack: [unclosed\n"])
def test_what_is_no_pack_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_bytes(content)
    assert main(["rules", "check", str(broken)]) != 0
    assert capsys.readouterr().err.startswith("center: broken.yaml")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check", str(tmp_path / "nowhere.yaml")]) != 0
    assert "nowhere.yaml" in capsys.readouterr().err
