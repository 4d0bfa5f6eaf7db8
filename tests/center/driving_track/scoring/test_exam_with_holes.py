"""Whatever stretches of whatever devices are missing: the scorer goes on, and accuses nobody of what was not done."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from center.driving_track import rule_packs
from center.driving_track.scoring.exam import ExamScorer
from center.driving_track.scoring.faults import Outcome, judge
from center.driving_track.scoring.ordering import in_source_order
from messages import codec
from messages import site as sites
from messages.envelope import Envelope
from messages.geodesy import LocalFrame
from messages.recording import read_payloads
from messages.topics import CENTRE_DEVICE
from simulators import drive, scenario
from tests.sampling import sample

SITE = sites.load(Path("sites/sarytau"))
EDITION = rule_packs.load("kz")
S = 1_000_000_000
DRIVES = ("edge_line", "parallel_parking_line", "hill_rolls_back_150_mm", "box_line", "snake_line_63_mm_left", "denis")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drives")


@cache
def _driven(name: str, folder: Path) -> list[Envelope]:
    """All that is said in a scenario's exam, in source order."""
    path = folder / f"{name}.mcap"
    drive.record(drive.drive(scenario.load(name), SITE, drive.DEFAULT_PACK.read_bytes()), SITE, path)
    _, payloads = read_payloads(path)
    return in_source_order(codec.decode(payload) for _, payload in payloads)


def _with_holes(said: list[Envelope], seed: int) -> Iterator[Envelope]:
    """Without up to six stretches of a device each, of 50 ms to 20 s; the centre's orders stay."""
    chance = random.Random(seed)
    began, ended = said[0].source_time_ns, said[-1].source_time_ns
    devices = sorted({one.device_id for one in said} - {CENTRE_DEVICE})
    holes = []
    for _ in range(chance.randint(1, 6)):
        since = chance.randint(began, ended)
        holes.append((chance.choice(devices), since, since + round(S * 10 ** chance.uniform(-1.3, 1.3))))
    for one in said:
        if not any(name == one.device_id and since <= one.source_time_ns < until for name, since, until in holes):
            yield one


@pytest.mark.parametrize("seed", sample(range(600), 6, name="holes in an exam"))
def test_nothing_raises_and_no_fault_is_invented(seed: int, folder: Path) -> None:
    name = DRIVES[seed % len(DRIVES)]
    plan = scenario.load(name)
    scorer = ExamScorer(SITE, SITE.car(plan.car), EDITION, LocalFrame(SITE.anchor))
    for one in _with_holes(_driven(name, folder), seed):
        scorer.feed(one.device_id, one.source_time_ns, one.body)
        if one.seq % 500 == 0:
            scorer.observations()
    outcome = scorer.finish()
    found = {
        seen.rule_id
        for seen in outcome.observations
        if judge(EDITION.by_id[seen.rule_id], seen, EDITION.decision).outcome is Outcome.FAULT
    }
    assert found - {fault.rule for fault in plan.expect.faults} == set()
