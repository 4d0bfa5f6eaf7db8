"""``python -m benchmarks``: measure everything, print the table, and write it to ``docs/benchmarks.md``."""

from __future__ import annotations

import argparse
import sys
import tempfile
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
PARTS = ("rescoring", "live", "latency", "memory", "casework", "kernels")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell. A missed target is told and fails nothing: timings are no test."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, not how fast it is")
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part; may be given again")
    parser.add_argument(
        "--page", type=Path, help="write the page there (default: docs/benchmarks.md if all is measured)"
    )
    parser.add_argument("--cases", type=int, help="casework: so many cases stored, such as 2000000")
    options = parser.parse_args(arguments)
    size = QUICK if options.quick else FULL
    size = replace(size, cases=options.cases or size.cases)
    parts = tuple(options.only or PARTS)
    with tempfile.TemporaryDirectory(prefix="speccenter-bench-") as folder:
        found = {part: _measure(part, size, Path(folder)) for part in parts}
    targets = [one for part, figures in found.items() if part != "kernels" for one in figures]
    of_parts = found.get("kernels", [])
    print(table([*targets, *of_parts]))
    page = options.page or (ROOT / "docs" / "benchmarks.md" if parts == PARTS and not options.quick else None)
    if page is not None:
        report.write(page, targets, of_parts, "python -m benchmarks" + (" --quick" if options.quick else ""))
    return 0


def _measure(part: str, size: Size, folder: Path) -> list[Figure]:
    print(f"measuring {part} …", file=sys.stderr, flush=True)
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
