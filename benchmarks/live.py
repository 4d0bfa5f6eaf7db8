"""The live scorer against a subscriber that does nothing: processor time a message, same broker, same messages."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks import fleet as fleets
from benchmarks.acknowledged import Acknowledged
from benchmarks.centre import Bench
from benchmarks.figures import Figure, at_least
from benchmarks.processes import cpu_s
from benchmarks.publisher import Publisher, play
from benchmarks.recordings import ROOT, Script
from benchmarks.shared_track import together
from messages import topics
from messages.intake_log import RecordedMessage

_S = 1_000_000_000
_LEAD_S = 5.0


def measure(folder: Path, scripts: list[Script]) -> list[Figure]:
    """Every script is driven by a car of its own at once; all but the first seconds come as fast as the broker is."""
    fleet = fleets.build(folder / "site", len(scripts))
    first_ns = min(script.born_ns for script in scripts)
    told = together(scripts, [first_ns - script.born_ns for script in scripts])
    until_ns = max(script.stopped_ns - script.born_ns for script in scripts) + first_ns + 2 * _S
    messages = fleet.messages(told, first_ns, until_ns)
    started_ns = max(script.started_ns - script.born_ns for script in scripts) + first_ns
    paced = [one for one in messages if one.source_time_ns <= started_ns + _S]
    flood = messages[len(paced) :]
    with Bench(folder / "centre", fleet) as bench:
        noop_s = _noop(bench, flood)
        bench.start("ingest", first_ns, _LEAD_S)
        live_s, wall_s = _live(bench, scripts, paced, flood, started_ns)
    count = len(flood)
    ratio = noop_s / live_s
    note = f"{live_s / count * 1e6:.1f} µs a message against {noop_s / count * 1e6:.1f}, {count:,} messages"
    seconds = (until_ns - started_ns) / _S * len(scripts)
    return [
        at_least("live scorer against a no-op paho subscriber", ratio, 0.5, note),
        Figure("messages through broker and live centre", seconds / wall_s, "× real time", note="one exam's messages"),
    ]


def _noop(bench: Bench, flood: list[RecordedMessage]) -> float:
    """Processor seconds that a subscriber needs that does nothing."""
    url = bench.broker.url()
    command = [sys.executable, "-m", "benchmarks.noop", url, topics.everything_of(bench.fleet.site.centre_id)]
    with subprocess.Popen([*command, str(len(flood))], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        publisher = Publisher(url)
        before = cpu_s(process.pid)
        publisher.publish(flood)
        process.stdout.readline()
        used = cpu_s(process.pid) - before
        publisher.close()
        process.terminate()
    return used


def _live(
    bench: Bench, scripts: list[Script], paced: list[RecordedMessage], flood: list[RecordedMessage], started_ns: int
) -> tuple[float, float]:
    """Processor and wall-clock seconds that the intake needs."""
    url = bench.broker.url()
    acknowledged = Acknowledged(url, bench.fleet.site.centre_id)
    exams = [bench.call(f"car-{at}", one.header.first_exercise) for at, one in enumerate(scripts, 1)]
    publisher = Publisher(url)
    lead = [one for one in paced if one.source_time_ns <= started_ns]
    play(publisher, lead, [bench.scale.machine_ns_at(one.source_time_ns) for one in lead])
    bench.start_exams(exams)
    publisher.publish(paced[len(lead) :])
    acknowledged.await_all(paced)
    assert bench.process is not None
    before, began = cpu_s(bench.process.pid), time.monotonic()
    publisher.publish(flood)
    acknowledged.await_all(flood)
    wall_s = time.monotonic() - began
    used = cpu_s(bench.process.pid) - before
    publisher.close()
    acknowledged.close()
    return used, wall_s
