"""Sweeps too long for every run: a seeded sample in `make test`, the full range in `make soak`.

    @pytest.mark.parametrize("moment", sample(range(1200), 20, name="moments of a kill"))
    for exam in range(amount(200, 2, name="exams judged by the oracle")): ...

The sample is the same in every process of a run, and is printed at its end; SPECCENTER_TEST_SEED draws another one.
What a full run found is kept by ``tests/soak_report.py``.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import hypothesis
import pytest

SOAK = os.environ.get("SPECCENTER_SOAK") == "1"
SEED = int(os.environ.get("SPECCENTER_TEST_SEED", "20260414"))

_Item = TypeVar("_Item")
_drawn: dict[str, str] = {}


class Sweep(NamedTuple):
    """A sweep that this run does in full."""

    name: str
    items: Sequence[Any]
    module: str
    test: str
    """The test that drew it while it ran; empty for parameters, which are drawn when the module is read."""


sweeps: list[Sweep] = []


def sample(items: Iterable[_Item], size: int, *, name: str) -> list[_Item]:
    """At most ``size`` of the items, in their order, drawn by the run's seed and the name; all of them under soak."""
    everything = list(items)
    if SOAK and size < len(everything):
        _note(name, everything)
    if SOAK or size >= len(everything):
        return everything
    places = sorted(random.Random(f"{SEED}:{name}").sample(range(len(everything)), size))
    chosen = [everything[place] for place in places]
    _drawn[name] = f"{size} of {len(everything)}: {', '.join(map(str, chosen))}"
    return chosen


def amount(full: int, few: int, *, name: str) -> int:
    """How often a test does something: a few times, or under soak in full. To be asked by the running test."""
    if SOAK:
        _note(name, range(full))
        return full
    _drawn[name] = f"{few} of {full}"
    return few


def _note(name: str, items: Sequence[Any]) -> None:
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rsplit(" ", 1)[0]
    sweeps.append(Sweep(name, items, sys._getframe(2).f_globals["__name__"], test))


# The same examples on every machine and in every run of `make test`; new ones only where time is no matter.
hypothesis.settings.register_profile("sample", derandomize=True, deadline=None, max_examples=60, print_blob=True)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=2000, print_blob=True)
hypothesis.settings.load_profile("soak" if SOAK else "sample")


class _FromWorkers:
    """Brings the workers' samples to the process that prints them."""

    def pytest_testnodedown(self, node: Any) -> None:
        _drawn.update(getattr(node, "workeroutput", {}).get("samples", {}))


def pytest_configure(config: pytest.Config) -> None:
    if config.pluginmanager.has_plugin("xdist"):
        config.pluginmanager.register(_FromWorkers(), "samples-from-workers")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["samples"] = _drawn


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _drawn:
        terminalreporter.section(f"sampled (seed {SEED}; make soak runs all)")
        for name, what in sorted(_drawn.items()):
            terminalreporter.write_line(f"{name}: {what}"[:400])
