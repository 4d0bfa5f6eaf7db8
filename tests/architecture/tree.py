"""The project's own files, for the tests that look at the whole of it."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("messages", "center", "sensors", "simulators")


@cache
def project_files() -> tuple[Path, ...]:
    """Every file under version control, or about to be, relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = {Path(name) for name in listing.stdout.split("\0") if name}
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def modules_of(*folders: str) -> list[Path]:
    """The Python files below some top-level folders, relative to the root."""
    return [path for path in project_files() if path.suffix == ".py" and path.parts[0] in folders]
