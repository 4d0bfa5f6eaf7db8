"""From a message published to its finding stored, and to the live page, while many recorded cars are played live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks import fleet as fleets
from benchmarks import timing
from benchmarks.centre import Bench
from benchmarks.expected import Key, Published, expected
from benchmarks.figures import Figure
from benchmarks.page_stream import PageStream, Shown, first_shown_ns
from benchmarks.publisher import Publisher, play
from benchmarks.recordings import Script
from benchmarks.shared_track import together
from benchmarks.watching import CentreOrders, StoredFindings
from center.driving_track import rule_packs
from messages.codec import decode
from messages.intake_log import RecordedMessage

_S = 1_000_000_000
_LEAD_S = 12.0
_CALL_AHEAD_S = 3.0
_APART_S = 1.3
"""Between two start signals: a whole number of the receivers' common epochs."""
_AFTER_S = 1.0
"""Devices go on for so long after what is timed, well within what a pack lets a source be silent."""
_SETTLED_S = 5.0
"""Of the machine's time, after the last message: what is not stored then never is."""
_STORED_MS, _SHOWN_MS = 50.0, 150.0

ExamKey = tuple[str, Key]


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of a play; instants are the machine's (ns)."""

    exams: Sequence[str]
    """Of car 1 and so on; the page shows the last one, which was called last."""
    published: Sequence[Published]
    stored_ns: Mapping[ExamKey, int]
    shown: Sequence[Shown]


def measure(folder: Path, scripts: Sequence[Script], window_s: float) -> list[Figure]:
    """Each script is driven by a car of its own; one car sets off after the other."""
    played_ns = min(round(window_s * _S), *(one.stopped_ns - one.started_ns for one in scripts))
    fleet = fleets.build(folder / "site", len(scripts))
    first_ns = min(one.born_ns for one in scripts)
    begins_ns = first_ns + round(_CALL_AHEAD_S * _S) + max(one.started_ns - one.born_ns for one in scripts)
    until_ns = begins_ns + played_ns + round(_AFTER_S * _S)
    started_ns = [begins_ns + round(_APART_S * _S) * place for place in range(len(scripts))]
    told = together(scripts, [at_ns - one.started_ns for at_ns, one in zip(started_ns, scripts, strict=True)])
    messages = fleet.messages(
        [one for one in told if first_ns <= one.source_time_ns <= until_ns], first_ns, until_ns
    )  # fmt: skip
    with Bench(folder / "centre", fleet) as bench:
        bench.start("serve", first_ns, _LEAD_S)
        bench.await_pages()
        noted = _run(bench, scripts, messages, started_ns)
        edition = rule_packs.load(bench.settings.rules, bench.settings.clock.now().date())
    wanted = {
        (exam_id, key): at_ns
        for number, exam_id in enumerate(noted.exams, 1)
        for key, at_ns in expected(fleet, edition, number, exam_id, noted.published).items()
    }
    return figures(wanted, noted, f"{len(scripts)} cars, {played_ns / _S:.0f} s")


def figures(wanted_ns: Mapping[ExamKey, int], noted: Noted, what: str) -> list[Figure]:
    """Of all exams to the database; of the exam that the page showed to its event stream."""
    on_page = noted.exams[-1]
    stored = [key for key in noted.stored_ns if key[0] == on_page]
    shown_ns = {
        key: at_ns
        for key, at_ns in zip(stored, first_shown_ns(noted.shown, len(stored)), strict=True)
        if at_ns is not None
    }
    wanted_on_page = {key: at_ns for key, at_ns in wanted_ns.items() if key[0] == on_page}
    to_database, to_page = timing.timing(wanted_ns, noted.stored_ns), timing.timing(wanted_on_page, shown_ns)
    return [
        timing.figure("message published to finding stored", to_database, _STORED_MS, what),
        timing.figure("message published to finding on the page", to_page, _SHOWN_MS, "the car on the page"),
    ]


def _run(
    bench: Bench, scripts: Sequence[Script], messages: Sequence[RecordedMessage], started_ns: Sequence[int]
) -> Noted:
    orders = CentreOrders(bench.broker.url(), bench.fleet.site.centre_id)
    stored, page, sent_ns = StoredFindings(bench.settings.main_database), PageStream(), list[int]()
    publisher = Publisher(bench.broker.url())
    due = [bench.scale.machine_ns_at(one.source_time_ns) for one in messages]
    # Once the calls are answered the centre listens, and nothing that is played is lost.
    exams = [
        bench.call(f"car-{number}", script.header.first_exercise, script.header.last_exercise)
        for number, script in enumerate(scripts, 1)
    ]
    with ThreadPoolExecutor(3) as threads:
        playing = threads.submit(play, publisher, messages, due, sent_ns)
        try:
            watching = threads.submit(page.listen, f"http://localhost:{bench.port}/track/events")
            starting = threads.submit(_start, bench, exams, started_ns)
            stored.watch(due[-1])
            starting.result()
            playing.result()
            stored.watch(sent_ns[-1] + round(_SETTLED_S * _S))
        finally:
            # The threads end with what they are connected to.
            publisher.close()
            bench.stop()
            stored.close()
            orders.close()
        watching.result()
    published = [(at_ns, decode(one.payload)) for at_ns, one in zip(sent_ns, messages, strict=True)]
    return Noted(exams, [*published, *orders.heard], stored.stored_ns, page.shown)


def _start(bench: Bench, exams: Sequence[str], started_ns: Sequence[int]) -> None:
    for exam_id, at_ns in zip(exams, started_ns, strict=True):
        bench.await_time(at_ns)
        bench.start_exams([exam_id])
