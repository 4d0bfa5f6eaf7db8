"""A service that is not on this machine: its tests are passed over, and the run fails in the end, naming it."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest

_PREFIX = "service missing: "
_not_run: dict[str, list[str]] = {}


def missing_service(name: str) -> NoReturn:
    """Pass over the test that asked for a service, and remember why."""
    pytest.skip(_PREFIX + name)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if not report.skipped or not isinstance(report.longrepr, tuple):
        return
    _, found, name = report.longrepr[2].partition(_PREFIX)
    if found:
        _not_run.setdefault(name, []).append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _not_run and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for name, tests in sorted(_not_run.items()):
        terminalreporter.section(f"FAILED: {name} is not on this machine, so these did not run", red=True)
        for test in tests:
            terminalreporter.write_line(test)
