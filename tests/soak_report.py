"""What `make soak` found, one row a sweep in docs/soak.md: a run rewrites the rows of the sweeps it did in full."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import sampling

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "docs" / "soak.md"
HEAD = """# Sweeps in full

Written by `make soak`. Each row tells of the last time that its sweep ran in full; `make test` runs a sample of it by
the same code. Minutes are those of the tests themselves, on a machine that may have done other things beside.

| sweep | items in full | tests passed | tests failed | minutes | command | commit | date |
|---|---:|---:|---:|---:|---|---|---|
"""


class Part(NamedTuple):
    """What one test has to do with a sweep; travels with its report, from another process too."""

    sweep: str
    file: str
    items: int
    adds_up: bool
    """Whether the tests' items add up, or each test is of the same ones."""
    least_tests: int
    """As many tests as the whole sweep has at least."""


@dataclass(frozen=True)
class Row:
    """One sweep's line of the table."""

    sweep: str
    items: str
    passed: str
    failed: str
    minutes: str
    command: str
    commit: str
    date: str

    def line(self) -> str:
        return f"| {' | '.join(astuple(self))} |\n"


@dataclass
class _Outcome:
    parts: dict[str, Part] = field(default_factory=dict)
    failed: bool = False
    seconds: float = 0.0


def parts_of(item: pytest.Item) -> list[Part]:
    """The sweeps that a test is part of: by its parameters, by what it drew itself, or by a property it tries."""
    file = item.nodeid.split("::")[0]
    marks = [mark.args[1] for mark in item.iter_markers("parametrize")]
    module: Any = getattr(item, "module", None)
    parts = []
    for name, items, drawn_in, drawn_by, *_ in sampling.sweeps:
        if drawn_by == item.nodeid:
            parts.append(Part(name, file, len(items), False, 1))
        elif not drawn_by and drawn_in == module.__name__ and _gives(marks, items):
            parts.append(Part(name, file, len(items), False, len(items)))
    if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        examples = item.obj._hypothesis_internal_use_settings.max_examples  # type: ignore[attr-defined]
        properties = sum(getattr(one, "is_hypothesis_test", False) is True for one in vars(module).values())
        parts.append(Part(f"properties of {file.removeprefix('tests/')}", file, examples, True, properties))
    return parts


def _gives(marks: list[Any], items: Sequence[Any]) -> bool:
    """Whether a test's parameters are these items, or hold them among others."""
    if any(values is one.items for one in sampling.sweeps for values in marks):
        return any(values is items for values in marks)
    return any(all(one in values for one in items) for values in marks if isinstance(values, list | tuple))


class SoakReport:
    """Listens to a run and writes its rows at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._outcomes: defaultdict[str, _Outcome] = defaultdict(_Outcome)
        self._commit = _commit()  # of what is read now: a long run's tree may go on meanwhile

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> None:
        item.user_properties[:] = [one for one in item.user_properties if one[0] != "sweep"]
        item.user_properties += [("sweep", tuple(part)) for part in parts_of(item)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        outcome = self._outcomes[report.nodeid]
        found = [Part(*value) for name, value in report.user_properties if name == "sweep"]  # type: ignore[misc]
        outcome.parts |= {part.sweep: part for part in found}
        outcome.failed |= report.failed
        outcome.seconds += report.duration

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not hasattr(session.config, "workeroutput"):
            rows = self.rows(self._commit, f"{datetime.now(UTC):%Y-%m-%d}")
            if rows:
                before = self._path.read_text() if self._path.exists() else ""
                self._path.write_text(updated(before, rows))

    def rows(self, commit: str, date: str) -> list[Row]:
        """Of the sweeps of which every part has run."""
        rows = []
        for sweep in {name for outcome in self._outcomes.values() for name in outcome.parts}:
            ran = [one for one in self._outcomes.values() if sweep in one.parts]
            parts = [one.parts[sweep] for one in ran]
            if len(ran) >= max(part.least_tests for part in parts):
                items = sum(part.items for part in parts) if parts[0].adds_up else parts[0].items
                failed = sum(one.failed for one in ran)
                minutes = f"{sum(one.seconds for one in ran) / 60:.1f}"
                command = f"`make soak PYTEST_ARGS={parts[0].file}`"
                rows.append(
                    Row(sweep, f"{items:,}", str(len(ran) - failed), str(failed), minutes, command, commit, date)
                )
        return rows


def updated(before: str, rows: Iterable[Row]) -> str:
    """The page with these rows in place of those of the same sweeps."""
    lines = {line.split(" | ")[0].removeprefix("| "): line + "\n" for line in before.splitlines() if " | `make" in line}
    lines |= {row.sweep: row.line() for row in rows}
    return HEAD + "".join(line for _, line in sorted(lines.items()))


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/soak.md")
    return git("rev-parse", "--short", "HEAD") + (" and changes" if changed else "")


def pytest_configure(config: pytest.Config) -> None:
    if sampling.SOAK:
        config.pluginmanager.register(SoakReport(REPORT), "soak-report")
