"""The chain follows the order of commit, with many writers, and shows whatever is changed behind its back."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update

from center.database import Database
from center.journal.chain import FIRST_HEAD, Verification, chain_new_entries, head_after, leaf_of, verify
from center.journal.entries import append
from center.journal.tables import JournalEntry
from center.journal.worker import ChainWorker

NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, "sarytau-1")
    opened.upgrade()
    yield opened
    opened.close()


def _add(database: Database, number: int, writer: int = 0) -> None:
    with database.writing() as transaction:
        facts = {"number": number, "writer": writer}
        append(transaction, kind="k", subject="s", actor="a", occurred_at=NOON, recorded_at=NOON, facts=facts)


def _chain(database: Database) -> int:
    with database.writing() as transaction:
        return chain_new_entries(transaction)


def _verify(database: Database) -> Verification:
    with database.reading() as transaction:
        return verify(transaction)


def test_the_chain_is_what_an_outsider_computes_from_the_bytes(database: Database) -> None:
    for number in range(3):
        _add(database, number)
    assert _chain(database) == 3
    assert _chain(database) == 0
    with database.reading() as transaction:
        data = list(transaction.scalars(select(JournalEntry.data).order_by(JournalEntry.number)))
    head = bytes(32)
    for one in data:
        head = sha256(b"\x01" + head + sha256(b"\x00" + one).digest()).digest()
    assert _verify(database) == Verification(3, 0, head.hex(), ())


def test_entries_that_wait_for_their_number_are_no_fault(database: Database) -> None:
    _add(database, 1)
    _chain(database)
    _add(database, 2)
    found = _verify(database)
    assert (found.chained, found.waiting, found.faults) == (1, 1, ())


def _switch_triggers_off(database: Database) -> None:
    """As one would who owns the database: what the application itself cannot do."""
    with database.writing() as transaction:
        if transaction.get_bind().dialect.name == "postgresql":
            transaction.execute(text("ALTER TABLE journal_entries DISABLE TRIGGER ALL"))
        else:
            for change in ("update", "delete"):
                transaction.execute(text(f"DROP TRIGGER journal_entries_no_{change}"))


@pytest.mark.parametrize("change", ["data", "kind", "gone", "swapped"])
def test_a_change_behind_its_back_is_found(database: Database, change: str) -> None:
    for number in range(4):
        _add(database, number)
    _chain(database)
    _switch_triggers_off(database)
    second = JournalEntry.number == 2
    with database.writing() as transaction:
        data = transaction.scalar(select(JournalEntry.data).where(second))
        assert data is not None
        if change == "data":
            transaction.execute(update(JournalEntry).where(second).values(data=data.replace(b":1", b":9", 1)))
        elif change == "kind":
            transaction.execute(update(JournalEntry).where(second).values(kind="other"))
        elif change == "gone":
            transaction.execute(delete(JournalEntry).where(second))
        else:
            transaction.execute(text("UPDATE journal_entries SET number = 99 WHERE number = 2"))
            transaction.execute(text("UPDATE journal_entries SET number = 2 WHERE number = 3"))
            transaction.execute(text("UPDATE journal_entries SET number = 3 WHERE number = 99"))
    assert _verify(database).faults


def test_many_writers_are_chained_in_the_order_of_their_commits_within_a_second(database: Database) -> None:
    worker = ChainWorker(database)
    worker.start()
    committed: dict[int, list[int]] = {writer: [] for writer in range(4)}

    def write(writer: int) -> None:
        for number in range(15):
            _add(database, number, writer)
            committed[writer].append(number)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in committed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(1.0)
    found = _verify(database)
    worker.stop()
    assert (found.chained, found.waiting, found.faults) == (60, 0, ())
    with database.reading() as transaction:
        entries = [
            json.loads(data) for data in transaction.scalars(select(JournalEntry.data).order_by(JournalEntry.number))
        ]
    for writer, numbers in committed.items():
        assert [entry["facts"]["number"] for entry in entries if entry["facts"]["writer"] == writer] == numbers


def test_two_workers_give_every_entry_one_number(database: Database) -> None:
    workers = [ChainWorker(database, every_s=0.01) for _ in range(2)]
    for worker in workers:
        worker.start()
    for number in range(40):
        _add(database, number)
    for worker in workers:
        worker.stop()
    found = _verify(database)
    assert (found.chained, found.faults) == (40, ())


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=8), st.data())
def test_any_changed_byte_changes_the_head(entries: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    other = data.draw(st.binary(max_size=40).filter(lambda one: one != entries[place]))
    changed = [*entries[:place], other, *entries[place + 1 :]]
    assert _head(changed) != _head(entries)


def _head(entries: list[bytes]) -> bytes:
    head = FIRST_HEAD
    for entry in entries:
        head = head_after(head, leaf_of(entry))
    return head
