"""The centre's memory over many exams: after the fifth it must not grow any more."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from benchmarks import fleet as fleets
from benchmarks.centre import Bench
from benchmarks.figures import Figure, at_most
from benchmarks.processes import child, resident_mb
from benchmarks.recordings import Script
from benchmarks.shared_track import together
from benchmarks.standing_player import StandingPlayer
from center.driving_track import queries
from center.driving_track.scoring.points import Verdict
from center.driving_track.tables import ExamState

_S = 1_000_000_000
_SETTLED = 5
_FLAT_MB = 10.0
"""What an allocator may keep for itself without anything having grown."""
_BETWEEN_NS = 4 * _S
"""After an exam's end: so long that every device has signed what it said in it."""
_CLOSED_WITHIN_S = 60.0


def measure(folder: Path, script: Script, exams: int, rate: float) -> list[Figure]:
    """One short exam, driven again and again by one car, as fast as the centre takes it in."""
    fleet = fleets.build(folder / "site", 1)
    period_ns = script.stopped_ns - script.born_ns + _BETWEEN_NS
    told = [one for turn in range(exams) for one in together([script], [turn * period_ns])]
    messages = fleet.messages(told, script.born_ns, script.born_ns + exams * period_ns)
    with Bench(folder / "centre", fleet) as bench:
        hand = bench.start_steered("serve", script.born_ns, rate)
        bench.await_pages()
        player = StandingPlayer(bench, hand, messages)
        held = [_drive(bench, player, script, turn * period_ns) for turn in range(exams)]
        player.close()
        scored = _scored(bench)
    return [
        figure("intake", [one for one, _ in held], scored),
        figure("pages", [one for _, one in held], scored),
    ]


def _drive(bench: Bench, player: StandingPlayer, script: Script, shift_ns: int) -> tuple[float, float]:
    """One exam from its call to its closing; what the processes hold then."""
    # Once the call is answered the centre listens, and nothing that is played is lost.
    exam_id = bench.call("car-1", script.header.first_exercise, script.header.last_exercise)
    player.play_until(script.started_ns + shift_ns)
    bench.start_exams([exam_id])
    player.play_until(script.stopped_ns + shift_ns)
    bench.stop_exam(exam_id)
    player.play_until(script.stopped_ns + shift_ns + _BETWEEN_NS)
    _await_closed(bench, exam_id)
    return _resident(bench)


def _await_closed(bench: Bench, exam_id: str) -> None:
    assert bench.database is not None
    deadline = time.monotonic() + _CLOSED_WITHIN_S
    while time.monotonic() < deadline:
        with bench.database.reading() as transaction:
            if queries.exam(transaction, exam_id).state == ExamState.CLOSED:
                return
        time.sleep(0.05)
    raise TimeoutError(f"exam {exam_id} was not closed within {_CLOSED_WITHIN_S:.0f} s")


def _resident(bench: Bench) -> tuple[float, float]:
    """Of the intake and of the process that serves the pages."""
    assert bench.process is not None
    intake = child(bench.process.pid, "ingest")
    assert intake is not None
    return resident_mb(intake), resident_mb(bench.process.pid)


def _scored(bench: Bench) -> int:
    """How many exams were closed with a sheet of their own: what was void at once would tell nothing."""
    assert bench.database is not None
    with bench.database.reading() as transaction:
        exams = queries.exams(transaction, limit=10_000)
    return sum(one.state == ExamState.CLOSED and one.verdict != Verdict.VOID for one in exams)


def figure(what: str, held_mb: list[float], scored: int) -> Figure:
    """Flat: after the last exam a process holds at most some MB more than after the fifth, all exams being scored."""
    settled = min(_SETTLED, len(held_mb))
    growth_mb = held_mb[-1] - held_mb[settled - 1]
    note = f"{held_mb[settled - 1]:.0f} MB after exam {settled}, {held_mb[-1]:.0f} MB after exam {len(held_mb)}"
    note += f" (every tenth: {', '.join(f'{one:.0f}' for one in held_mb[9::10])})" if len(held_mb) > 10 else ""
    found = at_most(f"growth of memory of the {what} after the fifth exam", growth_mb, "MB", _FLAT_MB, note)
    if scored == len(held_mb):
        return found
    return replace(found, is_met=False, note=f"{note}; only {scored} of {len(held_mb)} exams were scored")
