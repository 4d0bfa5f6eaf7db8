"""One exam of fixed device messages: whatever is killed while it runs, the sheet is the same to the last byte."""

from __future__ import annotations

import json
import random
import time

import pytest

from center.driving_track.rescore import score_file
from tests.end_to_end.conftest import MakeReplay
from tests.end_to_end.replayed_exam import FixedExam, Replay
from tests.sampling import SEED, sample

pytestmark = pytest.mark.end_to_end
_SECONDS = 36.0
_source = random.Random(f"{SEED}:moments")
MOMENTS = sorted(round(_source.uniform(0.0, _SECONDS), 2) for _ in range(20))


def _assert_as_undisturbed(replay: Replay, exam: FixedExam) -> None:
    closed = replay.closed(exam)
    undisturbed = score_file(exam.path).sheet
    ours = score_file(replay.rig.settings.recordings / (closed.recording or "")).sheet
    assert json.loads(ours.data) == json.loads(undisturbed.data)
    assert ours.data == undisturbed.data
    assert closed.sheet_sha256 == undisturbed.sha256


def test_undisturbed_the_sheet_is_that_of_the_recording(
    database_url: str, make_replay: MakeReplay, hill: FixedExam
) -> None:
    replay = make_replay(hill, database_url=database_url)
    replay.start()
    _assert_as_undisturbed(replay, hill)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("moment_s", sample(MOMENTS, 1, name="kill -9 of the centre in an exam"))
def test_a_centre_killed_in_the_exam_gives_the_same_sheet(
    make_replay: MakeReplay, hill: FixedExam, moment_s: float
) -> None:
    replay = make_replay(hill)
    replay.start()
    replay.at(moment_s)
    replay.rig.kill()
    time.sleep(0.3)
    replay.rig.start()
    _assert_as_undisturbed(replay, hill)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("moment_s", sample(MOMENTS, 1, name="kill -9 of the broker in an exam"))
def test_a_broker_killed_in_the_exam_gives_the_same_sheet(
    make_replay: MakeReplay, hill: FixedExam, moment_s: float
) -> None:
    replay = make_replay(hill)
    replay.start()
    replay.at(moment_s)
    replay.rig.broker.kill()
    time.sleep(0.3)
    replay.rig.broker.start()
    _assert_as_undisturbed(replay, hill)


@pytest.mark.timeout(240)
def test_an_exam_of_which_the_centre_missed_the_first_half_gives_the_same_sheet(
    make_replay: MakeReplay, hill: FixedExam
) -> None:
    replay = make_replay(hill)
    replay.start(centre_after_s=6.0)
    _assert_as_undisturbed(replay, hill)
