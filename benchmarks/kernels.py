"""What the parts of the way cost by themselves: processor time a message, a pose, a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.recordings import ROOT, Script
from center.driving_track import rule_packs
from center.driving_track.scoring.estimation.estimator import PathEstimator
from center.driving_track.scoring.estimation.noise import HEALTHY
from center.driving_track.scoring.estimation.surface import SurfaceModel
from center.driving_track.scoring.exam import ExamScorer
from center.driving_track.scoring.geometry.lines import body_excess
from center.driving_track.scoring.ordering import in_source_order
from messages import site as survey
from messages.chain_check import ChainCheck
from messages.codec import decode
from messages.geodesy import LocalFrame
from messages.outbox import Outbox
from messages.readings import CarState, ExamAction, ExamControl, SatellitePose
from messages.recording import read_payloads
from messages.topics import CENTRE_DEVICE
from sensors.device import Chunk
from sensors.devices.exam_car_can import ExamCarCan
from sensors.devices.nmea_gnss import NmeaGnss
from sensors.sources.slcan import SlcanReader
from simulators.devices.exam_car_can import CarBus
from simulators.devices.nmea_gnss import NmeaReceiver

_DBC = ROOT / "sites" / "vehicles" / "exam_car.dbc"
_SMOOTHED_NS = 60_000_000_000
_KEPT, _KEPT_TOGETHER, _PAYLOAD_BYTES = 10_000, 20, 400


def measure(path: Path, script: Script) -> list[Figure]:
    """All of them, on one recording."""
    return [*_messages(path), *_estimator(script), _fold(script), *_gateway(script), _outbox(path.parent / "outbox")]


def _timed(name: str, count: int, work: Callable[[], object], unit: str) -> Figure:
    began = time.process_time()
    work()
    return Figure(name, (time.process_time() - began) / count * 1e6, f"µs {unit}", note=f"{count:,} of them")


def _messages(path: Path) -> list[Figure]:
    _, payloads = read_payloads(path)
    envelopes = [decode(payload) for _, payload in payloads]
    chains = ChainCheck(envelopes[0].centre_id)

    def check() -> None:
        for envelope, (_, payload) in zip(envelopes, payloads, strict=True):
            chains.feed(envelope, payload)

    count = len(payloads)
    return [
        _timed("read a recording’s chunks", count, lambda: read_payloads(path), "a message"),
        _timed("decode", count, lambda: [decode(payload) for _, payload in payloads], "a message"),
        _timed("chain check", count, check, "a message"),
        _timed("sort into source order", count, lambda: in_source_order(envelopes), "a message"),
    ]


def _estimator(script: Script) -> list[Figure]:
    site = survey.load(ROOT / "sites" / "sarytau")
    car = site.car(script.header.car_id)
    frame, surface = LocalFrame(site.anchor), SurfaceModel(site.surface)
    spent = {CarState: 0.0, SatellitePose: 0.0}
    counts = {CarState: 0, SatellitePose: 0}
    estimator = PathEstimator(car, surface, HEALTHY)
    forgotten_ns = 0
    for one in script.told:
        if one.source_time_ns - forgotten_ns > _SMOOTHED_NS:
            forgotten_ns = one.source_time_ns
            estimator.forget(forgotten_ns - _SMOOTHED_NS)
        body = one.body
        began = time.process_time()
        if isinstance(body, CarState):
            estimator.on_car_state(one.source_time_ns, body)
        elif isinstance(body, SatellitePose):
            east, north, _ = frame.enu(body.latitude_deg, body.longitude_deg, body.height_m)
            estimator.on_pose(one.source_time_ns, east, north, body)
        else:
            continue
        kind = type(body)
        spent[kind] += time.process_time() - began
        counts[kind] += 1
    until_ns = script.told[-1].source_time_ns
    path = estimator.smoothed(until_ns - _SMOOTHED_NS, until_ns)
    lines = [site.line(name) for name in site.exercise("snake").lines]
    return [
        Figure("filter", spent[SatellitePose] / counts[SatellitePose] * 1e6, "µs a pose"),
        Figure("car state into the filter", spent[CarState] / counts[CarState] * 1e6, "µs a message"),
        _timed("smoothing", len(path), lambda: estimator.smoothed(until_ns - _SMOOTHED_NS, until_ns), "a pose"),
        _timed(
            "line excess of the outline", len(path) * len(lines),
            lambda: [body_excess(path, car, line) for line in lines], "a pose and line",
        ),
    ]  # fmt: skip


def _fold(script: Script) -> Figure:
    site = survey.load(ROOT / "sites" / "sarytau")
    edition = rule_packs.load("kz", None)
    header = script.header
    scorer = ExamScorer(site, site.car(header.car_id), edition, LocalFrame(site.anchor), header.exam_id)
    start = ExamControl(header.exam_id, ExamAction.START, header.car_id, first_exercise=header.first_exercise)

    def fold() -> None:
        is_started = False
        for one in script.told:
            if not is_started and one.source_time_ns >= script.started_ns:
                is_started = True
                scorer.feed(CENTRE_DEVICE, script.started_ns, start)
            scorer.feed(one.device_id, one.source_time_ns, one.body)
        scorer.finish()

    return _timed("the whole fold: filter, smoothing, rules", len(script.told), fold, "a message")


def _gateway(script: Script) -> list[Figure]:
    receiver, bus = NmeaReceiver(), CarBus(_DBC)
    sentences = [
        (one.source_time_ns, receiver.epoch(one.source_time_ns, one.body))
        for one in script.told
        if isinstance(one.body, SatellitePose)
    ]
    frames = [
        (one.source_time_ns, bus.lines_at(one.source_time_ns, one.body))
        for one in script.told
        if isinstance(one.body, CarState)
    ]
    nmea, can, slcan = NmeaGnss(), ExamCarCan(_DBC.read_text("utf-8")), SlcanReader()

    def read_sentences() -> None:
        for time_ns, data in sentences:
            nmea.read(Chunk(data, None, time_ns))

    def read_frames() -> None:
        for time_ns, data in frames:
            for chunk in slcan.feed(data, time_ns):
                can.read(chunk)

    lines = sum(data.count(b"\n") for _, data in sentences)
    framed = sum(data.count(b"\r") for _, data in frames)
    return [
        _timed("gateway: NMEA sentence to reading", lines, read_sentences, "a sentence"),
        _timed("gateway: slcan line to reading", framed, read_frames, "a frame"),
    ]


def _outbox(folder: Path) -> Figure:
    outbox = Outbox(folder, "boot-1")

    def keep() -> None:
        for seq in range(_KEPT):
            outbox.append(seq, "satellite_pose", seq, b"x" * _PAYLOAD_BYTES)
            if seq % _KEPT_TOGETHER == _KEPT_TOGETHER - 1:
                outbox.sync()

    return _timed("gateway: kept in the outbox", _KEPT, keep, "a message")
