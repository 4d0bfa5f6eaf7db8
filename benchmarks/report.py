"""The table as a page of the documentation: what was measured, with what, and on what."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import Figure, table
from benchmarks.recordings import ROOT


def page(targets: list[Figure], kernels: list[Figure], command: str) -> str:
    """The page's Markdown."""
    return f"""# Speed and memory

Written by `{command}`; every ratio is between two figures of one run on one machine. Use the ratios, not the
absolute figures.

- commit: {_commit()}
- date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC
- machine: {os.cpu_count()} cores, {_processor()}; load average while measuring {os.getloadavg()[1]:.1f}
- Python {platform.python_version()}

## Against the targets

{table(targets)}

The live scorer is the intake process itself, on its real way: decode, chain, order, record with a group fsync, score,
acknowledge; its processor time is held against a paho subscriber (MQTT 3.1.1, QoS 1) that does nothing with the same
messages of the same broker. A finding's latency begins when the last message was published that lets the ordering
watermark pass the reading that makes it.

## What the parts cost

{table(kernels)}
"""


def write(path: Path, targets: list[Figure], kernels: list[Figure], command: str) -> None:
    """Write the page."""
    path.write_text(page(targets, kernels, command), "utf-8")


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
