"""Random exams: reproducible, with mistakes around their limits, each with the oracle's judgement."""

from __future__ import annotations

import json
from pathlib import Path

from messages import site as sites
from messages.recording import read_recording
from simulators.random_exams import random_scenario, write_exams

SITE_FOLDER = Path("sites/sarytau")
PACK_FILE = Path("center/driving_track/rulesets/kz.yaml")
SITE = sites.load(SITE_FOLDER)


def test_the_same_seed_draws_the_same_mistakes() -> None:
    assert random_scenario(SITE, 5, "one") == random_scenario(SITE, 5, "one")
    drawn = [random_scenario(SITE, seed, "one") for seed in range(60)]
    assert {len(one.mistakes) for one in drawn} == {0, 1, 2, 3}
    assert {one.car for one in drawn} == {"car-1", "car-2"}
    assert len({(one.kind, one.exercise) for scenario in drawn for one in scenario.mistakes}) > 20


def test_an_exam_is_written_with_its_truth(tmp_path: Path) -> None:
    (written,) = write_exams(SITE_FOLDER, PACK_FILE, 7, [3], tmp_path, processes=1)
    recording = read_recording(Path(written["recording"]))
    assert recording.header.exam_id == written["exam_id"]
    assert json.loads((tmp_path / "random-7-3.json").read_text("utf-8")) == written
    judged = {one["rule"] for one in written["truth"]["judgements"]}
    assert {"snake_line", "hill_no_stop", "route_time", "finish_neutral"} <= judged
