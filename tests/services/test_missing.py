"""A missing service fails the run by name, and the other tests still run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_TESTS = """
from tests.services.missing import missing_service

def test_that_needs_it():
    missing_service("a weighbridge")

def test_that_does_not():
    pass
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_missing_service_fails_the_run_by_name(tmp_path: Path, workers: str) -> None:
    (tmp_path / "test_two.py").write_text(_TESTS)
    command = ["-m", "pytest", "-p", "tests.services.missing", "-p", "no:cacheprovider", "-n", workers]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for variable in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
        environment.pop(variable, None)
    run = subprocess.run(
        [sys.executable, *command, str(tmp_path)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout
    assert "FAILED: a weighbridge is not on this machine" in run.stdout
    assert "test_two.py::test_that_needs_it" in run.stdout
    assert "1 passed, 1 skipped" in run.stdout
