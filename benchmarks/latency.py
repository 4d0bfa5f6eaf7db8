"""From a message published to its finding stored, and to the live page, while many recorded cars are played live.

A finding is held back by the ordering watermark until every live device has told of as much; the latency counts from
the instant at which the last message was published that lets the watermark pass the reading which makes the finding.
Which reading that is, a fold over the very same messages tells afterwards.
"""

from __future__ import annotations

import json
import math
import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

import httpx
from paho.mqtt.client import Client, MQTTMessage

from benchmarks import fleet as fleets
from benchmarks.centre import Bench
from benchmarks.figures import Figure, at_most, quantile
from benchmarks.fleet import Fleet
from benchmarks.publisher import Publisher, play
from benchmarks.recordings import Script
from benchmarks.windows import richest
from center.driving_track import rule_packs
from center.driving_track.ingest.running import steady_devices
from center.driving_track.readiness import exam_devices
from center.driving_track.scoring.exam import ExamScorer
from center.driving_track.scoring.faults import Outcome, judge
from center.driving_track.scoring.ordering import is_of_exam, told_until_ns
from center.driving_track.scoring.rules import Edition
from center.driving_track.scoring.score_sheet import finding_content
from center.driving_track.tables import Stage
from messages import topics
from messages.broker import BrokerAddress
from messages.codec import decode
from messages.envelope import Envelope
from messages.geodesy import LocalFrame
from messages.intake_log import RecordedMessage
from messages.readings import ExamControl

_S = 1_000_000_000
_LEAD_S = 12.0
_CALL_AHEAD_S = 3.0
_POLL_S = 0.003
_STORED_MS, _SHOWN_MS = 50.0, 150.0
_SAME_WITHIN_MS = 20_000

Key = tuple[Any, ...]


@dataclass(slots=True)
class Seen:
    """What was noted while the cars drove; instants are the machine's (ns)."""

    stored: dict[tuple[str, Key], int] = field(default_factory=dict)
    """When a finding of an exam was first read back from the database."""
    shown: list[int] = field(default_factory=list)
    """When the page's stream told of findings."""
    sent: list[int] = field(default_factory=list)
    """When each message was published."""
    orders: list[tuple[int, Envelope]] = field(default_factory=list)
    """The centre's own messages, and when they came."""


def measure(folder: Path, scripts: list[Script], window_s: float) -> list[Figure]:
    """Each script's richest stretch is driven by a car of its own; all get their start signals at the same instant."""
    stretches = [richest(script, script.header.car_id, window_s) for script in scripts]
    # The page shows the exam that was called last, so that one is to show the most.
    scripts = [stretch for _, stretch in sorted(stretches, key=itemgetter(0))]
    fleet = fleets.build(folder / "site", len(scripts))
    first_ns = min(script.born_ns for script in scripts)
    started_ns = first_ns + round(_CALL_AHEAD_S * _S) + max(one.started_ns - one.born_ns for one in scripts)
    told = [
        one
        for number, script in enumerate(scripts, 1)
        for one in fleets.of_car(script.told, number, with_track=number == 1, shift_ns=started_ns - script.started_ns)
    ]
    until_ns = started_ns + max(script.stopped_ns - script.started_ns for script in scripts) + 2 * _S
    told = [one for one in told if one.source_time_ns >= first_ns]
    messages = fleet.messages(told, first_ns, until_ns)
    with Bench(folder / "centre", fleet) as bench:
        bench.start("serve", first_ns, _LEAD_S)
        bench.await_pages()
        exams, seen = _run(bench, scripts, messages, started_ns, until_ns)
        edition = rule_packs.load(bench.settings.rules, bench.settings.clock.now().date())
        return _figures(bench, edition, exams, messages, seen)


def _run(
    bench: Bench, scripts: list[Script], messages: list[RecordedMessage], started_ns: int, until_ns: int
) -> tuple[list[str], Seen]:
    seen, exams = Seen(), list[str]()
    listener = _listen(bench, seen)
    publisher = Publisher(bench.broker.url())
    due = [bench.scale.machine_ns_at(one.source_time_ns) for one in messages]
    threading.Thread(target=play, args=(publisher, messages, due, seen.sent), daemon=True).start()
    for number, script in enumerate(scripts, 1):
        exams.append(bench.call(f"car-{number}", script.header.first_exercise, script.header.last_exercise))
    threading.Thread(target=_watch_page, args=(bench.port, seen), daemon=True).start()
    bench.await_time(started_ns)
    bench.start_exams(exams)
    # Not through the centre's own queries: what looks on must not take the processor from what it looks at.
    database = sqlite3.connect(bench.settings.main_database.removeprefix("sqlite:///"), isolation_level=None)
    newest = 0
    until_machine_ns = bench.scale.machine_ns_at(until_ns)
    while time.time_ns() < until_machine_ns:
        newest = _look(database, newest, seen)
        time.sleep(_POLL_S)
    database.close()
    listener.disconnect()
    listener.loop_stop()
    publisher.close()
    return exams, seen


def _listen(bench: Bench, seen: Seen) -> Client:
    """Note the centre's own messages: the watermark waits for them like for any other device."""
    address = BrokerAddress.parse(bench.broker.url())
    client = address.new_client("benchmark-orders")
    kinds = ("exam_control", "heartbeat", "digest", "birth")

    def take(_client: Client, _userdata: Any, message: MQTTMessage) -> None:
        if message.topic.rpartition("/")[2] in kinds:
            seen.orders.append((time.time_ns(), decode(bytes(message.payload))))

    client.on_message = take
    client.connect(address.host, address.port)
    centre_id = bench.fleet.site.centre_id
    client.subscribe(topics.device_topic(centre_id, topics.CENTRE_GATEWAY, topics.CENTRE_DEVICE, "+"), qos=1)
    client.loop_start()
    return client


def _look(database: sqlite3.Connection, newest: int, seen: Seen) -> int:
    """Note findings that are in the database for the first time; the newest row's number."""
    wanted = "SELECT rowid, exam_id, content FROM findings WHERE rowid > ? AND stage = ? ORDER BY rowid"
    for row, exam_id, content in database.execute(wanted, (newest, Stage.PROVISIONAL.value)):
        seen.stored.setdefault((exam_id, _key(json.loads(content))), time.time_ns())
        newest = row
    return newest


def _watch_page(port: int, seen: Seen) -> None:
    url = f"http://localhost:{port}/track/events"
    try:
        with httpx.stream("GET", url, timeout=None) as response:
            for line in response.iter_lines():
                if line == "event: findings":
                    seen.shown.append(time.time_ns())
    except httpx.TransportError:
        return  # The centre was stopped: the measurement is over.


def _figures(
    bench: Bench, edition: Edition, exams: list[str], messages: list[RecordedMessage], seen: Seen
) -> list[Figure]:
    envelopes = [(at_ns, decode(one.payload)) for at_ns, one in zip(seen.sent, messages, strict=False)]
    envelopes += seen.orders
    waits: list[float] = []
    early = 0
    for number, exam_id in enumerate(exams, 1):
        for key, released_ns in _expected(bench.fleet, edition, number, exam_id, envelopes).items():
            stored_ns = seen.stored.get((exam_id, key))
            if stored_ns is not None and stored_ns < released_ns:
                early += 1
            elif stored_ns is not None:
                waits.append((stored_ns - released_ns) / 1e6)
    if not waits:
        raise RuntimeError(f"nothing was found that could be timed, {early} findings were stored as provisional ones")
    note = f"{len(exams)} cars, {len(waits)} findings, median {quantile(waits, 0.5):.0f} ms"
    note += f"; {early} more were stored earlier, as provisional ones"
    stored = at_most("message published to finding stored, p99", quantile(waits, 0.99), "ms", _STORED_MS, note)
    return [stored, *_shown(exams[-1], seen, stored.value)]


def _shown(exam_id: str, seen: Seen, stored_ms: float) -> list[Figure]:
    """Of the exam that the page shows: from stored to told by the stream, added to the way to the database."""
    stored = [at_ns for (exam, _), at_ns in seen.stored.items() if exam == exam_id]
    waits = [
        (min(one for one in seen.shown if one > at_ns - _S // 100) - at_ns) / 1e6
        for at_ns in stored
        if any(one > at_ns - _S // 100 for one in seen.shown)
    ]
    if not waits:
        note = "no finding of the exam on the page came to it in the time that was played"
        return [at_most("message published to finding on the page", math.inf, "ms", _SHOWN_MS, note)]
    note = f"the above and at most {max(waits):.0f} ms from the database to the stream, {len(waits)} findings"
    return [at_most("message published to finding on the page", stored_ms + max(waits), "ms", _SHOWN_MS, note)]


def _expected(
    fleet: Fleet, edition: Edition, number: int, exam_id: str, envelopes: Sequence[tuple[int, Envelope]]
) -> dict[Key, int]:
    """For each finding the instant (machine's ns) from which the watermark let its reading pass."""
    car = fleet.car(number)
    devices = {*exam_devices(fleet.site, car), topics.CENTRE_DEVICE}
    own = [(at_ns, one) for at_ns, one in envelopes if one.device_id in devices]
    called_ns = _called_ns(own, exam_id)
    own = [each for each in own if is_of_exam(each[1], called_ns)]
    own.sort(key=lambda each: (each[1].source_time_ns, each[1].device_id, each[1].seq))
    scorer = ExamScorer(fleet.site, car, edition, LocalFrame(fleet.site.anchor), exam_id=exam_id)
    steady = steady_devices(fleet.site)
    found: dict[Key, int] = {}
    for index, (_, one) in enumerate(own):
        if isinstance(one.body, ExamControl) and one.body.exam_id != exam_id:
            continue
        before = len(scorer.seen)
        scorer.feed(one.device_id, one.source_time_ns, one.body)
        for observation in scorer.seen[before:]:
            finding = judge(edition.by_id[observation.rule_id], observation, edition.decision)
            if finding.outcome is not Outcome.OK:
                content = dict(finding_content(finding, charged=finding.outcome is Outcome.FAULT))
                found.setdefault(_key(content), _released_ns(own, index, devices, steady))
    return found


def _called_ns(told: Sequence[tuple[int, Envelope]], exam_id: str) -> int:
    orders = [(one.source_time_ns, one.body) for _, one in told if isinstance(one.body, ExamControl)]
    return min(time_ns for time_ns, order in orders if order.exam_id == exam_id)


def _released_ns(own: Sequence[tuple[int, Envelope]], index: int, devices: set[str], steady: frozenset[str]) -> int:
    """When the last device had published something at least as new as the reading at a place in source order."""
    time_ns = own[index][1].source_time_ns
    at = index
    while at > 0 and own[at - 1][1].source_time_ns == time_ns:
        at -= 1
    waited = set(devices)
    released_ns = 0
    while at < len(own) and waited:
        published_ns, one = own[at]
        tells_ns = told_until_ns(one, speaks_steadily=one.device_id in steady)
        if one.device_id in waited and tells_ns >= time_ns:
            waited.discard(one.device_id)
            released_ns = max(released_ns, published_ns)
        at += 1
    return released_ns


def _key(content: Any) -> Key:
    """What a finding is about, as the centre tells its findings apart while an exam runs."""
    happened = content["since_ms"] // _SAME_WITHIN_MS
    return content["rule"], content["exercise"], content["subject"], content["part"], happened
