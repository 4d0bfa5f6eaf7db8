"""How the memory over many exams is judged."""

from __future__ import annotations

from benchmarks.memory import figure


def test_flat_is_no_growth_after_the_fifth_exam() -> None:
    grown_first = [100.0, 120.0, 130.0, 140.0, 150.0, *[155.0] * 45]
    assert figure("intake", grown_first, 50).verdict == "met"
    assert figure("intake", [100.0 + one for one in range(50)], 50).verdict == "NOT MET"


def test_exams_without_a_sheet_prove_nothing() -> None:
    found = figure("pages", [100.0] * 50, 49)
    assert found.verdict == "NOT MET"
    assert "only 49 of 50 exams were scored" in found.note
