"""The table as a page of the documentation: what was measured, when, with what, and on what."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import Figure, table
from benchmarks.recordings import ROOT


@dataclass(frozen=True, slots=True)
class Run:
    """What is known when measuring begins: the code may move on meanwhile, and the load becomes our own."""

    command: str
    commit: str = field(default_factory=lambda: _commit())
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    load: float = field(default_factory=lambda: os.getloadavg()[0])


def page(run: Run, targets: Sequence[Figure], kernels: Sequence[Figure], took_s: Mapping[str, float]) -> str:
    """The page's Markdown; ``took_s`` says of each part how long it took to measure."""
    parts = ", ".join(f"{part} {seconds:.0f} s" for part, seconds in took_s.items())
    return f"""# Speed and memory

Written by `{run.command}`; every ratio is between two figures of one run on one machine. Use the ratios, not the
absolute figures.

- commit: {run.commit}
- date: {run.began:%Y-%m-%d %H:%M} UTC
- machine: {os.cpu_count()} cores, {_processor()}; load average before measuring {run.load:.1f}
- Python {platform.python_version()}
- took: {parts}

## Against the targets

{table(targets)}

The live scorer is the intake process itself, on its real way: decode, chain, order, record with a group fsync, score,
acknowledge; its processor time is held against a paho subscriber (MQTT 3.1.1, QoS 1) that does nothing with the same
messages of the same broker.

A finding's latency begins when the last message was published that lets the ordering watermark pass the reading that
makes it; a fold over the very same messages tells which. The drives hold several mistakes in each exercise, one car
sets off after another, and the track's sensors feel what any of the cars makes them feel. Every finding that the fold
expects counts: one that was never stored, or never came to the event stream of the live page, is a wait without end.
The page shows one exam at a time, the one called last.

Memory is what the kernel says a process holds when an exam is closed. It is flat if after the last exam that is at most
10 MB more than after the fifth, and if every exam was scored.

## What the parts cost

{table(kernels)}
"""


def write(
    path: Path, run: Run, targets: Sequence[Figure], kernels: Sequence[Figure], took_s: Mapping[str, float]
) -> None:
    """Write the page."""
    path.write_text(page(run, targets, kernels, took_s), "utf-8")


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
