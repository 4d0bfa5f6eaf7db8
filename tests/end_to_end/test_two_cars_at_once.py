"""Two exams of two cars at the same time on one track: each gets its own sheet, as if it were alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from center.driving_track.rescore import score, score_file
from messages import codec
from messages.recording import read_payloads
from tests.end_to_end.conftest import MakeReplay
from tests.end_to_end.replayed_exam import fixed_exam, together

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(240)]


def test_two_exams_at_once_do_not_mix(make_replay: MakeReplay, tmp_path: Path) -> None:
    exams = [fixed_exam("hill_rolls_back_150_mm", tmp_path), fixed_exam("box_line", tmp_path, car="car-2")]
    messages = together(exams)
    replay = make_replay(*exams, messages=messages)
    replay.start()
    for exam in exams:
        closed = replay.closed(exam, 120.0)
        recording, _ = read_payloads(exam.path)
        own = {device.device_id for device in exam.header.devices}
        payloads = [(one.arrival_ns, one.payload) for one in messages
                    if codec.decode_head(one.payload).device_id in own]  # fmt: skip
        assert closed.sheet_sha256 == score(recording, payloads).sheet.sha256
        ours = score_file(replay.rig.settings.recordings / (closed.recording or "")).sheet.data
        assert _findings(ours) == _findings(score_file(exam.path).sheet.data)
        assert _findings(ours)


def _findings(sheet: bytes) -> list[Any]:
    return [(one["rule"], one["exercise"], one["outcome"], one["charged"]) for one in json.loads(sheet)["findings"]]
