"""A run's rows take the place of older ones of the same sweeps, and only whole sweeps are told of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.soak_report import HEAD, ROOT, Row, updated

TESTS = """
import pytest
from hypothesis import given, settings, strategies as st
from tests.sampling import amount, sample

@pytest.mark.parametrize("number", sample(range(30), 2, name="numbers below thirty"))
def test_a_number_is_not_seven(number):
    assert number != 7

@pytest.mark.parametrize("letter", ["z", *sample("abc", 1, name="letters")])
def test_a_letter_is_one(letter):
    assert letter.isalpha()

@pytest.mark.parametrize("letter", ["p", "q", "r", "s"])
def test_a_count_is_reached(letter):
    assert amount(500, 3, name="counts") == 500

@settings(max_examples=20)
@given(st.integers())
def test_a_number_is_itself(number):
    assert number == number

@settings(max_examples=5)
@given(st.integers())
def test_a_number_is_no_other(number):
    assert number != number + 1
"""
RUN = "import sys, pytest, tests.soak_report as one; one.REPORT = one.Path(sys.argv[1]); pytest.main(sys.argv[2:])"


def soaked(folder: Path, *words: str) -> dict[str, list[str]]:
    """The page's rows by sweep, of a run in a process of its own."""
    (folder / "test_numbers.py").write_text(TESTS)
    # The plugins come as in the tests' own conftest.
    command = [sys.executable, "-c", RUN, str(folder / "soak.md"), "-p", "tests.sampling", "-p", "tests.soak_report"]
    command += ["-q", "-p", "no:cacheprovider", "--rootdir", str(folder), *words, str(folder / "test_numbers.py")]
    environment = {**os.environ, "SPECCENTER_SOAK": "1"}
    environment.pop("PYTEST_CURRENT_TEST", None)
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100)
    assert (folder / "soak.md").exists(), told.stdout + told.stderr
    rows = [
        line.strip("| ").split(" | ") for line in (folder / "soak.md").read_text().splitlines() if " | `make" in line
    ]
    return {name: cells for name, *cells in rows}


def test_each_sweep_is_told_with_its_size_and_what_came_of_it_unless_only_a_part_ran(tmp_path: Path) -> None:
    whole = soaked(tmp_path, "-n", "2")
    assert {name: cells[:3] for name, cells in whole.items()} == {
        "numbers below thirty": ["30", "29", "1"],
        "letters": ["3", "4", "0"],
        "counts": ["500", "4", "0"],
        "properties of test_numbers.py": ["25", "2", "0"],
    }
    assert {cells[4] for cells in whole.values()} == {"`make soak PYTEST_ARGS=test_numbers.py`"}
    # Without the seven, one property and a count: those are told that ran to the end, and the rest stays as it was.
    part = soaked(tmp_path, "-k", "number_is and not [7] and not other or letter and not [z] or count and [q]")
    assert {name: cells[:3] for name, cells in part.items()} == {
        **{name: cells[:3] for name, cells in whole.items()},
        "letters": ["3", "3", "0"],
        "counts": ["500", "1", "0"],
    }


def test_rows_stand_in_order_and_the_rest_of_the_page_is_written_anew() -> None:
    one, two = (Row(name, "3", "3", "0", "0.1", "`make soak`", "abc", "2026-11-25") for name in ("one", "two"))
    newer = Row("two", "3", "2", "1", "0.2", "`make soak`", "abd", "2026-11-26")
    page = updated("", [two, one])
    assert page == HEAD + one.line() + two.line()
    assert updated(page, [newer]) == HEAD + one.line() + newer.line()
