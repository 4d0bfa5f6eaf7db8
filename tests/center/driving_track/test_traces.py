"""The drive as the report draws it, against the drive that was recorded."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import pytest

from center.driving_track.traces import Traces, beyond_m, pose_at, traces_of
from tests.center.driving_track.sample_drive import BEGAN_NS, SITE, failed_sheet, pose_after, record

BEGAN_MS = BEGAN_NS // 1_000_000


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recordings") / "sample.mcap"
    record(path)
    return path


@pytest.fixture(scope="module")
def traces(recording: Path) -> Traces:
    sheet = msgspec.json.decode(failed_sheet().data)
    return msgspec.json.decode(traces_of(recording, sheet), type=Traces)


def test_the_path_is_where_the_car_drove(traces: Traces) -> None:
    assert len(traces.time_ms) > 2800
    for index in range(100, len(traces.time_ms), 97):
        pose = pose_after(traces.time_ms[index] / 1000)
        # The made-up car turns on the spot at the guide's corners, which a filter that knows cars does not follow.
        assert math.dist((traces.east_m[index], traces.north_m[index]), (pose.east_m, pose.north_m)) < 0.5


def test_every_series_has_a_value_for_each_point_of_the_path(traces: Traces) -> None:
    series = ("time_ms", "east_m", "north_m", "forward", "left", "exam_grade", "speed_kmh", "gear", "steering_deg")
    lengths = {len(getattr(traces, name)) for name in series}
    assert len(lengths) == 1
    assert traces.gear[0] == 1
    assert traces.gear[-1] == 3


def test_beside_a_line_the_distance_is_told_ten_seconds_either_way(traces: Traces) -> None:
    snake = next(one for one in traces.distances if one.line == "snake-right")
    assert 390 <= len(snake.beyond_mm) <= 402
    known = [value for value in snake.beyond_mm if value is not None]
    assert min(known) < -1000
    assert max(known) > 0


def test_a_pose_is_found_by_its_instant_and_only_near_it(recording: Path) -> None:
    pose = pose_at(recording, BEGAN_MS + 20_010)
    assert pose is not None
    assert abs(pose.time_ms - BEGAN_MS - 20_010) <= 25
    assert pose_at(recording, BEGAN_MS - 10_000) is None


def test_places_far_from_a_line_or_past_its_end_are_not_beside_it() -> None:
    line = SITE.line("a-right")
    edge = -1.75 - line.width_m / 2
    assert beyond_m(line, [(50.0, edge - 0.1), (50.0, edge + 0.3)]) == pytest.approx(0.1)
    assert beyond_m(line, [(50.0, edge + 2.0), (-5.0, edge)]) is None
