"""Work on bytes from outside in a process of its own that can open nothing, and is ended if it takes too much.

A decoder that a broken file brings down, or sends round in circles, takes its own process with it and nothing else.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import Final

_WALL_TIME_S: Final = 40
_CPU_S: Final = 30
_MEMORY_BYTES: Final = 1_500_000_000


def run(module: str, data: bytes, *arguments: str) -> bytes | None:
    """What a module's process makes of the bytes; None where it failed or was ended."""
    command = [sys.executable, "-I", "-m", module, *arguments]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_WALL_TIME_S, check=False, env={})
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def give_up_rights() -> None:
    """From here on this process can open no file or socket and start no program; memory and time are bounded."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
