"""The stream of the live page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from itertools import pairwise

from center.driving_track.live_events import STATE_EVERY_S, encoded, event, events
from center.driving_track.views import LiveFinding
from tests.center.driving_track.sample_track import SampleTrack


def test_each_line_of_a_text_is_a_data_line() -> None:
    assert event("findings", "<li>\n</li>") == b"event: findings\ndata: <li>\ndata: </li>\n\n"


def test_a_moment_is_sent_as_json_under_its_own_names() -> None:
    view = SampleTrack().live()
    told = json.loads(encoded(view))
    assert told["pose"]["forward"] == list(view.pose.forward) if view.pose else False
    assert (told["candidate"], told["limit"], told["devices"][0]["state"]) == ("Айгерім Сәрсенова", 100, "ok")


async def _collect(track: SampleTrack, seconds: float, *, moving: bool) -> list[tuple[float, str]]:
    loop = asyncio.get_running_loop()
    began, told = loop.time(), []
    stream = events(track, lambda: f"<p>{track.fallen}</p>")
    async for message in stream:
        told.append((loop.time() - began, message.decode()))
        if moving:
            track.at_s += 0.01
        if loop.time() - began > seconds / 2:
            track.fallen = 5
        if loop.time() - began > seconds:
            break
    return told


def test_a_moving_car_is_told_at_most_ten_times_a_second() -> None:
    told = asyncio.run(_collect(SampleTrack(), 1.0, moving=True))
    states = [at for at, message in told if message.startswith("event: state")]
    assert 5 <= len(states) <= 1 + 1.1 / STATE_EVERY_S
    assert min(later - at for at, later in pairwise(states)) > STATE_EVERY_S * 0.9


def test_findings_are_told_when_one_has_fallen() -> None:
    told = asyncio.run(_collect(SampleTrack(), 1.0, moving=True))
    findings = [message for _, message in told if message.startswith("event: findings")]
    assert findings == ["event: findings\ndata: <p>3</p>\n\n", "event: findings\ndata: <p>5</p>\n\n"]


class _Settling(SampleTrack):
    """One finding, whose measured value is another once it is final."""

    value = 1

    def live_findings(self) -> Sequence[LiveFinding]:
        return [LiveFinding(1, {"value": self.value}, None)]


async def _first_and_next_findings(track: _Settling) -> list[str]:
    told = []
    async for message in events(track, lambda: f"<p>{track.value}</p>"):
        if message.startswith(b"event: findings"):
            told.append(message.decode())
            track.value = 2
        if len(told) == 2:
            break
    return told


def test_a_finding_that_becomes_final_is_told_anew_with_its_final_value() -> None:
    told = asyncio.run(asyncio.wait_for(_first_and_next_findings(_Settling()), 20.0))
    assert told == ["event: findings\ndata: <p>1</p>\n\n", "event: findings\ndata: <p>2</p>\n\n"]
