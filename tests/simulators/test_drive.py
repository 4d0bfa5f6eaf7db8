"""A drive as a recording: whole chains, readings as the bytes give them, orders, and the noise's doings."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest

from messages import codec, keys
from messages import site as sites
from messages.chain_check import ChainCheck
from messages.codec import decode
from messages.readings import CarState, ExamAction, ExamControl, SatellitePose, TrafficLight
from messages.recording import Recording, read_recording
from simulators import scenario
from simulators.drive import drive, record, true_sheet

SITE = sites.load(Path("sites/sarytau"))
PACK = Path("center/driving_track/rulesets/kz.yaml").read_bytes()


def recorded(name: str, folder: Path, seed: int | None = None) -> Recording:
    path = folder / f"{name}.mcap"
    record(drive(scenario.load(name), SITE, PACK, seed), SITE, path)
    return read_recording(path)


@pytest.fixture(scope="module")
def slow_drive(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return recorded("speed_section_slow", tmp_path_factory.mktemp("recordings"))


def test_the_header_says_what_was_driven(slow_drive: Recording) -> None:
    header = slow_drive.header
    assert (header.car_id, header.first_exercise, header.last_exercise) == ("car-1", "speed-section", "speed-section")
    assert (header.pack, header.pack_edition) == ("kz", "2016-01-01")
    assert slow_drive.pack == PACK
    assert sites.from_bytes(slow_drive.site) == SITE
    assert all(device.simulated for device in header.devices)


def test_every_message_is_covered_by_a_signature_of_its_device(slow_drive: Recording) -> None:
    check = ChainCheck(SITE.centre_id)
    for message in slow_drive.messages:
        check.feed(codec.decode(message.payload), message.payload)
    public = {one.device_id: keys.public_from_hex(one.public_key_hex) for one in slow_drive.header.devices}
    covered = check.covered(public)
    assert {device for device, _ in covered} == set(public)
    for ranges in covered.values():
        assert set(ranges.counts) <= {"uncovered"}, "the last digest itself"
        assert ranges.counts.get("uncovered", 0) <= 1


def test_rates_are_those_of_the_devices(slow_drive: Recording) -> None:
    bodies = [decode(message.payload) for message in slow_drive.messages]
    poses = [one.source_time_ns for one in bodies if isinstance(one.body, SatellitePose)]
    states = [one.source_time_ns for one in bodies if isinstance(one.body, CarState)]
    assert {b - a for a, b in itertools.pairwise(poses)} == {50_000_000}
    assert {b - a for a, b in zip(sorted(states), sorted(states)[1:], strict=False)} == {20_000_000}


def test_messages_stand_in_order_of_arrival_with_their_latency(slow_drive: Recording) -> None:
    arrivals = [message.arrival_ns for message in slow_drive.messages]
    assert arrivals == sorted(arrivals)
    assert all(0 <= one.arrival_ns - one.source_time_ns < 500_000_000 for one in slow_drive.messages)


def test_the_centre_calls_starts_and_stops(slow_drive: Recording) -> None:
    bodies = [decode(one.payload).body for one in slow_drive.messages if one.topic.endswith("/exam_control")]
    orders = [body for body in bodies if isinstance(body, ExamControl)]
    assert [order.action for order in orders] == [ExamAction.CALL, ExamAction.START, ExamAction.STOP]
    assert {order.exam_id for order in orders} == {slow_drive.header.exam_id}


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    one, again = (recorded("finish_no_neutral", tmp_path / str(n), 5) for n in _folders(tmp_path, 2))
    assert one.messages == again.messages
    (tmp_path / "other").mkdir()
    assert recorded("finish_no_neutral", tmp_path / "other", 6).messages != one.messages


def _folders(root: Path, count: int) -> range:
    for number in range(count):
        (root / str(number)).mkdir()
    return range(count)


def test_doubled_messages_are_the_same_bytes_twice(tmp_path: Path) -> None:
    times = Counter(message.payload for message in recorded("duplicates", tmp_path).messages)
    assert set(times.values()) == {1, 2}


def test_reordered_messages_arrive_after_later_ones(tmp_path: Path) -> None:
    poses = [decode(one.payload) for one in recorded("reordering", tmp_path).messages if "satellite_pose" in one.topic]
    times = [one.source_time_ns for one in poses]
    assert times != sorted(times)
    assert sorted(one.seq for one in poses) != [one.seq for one in poses]


def test_a_silent_element_is_not_heard_of_after_it_broke(tmp_path: Path) -> None:
    messages = [decode(one.payload) for one in recorded("crossroads_light_unplugged", tmp_path).messages]
    start_ns = next(
        one.source_time_ns
        for one in messages
        if isinstance(one.body, ExamControl) and one.body.action is ExamAction.START
    )
    lights = [
        one.source_time_ns
        for one in messages
        if isinstance(one.body, TrafficLight) and one.body.element_id == "light-crossroads"
    ]
    assert lights
    assert max(lights) < start_ns


def test_an_unplugged_receiver_leaves_a_hole(tmp_path: Path) -> None:
    poses = sorted(
        decode(one.payload).source_time_ns
        for one in recorded("receiver_unplugged", tmp_path).messages
        if one.topic.endswith("/satellite_pose")
    )
    assert max(b - a for a, b in itertools.pairwise(poses)) == pytest.approx(6e9, abs=6e7)


def test_the_oracle_judges_what_was_driven() -> None:
    sheet = true_sheet(drive(scenario.load("speed_section_slow"), SITE, PACK))
    assert [one.rule for one in sheet.judgements if one.is_fault] == ["speed_section_slow"]
    assert (sheet.points_over_limit, sheet.points_beyond_tolerance) == (10, 10)
