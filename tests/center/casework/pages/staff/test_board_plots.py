"""Where time went, by desk and hour: means that plot and table share, and the desk that held cases longest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from center.casework.case import HolderKind
from center.casework.held_hours import HeldHour
from center.casework.pages.staff.board_plots import bottleneck, plots

NINE = datetime(2026, 4, 14, 4, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
DESKS = {"accept": "operator", "hand_over": "operator", "produce": "document_issuer"}
MINUTE_MS = 60_000


def held(hour: datetime, step: str, kind: HolderKind, count: int, minutes: int, late: int = 0) -> HeldHour:
    return HeldHour(hour, step, kind, count, minutes * MINUTE_MS, minutes * MINUTE_MS, late)


HOURS = [
    held(NINE, "accept", HolderKind.PERSON, 2, 10),
    held(NINE, "hand_over", HolderKind.PERSON, 2, 30),
    held(TEN, "produce", HolderKind.PERSON, 1, 7),
    held(TEN, "produce", HolderKind.QUEUE, 3, 90, late=2),
]


def test_steps_of_one_desk_share_a_line_and_an_hour_without_any_is_a_gap() -> None:
    queue, hands = plots(HOURS, DESKS)
    assert (queue.kind, hands.kind) == (HolderKind.QUEUE, HolderKind.PERSON)
    assert hands.hours == (NINE, TEN)
    assert {line.desk: line.minutes for line in hands.series} == {
        "operator": (10.0, None),
        "document_issuer": (None, 7.0),
    }
    assert {line.desk: line.minutes for line in queue.series} == {"document_issuer": (None, 30.0)}


def test_the_bottleneck_is_where_most_time_went_and_says_how_much_was_late() -> None:
    found = bottleneck(HOURS, DESKS)
    assert found is not None
    assert (found.desk, found.kind, found.steps, found.total_ms, found.late) == (
        "document_issuer", HolderKind.QUEUE, 3, 90 * MINUTE_MS, 2,
    )  # fmt: skip


def test_a_quiet_centre_has_neither() -> None:
    assert plots([], DESKS) == []
    assert bottleneck([], DESKS) is None
