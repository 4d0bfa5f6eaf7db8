"""Cases loaded in bulk are as if somebody had acted in them: what lists show follows from their actions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from center.casework import bulk, queries
from center.casework.actions.refolding import Refolded, refold
from center.casework.board_queries import Search, loads, search, who_delayed
from center.casework.tables import Case, CaseAction, HeldTime, OpenStep
from center.database import Database
from center.errors import BadRequest, NotFound

NOW = datetime(2026, 4, 14, 9, 0, tzinfo=UTC)
CASES, OPEN = 60, 20


@pytest.fixture
def loaded(database: Database) -> Database:
    told = bulk.load(database, CASES, OPEN, 1, NOW)
    assert (told.cases, told.open_cases) == (CASES, OPEN)
    with database.reading() as transaction:
        assert transaction.scalar(select(func.count()).select_from(CaseAction)) == told.actions
    return database


def test_what_lists_show_follows_from_the_recorded_actions(loaded: Database) -> None:
    assert refold(loaded, NOW) == Refolded(CASES, 0)
    with loaded.reading() as transaction:
        held = sum(one.steps for one in loads(transaction, NOW))
        assert held == transaction.scalar(select(func.count()).select_from(OpenStep))
        assert held >= OPEN


def test_a_row_that_says_something_else_is_folded_again(loaded: Database) -> None:
    with loaded.writing() as transaction:
        wrong = transaction.scalars(select(Case.id).where(Case.status == "open").limit(3)).all()
        transaction.execute(update(Case).where(Case.id.in_(wrong)).values(status="completed", ended_at=NOW))
    assert refold(loaded, NOW) == Refolded(CASES, 3)
    with loaded.reading() as transaction:
        assert {queries.case_row(transaction, one).status for one in wrong} == {"open"}
    assert refold(loaded, NOW) == Refolded(CASES, 0)


def test_a_search_finds_by_number_status_and_service(loaded: Database) -> None:
    with loaded.reading() as transaction:
        number = transaction.scalars(select(Case.number).order_by(Case.id)).all()[7]
        assert [one.number for one in search(transaction, Search(number=number))] == [number]
        every = search(transaction, Search(number=number[:2]), limit=CASES * 2)
        assert len(every) == CASES
        assert [one.opened_at for one in every] == sorted((one.opened_at for one in every), reverse=True)
        assert len(search(transaction, Search(status="open"), limit=CASES * 2)) == OPEN
        assert search(transaction, Search(service="no_such_service")) == []
        assert len(search(transaction, Search(), limit=5)) == 5
        for wanted, error in ((Search(status="lost"), BadRequest), (Search(number="a\x00"), NotFound)):
            with pytest.raises(error):
                search(transaction, wanted)


def test_of_every_case_the_intervals_sum_to_the_elapsed_time(loaded: Database) -> None:
    with loaded.reading() as transaction:
        for row in transaction.scalars(select(Case).order_by(Case.id).limit(10)):
            spans = who_delayed(transaction, row.id, NOW)
            assert sum((one.held for one in spans), timedelta()) == (row.ended_at or NOW) - row.opened_at


def test_held_times_count_each_interval_once_and_never_less_than_no_time(loaded: Database) -> None:
    with loaded.reading() as transaction:
        rows = transaction.scalars(select(HeldTime)).all()
    assert rows
    assert all(one.count > 0 and 0 <= one.working_ms <= one.held_ms and 0 <= one.late <= one.count for one in rows)


@pytest.mark.parametrize(("count", "still_open"), [(0, 0), (3, 4), (3, -1), (10_000_001, 0)])
def test_numbers_that_make_no_sense_load_nothing(database: Database, count: int, still_open: int) -> None:
    with pytest.raises(BadRequest, match="load 1 to 10000000, and no more open than there are"):
        bulk.load(database, count, still_open, 1, NOW)
    with database.reading() as transaction:
        assert transaction.scalar(select(func.count()).select_from(Case)) == 0
