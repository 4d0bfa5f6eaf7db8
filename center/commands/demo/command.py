"""``center demo``: the whole path on one machine, to look at or, headless, to check."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import tempfile
import threading
import time
from itertools import cycle
from pathlib import Path

from center.commands.demo.breakages import Breakages
from center.commands.demo.flow import Examiner, Result
from center.commands.demo.ports import free_port
from center.commands.demo.scenarios import cars_of, drawn_scenarios
from center.commands.demo.simulators import Simulators
from center.commands.demo.world import World
from center.commands.words import Words
from center.errors import CenterError

_log = logging.getLogger(__name__)
# The people of the demo's town, who do not exist, and what each of them does.
PEOPLE = (
    ("Айгерім Сәрсенова", "aigerim"),
    ("Denis Orlov", "denis"),
    ("Нұрлан Әбдіғаппар", "nurlan"),
    ("Tomás Rivera", "clean"),
    ("Ербол Қасымов", "hill_rolls_back_150_mm"),
    ("Ақбота Жұмабаева", "parallel_parking_line"),
    ("Виктор Ким", "red_light"),
    ("Сәуле Төлегенова", "snake_line_63_mm_left"),
)
_HEADLESS_RATE = 60.0
"""At most: the demo's clock waits for whoever is behind."""
_MENDED_WITHIN_S = 15.0
"""What a visitor breaks between call and start can be mended so long; then the candidate is called off."""
_PAUSE_S = 4.0
_PORT = 8000
_RATE = 2.0
"""To look at: a whole exam takes about four minutes, and a car at 20 km/h still moves like one."""


def add_to(words: Words) -> None:
    """Add the command."""
    parser = words.add_parser("demo", help="a broker, a centre and a simulated car on the track")
    parser.add_argument("--headless", action="store_true", help="drive some exams, print each as JSON, and end")
    parser.add_argument("--exams", type=int, default=3, help="headless: how many")
    parser.add_argument("--seed", type=int, default=1, help="headless: draws the scenarios")
    parser.add_argument("--scenario", action="append", help="headless: these instead of drawn ones")
    parser.add_argument("--json", action="store_true", help="headless: JSON lines only, no progress")
    parser.add_argument("--rate", type=float, help=f"how fast time runs ({_RATE:g}; headless {_HEADLESS_RATE:g})")
    parser.add_argument("--port", type=int, help="port of the pages (8000 if free)")
    parser.add_argument("--recordings", type=Path, help="headless: where the recordings go (a fresh temporary folder)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Until the exams are driven, or interrupted."""
    for one in (signal.SIGTERM, signal.SIGINT):  # a shell lets what it starts in the background ignore Ctrl+C
        signal.signal(one, signal.default_int_handler)
    return _headless(options) if options.headless else _interactive(options)


def _headless(options: argparse.Namespace) -> int:
    scenarios = options.scenario or drawn_scenarios(options.exams, options.seed)
    failed = 0
    # The demo's own folder goes with it; recordings stay, so that they can be scored again.
    kept_in = options.recordings or Path(tempfile.mkdtemp(prefix="speccenter-recordings-"))

    with World(options.rate or _HEADLESS_RATE, port=options.port, cars=cars_of(scenarios)) as world:
        _say(f"demo in {world.folder}, broker {world.broker.name if world.broker else '?'}, rate {world.scale.rate:g}")
        assert world.simulators is not None
        examiner = Examiner(world.settings, world.site, Simulators(world.simulators), _say)
        for number, scenario in enumerate(scenarios):
            began = time.monotonic()
            try:
                result = examiner.examine(scenario, PEOPLE[number % len(PEOPLE)][0])
            except CenterError as error:
                _say(f"{scenario}: {error}\n{world.logs()}")
                return 1
            if result.recording:
                world.keep(result.recording, kept_in)
            print(json.dumps(_line(result, kept_in), ensure_ascii=False), flush=True)
            failed += bool(result.differences)
            outcome = "as expected" if not result.differences else "; ".join(result.differences)
            _say(f"[{number + 1}/{len(scenarios)}] {scenario}: {result.exam.verdict}, {outcome}"
                     f" ({time.monotonic() - began:.1f} s)")  # fmt: skip
        examiner.close()
    return 1 if failed else 0


def _line(result: Result, kept_in: Path) -> dict[str, object]:
    exam = result.exam
    recording = kept_in / exam.recording if exam.recording else None
    return {
        "exam_id": exam.exam_id,
        "scenario": result.scenario,
        "rules": exam.rules,
        "verdict": exam.verdict,
        "points": exam.points,
        "findings": result.findings,
        "expected": result.expected,
        "recording": None if recording is None else str(recording),
        "sheet_sha256": exam.sheet_sha256,
        "as_expected": not result.differences,
        "differences": result.differences,
    }


def _interactive(options: argparse.Namespace) -> int:
    wanted = options.port or _PORT
    port = free_port(wanted)
    if port != wanted:
        _say(f"Port {wanted} is taken; the pages are on {port} (--port chooses another).")
    try:
        with World(
            options.rate or _RATE, port=port, with_cables=True, with_outside=True, lock_step=False, progress=_say
        ) as world:
            try:
                _show(world)
            finally:
                # A second Ctrl+C must not leave half of it behind.
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
    except KeyboardInterrupt:
        _say("The demo has ended.")
    return 0


def _show(world: World) -> None:
    """One exam after another, until interrupted."""
    assert world.simulators is not None
    simulators = Simulators(world.simulators)
    examiner = Examiner(world.settings, world.site, simulators, _log.info, ready_within_s=_MENDED_WITHIN_S)
    breakages = Breakages(
        world.folder / "demo.socket", world.site, simulators, world.cables, lambda: examiner.car_id
    )  # fmt: skip
    print(f"The demo is at {world.address} (Ctrl+C ends it)", flush=True)
    pause = threading.Event()
    for name, scenario in cycle(PEOPLE):
        try:
            examiner.examine(scenario, name)
        except CenterError as error:
            _say(f"{scenario}: {error}")
        breakages.mend_all()
        pause.wait(_PAUSE_S)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
