"""``python -m benchmarks``: measure everything, print the table, and write it to ``docs/benchmarks.md``."""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import casework, kernels, latency, live, memory, report, rescoring
from benchmarks.busy_drives import record_busy
from benchmarks.figures import Figure, table
from benchmarks.recordings import ROOT, drive, script_of

_SEED = 5


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int
    cars: int
    drive_s: float
    exams: int
    rate: float
    cases: int
    desk_s: float


FULL = Size(rounds=3, cars=16, drive_s=210.0, exams=50, rate=20.0, cases=100_000, desk_s=90.0)
QUICK = Size(rounds=1, cars=2, drive_s=60.0, exams=6, rate=20.0, cases=5_000, desk_s=20.0)
PARTS = {
    "rescoring": "scoring a recording again against a plain read of it",
    "live": "the live scorer against a subscriber that does nothing",
    "latency": "from a message published to its finding stored, and on the page",
    "memory": "what the centre holds over many exams",
    "casework": "a desk action against a bare insert, and three pages over many cases",
    "kernels": "what the parts of the scoring cost",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell. A missed target is told and fails nothing: timings are no test. 1 if a part broke down."""
    options = _parser().parse_args(arguments)
    size = QUICK if options.quick else FULL
    size = replace(size, cases=options.cases or size.cases)
    parts = tuple(part for part in PARTS if part in (options.only or PARTS))
    run = report.Run(_command(options, parts))
    with tempfile.TemporaryDirectory(prefix="speccenter-bench-") as folder:
        measured = {part: _attempt(part, size, Path(folder)) for part in parts}
    targets = [one for part, each in measured.items() if part != "kernels" for one in each.figures]
    kernel_figures = [one for part, each in measured.items() if part == "kernels" for one in each.figures]
    print(table([*targets, *kernel_figures]))
    is_whole = parts == tuple(PARTS) and not options.quick
    path = options.page or (ROOT / "docs" / "benchmarks.md" if is_whole else None)
    if path is not None:
        report.write(path, run, targets, kernel_figures, {part: each.took_s for part, each in measured.items()})
    return int(any(each.broke_down for each in measured.values()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, not how fast it is")
    told = "; ".join(f"{part}: {what}" for part, what in PARTS.items())
    parser.add_argument(
        "--only", action="append", choices=tuple(PARTS), help=f"measure this part; may be given again. {told}"
    )
    parser.add_argument(
        "--page", type=Path, help="write the page there (default: docs/benchmarks.md if all is measured)"
    )
    parser.add_argument("--cases", type=int, help="casework: so many cases stored, such as 2000000")
    return parser


def _command(options: argparse.Namespace, parts: Sequence[str]) -> str:
    """What was asked for, as it is written again."""
    words = ["python -m benchmarks"]
    words += ["--quick"] if options.quick else []
    words += [f"--only {part}" for part in parts] if options.only else []
    return " ".join([*words, f"--cases {options.cases}"] if options.cases else words)


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of measuring a part."""

    figures: list[Figure]
    took_s: float
    broke_down: bool = False


def _attempt(part: str, size: Size, folder: Path) -> Measured:
    """Measure a part; if it breaks down, that is its row of the table, and the others are measured all the same."""
    print(f"measuring {part} …", file=sys.stderr, flush=True)
    began = time.monotonic()
    try:
        return Measured(_measure(part, size, folder), time.monotonic() - began)
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        row = Figure(part, math.nan, "", "to be measured", is_met=False, note=f"{type(error).__name__}: {error}")
        return Measured([row], time.monotonic() - began, broke_down=True)


def _measure(part: str, size: Size, folder: Path) -> list[Figure]:
    if part == "casework":
        return casework.measure(folder / part, size.cases, size.desk_s)
    recordings = folder / "recordings"
    recordings.mkdir(exist_ok=True)
    whole = [drive(name, recordings) for name in ("clean", "clean_niva")]
    own = folder / part
    if part == "rescoring":
        return rescoring.measure(whole, size.rounds)
    if part == "live":
        return live.measure(own, [script_of(path) for path in whole])
    if part == "latency":
        scripts = [script_of(path) for path in record_busy(recordings, _SEED, size.cars)]
        return latency.measure(own, scripts, size.drive_s)
    if part == "memory":
        return memory.measure(own, script_of(drive("finish_no_handbrake", recordings)), size.exams, size.rate)
    return kernels.measure(whole[0], script_of(whole[0]))


if __name__ == "__main__":
    sys.exit(main())
