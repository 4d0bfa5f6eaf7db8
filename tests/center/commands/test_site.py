"""``center site draw``, and that the committed picture is the track of today's survey."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from center.commands.line import main
from center.commands.site import drawn

ROOT = Path(__file__).parents[3]
SITE = ROOT / "sites" / "sarytau"


def test_it_prints_the_track_or_writes_it_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "draw", str(SITE)]) == 0
    printed = capsys.readouterr().out
    assert main(["site", "draw", str(SITE), "--out", str(tmp_path / "track.svg")]) == 0
    assert (tmp_path / "track.svg").read_text("utf-8") == printed
    assert ElementTree.fromstring(printed).tag.endswith("svg")


def test_a_folder_without_a_survey_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "draw", str(tmp_path)]) != 0
    assert str(tmp_path) in capsys.readouterr().err


def test_the_picture_of_the_readme_is_drawn_from_the_survey_as_it_is() -> None:
    told = "center site draw --out docs/pictures/track.svg"
    assert (ROOT / "docs/pictures/track.svg").read_text("utf-8") == drawn(SITE), told
