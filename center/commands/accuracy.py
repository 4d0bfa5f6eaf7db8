"""``center accuracy``: random simulated drives, each judged by the scorer and by the truth it was made from."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from center.commands.words import Words
from center.driving_track import rule_packs
from center.driving_track.accuracy import Difference, Judged, Kind, Truth, differences
from center.driving_track.rescore import score_file
from center.driving_track.scoring.faults import judge
from center.errors import StorageFault
from center.processes import die_with_parent

_SITE = Path(__file__).parents[2] / "sites" / "sarytau"
_PACK = rule_packs.FOLDER / "kz.yaml"
_WRONG_VERDICTS = (Kind.WRONG_FAIL, Kind.WRONG_PASS)


@dataclass(frozen=True, slots=True)
class Exam:
    """One exam as it was judged, and what in it differs from the truth."""

    number: int
    mistakes: tuple[str, ...]
    verdict: str
    checks: int
    true_faults: int
    found: tuple[Difference, ...]

    def count(self, *kinds: Kind) -> int:
        """How many differences are of these kinds."""
        return sum(one.kind in kinds for one in self.found)


def add_to(words: Words) -> None:
    """Add the command."""
    parser = words.add_parser("accuracy", help="judge random simulated drives and compare with what was true")
    parser.add_argument("--exams", type=_at_least_one, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--from", dest="first", type=int, default=0, help="number of the first exam of the seed (0)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the figures; 1 if a definite verdict was wrong or a fault charged that did not happen."""
    exams = measure(options.seed, options.first, options.exams)
    report = summary(options.seed, exams)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        _print_table(report)
    return 1 if report["wrong_definite_verdicts"] or report["false_faults"] else 0


def measure(seed: int, first: int, count: int) -> list[Exam]:
    """Drive and judge the exams of a seed, by their numbers; raises :class:`StorageFault` if not all were driven."""
    processes = os.cpu_count() or 1
    waiting: dict[Future[Exam], int] = {}
    with (
        tempfile.TemporaryDirectory(prefix="speccenter-accuracy-") as folder,
        # Fresh processes: a fork would share the pipe from which the drives are read.
        ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool,
        tqdm(total=count, unit="exam", file=sys.stderr) as progress,
    ):
        for number, driven in enumerate(_drives(seed, first, count, Path(folder), processes), first):
            judging = pool.submit(_judge, number, driven)
            judging.add_done_callback(lambda _: progress.update())
            waiting[judging] = number
        exams = [judging.result() for judging in as_completed(waiting)]
    if len(exams) != count:
        raise StorageFault(f"The simulators drove {len(exams)} exams, not {count}.")
    return sorted(exams, key=lambda one: one.number)


def summary(seed: int, exams: Sequence[Exam]) -> dict[str, Any]:
    """The figures, and every exam with a wrong verdict, a false fault, a missed fault or an open finding."""
    return {
        "exams": len(exams),
        "wrong_definite_verdicts": _total(exams, *_WRONG_VERDICTS),
        "false_faults": _total(exams, Kind.FALSE_FAULT),
        "missed_faults": _total(exams, Kind.MISSED_FAULT),
        "undetermined": _total(exams, Kind.UNDETERMINED),
        "verdicts": dict(sorted(Counter(one.verdict for one in exams).items())),
        "checks": sum(one.checks for one in exams),
        "true_faults": sum(one.true_faults for one in exams),
        "seed": seed,
        "noise": "healthy",
        "differences": [
            {"exam": exam.number, "mistakes": list(exam.mistakes), "verdict": exam.verdict, **asdict(one)}
            for exam in exams
            for one in exam.found
        ],
    }


def _total(exams: Sequence[Exam], *kinds: Kind) -> int:
    return sum(one.count(*kinds) for one in exams)


def _drives(seed: int, first: int, count: int, folder: Path, processes: int) -> Iterator[dict[str, Any]]:
    """What the simulators tell of each drive, as soon as its recording is written."""
    command = [sys.executable, "-m", "simulators", "random", "--site", str(_SITE), "--pack-file", str(_PACK)]
    command += ["--seed", str(seed), "--from", str(first), "--exams", str(count), "--out", str(folder)]
    command += ["--processes", str(processes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, preexec_fn=die_with_parent) as simulators:
        assert simulators.stdout is not None
        for line in simulators.stdout:
            yield json.loads(line)
    if simulators.returncode:
        raise StorageFault(f"The simulators ended with status {simulators.returncode}.")


def _judge(number: int, driven: dict[str, Any]) -> Exam:
    """Score one recording, compare, and delete it (in a worker)."""
    recording = Path(driven["recording"])
    scored = score_file(recording)
    recording.unlink()
    edition = scored.edition
    findings = tuple(judge(edition.by_id[seen.rule_id], seen, edition.decision) for seen in scored.outcome.observations)
    truth = Truth.from_fields(driven["truth"])
    return Exam(
        number,
        tuple(driven["mistakes"]),
        scored.sheet.verdict.value,
        len(findings),
        sum(one.is_fault for one in truth.judgements),
        tuple(differences(Judged(scored.sheet.verdict, scored.outcome.began_ns, findings), truth)),
    )


def _print_table(report: dict[str, Any]) -> None:
    for name in ("exams", "wrong_definite_verdicts", "false_faults", "missed_faults", "undetermined"):
        print(f"{name:24}{report[name]:6}")
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in report["verdicts"].items())
    print(f"verdicts: {verdicts}; {report['checks']} checks, {report['true_faults']} true faults")
    for one in report["differences"]:
        where = " ".join(one[name] for name in ("rule", "exercise", "subject") if one[name])
        values = " ".join(
            f"{name} {one[name]:+.3f}"
            for name in ("judged_excess", "uncertainty", "true_excess")
            if one[name] is not None
        )
        print(f"  {one['kind']:14}exam {one['exam']} ({one['verdict']}): {where} {values}")
    if report["differences"]:
        print(f"One exam again: center accuracy --seed {report['seed']} --exams 1 --from EXAM")


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} exams; at least 1")
    return number
