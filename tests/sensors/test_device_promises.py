"""What every device driver promises, whatever it reads: one test a promise, called with every model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.readings import Gap
from sensors.device import Chunk, Device, Timed
from sensors.models import CAN_MODELS, MODELS, make_device
from sensors.sources.slcan import SlcanReader
from sensors.stamps import RecordedStamps
from tests.sensors.lines import MIDNIGHT_NS, car_lines, receiver_lines, sentence

NOW_NS = MIDNIGHT_NS + 40_000_000_000_000


@dataclass
class Case:
    """A model with the lines that its hardware writes."""

    model: str
    lines: list[bytes]
    ends: tuple[bytes, ...]
    expected: int
    """How many readings the lines make."""

    def bytes(self, end: bytes | None = None) -> bytes:
        """Everything that the hardware writes."""
        return b"".join(line + (end or self.ends[0]) for line in self.lines)


CASES = [
    Case("nmea_gnss", [sentence(body, "") for body in receiver_lines(12)], (b"\r\n", b"\n", b"\r"), 12),
    Case("exam_car_can", [line.encode() for line in car_lines(24)], (b"\r", b"\n", b"\r\n"), 24),
]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.model)


def read(model: str, pieces: Sequence[bytes], *, device: Device | None = None) -> list[Timed]:
    """What a driver makes of the pieces of a serial line, and of its end."""
    driver = device or make_device(model)
    readings: list[Timed] = []
    slcan = SlcanReader(RecordedStamps(NOW_NS)) if model in CAN_MODELS else None
    for piece in pieces:
        chunks = [Chunk(piece, None, NOW_NS)] if slcan is None else slcan.feed(piece, NOW_NS)
        for chunk in chunks:
            readings += driver.read(chunk)
    return readings + driver.finish()


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    """The data in pieces that end at the places."""
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[begin:end] for begin, end in pairwise(edges)]


def without_gaps(readings: Sequence[Timed]) -> list[Timed]:
    """The readings of the hardware itself."""
    return [timed for timed in readings if not isinstance(timed.reading, Gap)]


def test_every_model_is_put_to_these_promises():
    assert {case.model for case in CASES} == set(MODELS)


@every_case
def test_every_line_is_read(case: Case):
    readings = read(case.model, [case.bytes()])

    assert len(readings) == case.expected
    assert {timed.reading.__struct_config__.tag for timed in readings} == set(make_device(case.model).kinds)


@every_case
@given(places=st.lists(st.integers(0, 10_000), max_size=40))
def test_the_same_bytes_in_any_pieces_give_the_same_readings(case: Case, places: list[int]):
    data = case.bytes()

    assert read(case.model, cut(data, places)) == read(case.model, [data])


@every_case
@given(noise=st.binary(max_size=60), places=st.lists(st.integers(0, 10_000), max_size=10), where=st.integers(0, 10_000))
def test_garbage_between_bytes_in_any_pieces_gives_the_same(case: Case, noise: bytes, places: list[int], where: int):
    data = case.bytes()
    at = where % len(data)
    data = data[:at] + noise + data[at:]

    assert read(case.model, cut(data, places)) == read(case.model, [data])


@every_case
def test_single_bytes_give_the_same_readings(case: Case):
    data = case.bytes()

    assert read(case.model, [data[at : at + 1] for at in range(len(data))]) == read(case.model, [data])


@every_case
def test_every_end_of_line_gives_the_same_readings(case: Case):
    first, *others = (read(case.model, [case.bytes(end)]) for end in case.ends)

    assert all(readings == first for readings in others)


@every_case
@given(garbage=st.binary(max_size=400))
def test_after_garbage_of_any_kind_the_lines_are_read_again(case: Case, garbage: bytes):
    readings = read(case.model, [garbage, case.ends[0], case.bytes()])

    assert readings[-1].reading == read(case.model, [case.bytes()])[-1].reading


@every_case
@given(length=st.integers(0, 10_000))
def test_what_is_cut_off_gives_the_readings_before_the_cut(case: Case, length: int):
    data = case.bytes()
    whole = read(case.model, [data])

    readings = read(case.model, [data[: length % len(data)]])

    # The last epoch of a receiver may have been cut in two.
    assert readings[:-1] == whole[: max(0, len(readings) - 1)]


@every_case
@given(where=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_a_damaged_byte_changes_no_value(case: Case, where: int, flip: int):
    data = bytearray(case.bytes())
    data[where % len(data)] ^= flip
    allowed: dict[str, set[object]] = {}
    for timed in read(case.model, [case.bytes()]):
        for name, value in msgspec.structs.asdict(timed.reading).items():
            allowed.setdefault(name, {None}).add(value)

    for timed in without_gaps(read(case.model, [bytes(data)])):
        for name, value in msgspec.structs.asdict(timed.reading).items():
            # RMC tells a speed in thousandths of a knot, VTG in km/h: half a thousandth apart at most, 2.57e-4 m/s.
            assert value in allowed[name] or any(value == pytest.approx(one, abs=2.6e-4) for one in allowed[name])


@every_case
def test_a_damaged_line_is_counted_by_reason(case: Case):
    device = make_device(case.model)
    lines = list(case.lines)
    at = lines[7].rindex(b"9") if b"9" in lines[7] else 6
    lines[7] = lines[7][:at] + b"8" + lines[7][at + 1 :]

    read(case.model, [line + case.ends[0] for line in lines], device=device)

    assert device.counts.rejected["bad_checksum"] == 1
    assert device.counts.rejected_in_all == 1


@every_case
def test_a_line_that_comes_twice_counts_once(case: Case):
    twice = [line + case.ends[0] for line in case.lines for _ in range(2)]

    assert read(case.model, twice) == read(case.model, [case.bytes()])


@every_case
def test_lost_lines_are_told_as_one_gap(case: Case):
    per_reading = len(case.lines) // case.expected
    at = 4 * per_reading
    lines = case.lines[:at] + case.lines[at + 4 * per_reading :]
    device = make_device(case.model)

    readings = read(case.model, [line + case.ends[0] for line in lines], device=device)

    gaps = [timed.reading for timed in readings if isinstance(timed.reading, Gap)]
    assert len(gaps) == device.counts.gaps == 1
    times = [timed.source_time_ns for timed in without_gaps(readings)]
    assert gaps[0].since_ns in times or gaps[0].since_ns < gaps[0].until_ns
    assert gaps[0].until_ns - gaps[0].since_ns > max(after - before for before, after in pairwise(times[:4]))


@every_case
def test_nothing_lost_is_no_gap(case: Case):
    device = make_device(case.model)

    read(case.model, [case.bytes()], device=device)

    assert device.counts.gaps == 0
    assert device.counts.rejected_in_all == 0
    assert device.faults == ()


@every_case
def test_after_a_restart_no_gap_is_told_twice(case: Case):
    device = make_device(case.model)
    half = len(case.lines) // 2
    read(case.model, [line + case.ends[0] for line in case.lines[: half - 3]], device=device)

    device.restart()
    readings = read(case.model, [line + case.ends[0] for line in case.lines[half + 6 :]], device=device)

    assert readings == without_gaps(readings) != []


@every_case
def test_readings_come_in_order_of_their_time(case: Case):
    times = [timed.source_time_ns for timed in read(case.model, [case.bytes()])]

    assert times == sorted(times)


@every_case
@given(garbage=st.lists(st.binary(max_size=80), max_size=20))
def test_no_bytes_whatever_raise_anything(case: Case, garbage: list[bytes]):
    device = make_device(case.model)

    read(case.model, garbage, device=device)
    device.restart()
    device.summary()
