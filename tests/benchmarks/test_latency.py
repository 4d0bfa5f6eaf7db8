"""The figures of a finding's way."""

from __future__ import annotations

from benchmarks.expected import Key
from benchmarks.latency import Noted, figures
from benchmarks.page_stream import Shown

_MS = 1_000_000
_BELT: Key = ("belt", None, None, None, 0)
_DOOR: Key = ("doors", None, None, None, 0)


def _noted(stored_ns: dict[tuple[str, Key], int], *shown: Shown) -> Noted:
    return Noted(("one", "two"), (), stored_ns, shown)


def test_all_exams_count_for_the_database_and_the_last_called_for_the_page() -> None:
    wanted = {("one", _BELT): 0, ("two", _BELT): 0, ("two", _DOOR): 10 * _MS}
    stored = {("one", _BELT): 20 * _MS, ("two", _BELT): 5 * _MS, ("two", _DOOR): 30 * _MS}
    page = [Shown(9 * _MS, ("Belt",)), Shown(70 * _MS, ("Belt", "Door"))]
    to_database, to_page = figures(wanted, _noted(stored, *page), "2 cars")
    assert (to_database.value, to_database.verdict) == (20.0, "met")
    assert to_database.note.startswith("2 cars: 3 of 3 findings timed")
    assert (to_page.value, to_page.verdict) == (60.0, "met")


def test_a_finding_that_was_never_stored_is_missing_in_both() -> None:
    wanted = {("two", _BELT): 0, ("two", _DOOR): 0}
    found = figures(wanted, _noted({("two", _BELT): _MS}, Shown(2 * _MS, ("Belt",))), "2 cars")
    assert [one.verdict for one in found] == ["NOT MET", "NOT MET"]
    assert all("1 of 2 findings timed, median" in one.note and "1 never came" in one.note for one in found)
