"""Every scenario, recorded without a broker and scored by the core, comes out as its inputs say it must."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from center.commands.demo.expectation import differences
from center.driving_track import rescore
from center.driving_track.scoring.score_sheet import ScoreSheet
from messages import site as sites
from messages.recording import read_payloads
from simulators import drive, scenario
from tests.sampling import sample

SITE = sites.load(Path("sites/sarytau"))
PACK = drive.DEFAULT_PACK.read_bytes()
ALWAYS = ("clean", "clean_niva", "denis")
"""Whole routes that every run drives: without a mistake with each car, and with the mistakes of the README."""


def recorded(name: str, folder: Path, seed: int | None = None) -> tuple[Path, scenario.Scenario]:
    plan = scenario.load(name)
    path = folder / f"{name}.mcap"
    drive.record(drive.drive(plan, SITE, PACK, seed), SITE, path)
    return path, plan


def read(sheet: ScoreSheet) -> dict[str, Any]:
    """A sheet as those read it who have its bytes."""
    content: dict[str, Any] = json.loads(sheet.data)
    return content


OTHERS = [name for name in scenario.names() if name not in ALWAYS]


@pytest.mark.parametrize("name", [*ALWAYS, *sample(OTHERS, 18, name="scenarios on the core")])
def test_a_scenario_comes_out_as_it_must(name: str, tmp_path: Path) -> None:
    path, plan = recorded(name, tmp_path)
    sheet = read(rescore.score_file(path).sheet)
    told = differences(msgspec.to_builtins(plan.expect), sheet["verdict"], sheet["reason"], sheet["findings"])
    assert told == []


def test_scoring_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    path, _ = recorded("snake_line_63_mm_left", tmp_path)
    assert rescore.score_file(path).sheet.data == rescore.score_file(path).sheet.data


def test_the_order_and_number_of_arrivals_change_no_byte(tmp_path: Path) -> None:
    """Shuffled and doubled, as after an outage: only the source order counts."""
    path, _ = recorded("snake_line_63_mm_left", tmp_path)
    recording, payloads = read_payloads(path)
    arrived = rescore.score(recording, payloads).sheet
    shuffled = rescore.score(recording, [*reversed(payloads), *payloads[::2]]).sheet
    assert shuffled.data == arrived.data


def test_a_truncated_recording_is_used_as_far_as_it_is_whole_and_says_so(tmp_path: Path) -> None:
    path, _ = recorded("clean", tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    sheet = read(rescore.score_file(path).sheet)
    assert any(note.startswith("recording_damaged") for note in sheet["notes"])
    assert sheet["verdict"] != "pass"


def test_a_reading_that_no_digest_covers_is_never_charged(tmp_path: Path) -> None:
    """Without the signed digests of the receiver nothing it says may fail anybody."""
    path, _ = recorded("snake_line_63_mm_left", tmp_path)
    recording, payloads = read_payloads(path)
    unsigned = [one for one in payloads if not (b'"digest"' in one[1] and b"car-1-gnss" in one[1])]
    sheet = read(rescore.score(recording, unsigned).sheet)
    assert [one for one in sheet["findings"] if one["charged"]] == []
    assert sheet["verdict"] != "fail"


def test_a_forged_twin_of_a_signed_reading_changes_no_byte(tmp_path: Path) -> None:
    """Somebody says other things under a device's own sequence numbers: only what is signed is taken."""
    path, _ = recorded("snake_line_63_mm_left", tmp_path)
    recording, payloads = read_payloads(path)
    honest = rescore.score(recording, payloads).sheet
    forged = [
        (arrival_ns, payload.replace(b'"belt_fastened":true', b'"belt_fastened":false'))
        for arrival_ns, payload in payloads
        if b'"belt_fastened":true' in payload
    ]
    assert len(forged) > 100
    assert rescore.score(recording, [*forged, *payloads]).sheet.data == honest.data
    assert rescore.score(recording, [*payloads, *forged]).sheet.data == honest.data
