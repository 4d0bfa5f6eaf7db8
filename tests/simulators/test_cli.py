"""The simulators' commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulators.cli import main


def test_drive_prints_what_is_expected(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    truth = tmp_path / "truth.jsonl"
    assert main(["drive", "finish_no_neutral", "--truth", str(truth)]) == 0
    out = capsys.readouterr().out
    assert "expected verdict: pass" in out
    assert "fault finish_neutral, finish" in out
    first = json.loads(truth.read_text().splitlines()[0])
    assert {"time_s", "east_m", "gear"} <= set(first)


def test_drive_as_json_has_the_oracles_judgement(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drive", "finish_no_neutral", "--json", "--seed", "9"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["seed"] == 9
    assert said["expected"]["faults"][0]["rule"] == "finish_neutral"
    assert said["truth"]["points_over_limit"] == 5


def test_scenarios_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios"]) == 0
    assert "denis" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["drive", "cleen"], "cleen.yaml"), (["drive", "clean", "--site", "nowhere"], "nowhere")],
)
def test_what_cannot_be_is_refused_in_words(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
