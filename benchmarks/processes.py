"""What a process has used, as the kernel counts it (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_s(pid: int) -> float:
    """Processor time of a process in user and system mode, in seconds; its children are not in it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_mb(pid: int) -> float:
    """Memory that a process holds, in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6


def child(pid: int, word: str) -> int | None:
    """The child of a process that has a word on its command line."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for name in (task / "children").read_text().split():
            if word.encode() in Path(f"/proc/{name}/cmdline").read_bytes().split(b"\0"):
                return int(name)
    return None
