"""The journal's bytes are canonical, go in with the action or not at all, and can hold no personal value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from center.database import Database
from center.errors import BadRequest
from center.journal.entries import Sealed, append, canonical
from center.journal.tables import JournalEntry

NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)

FACTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, "sarytau-1")
    opened.upgrade()
    yield opened
    opened.close()


def _append(database: Database, **changes: Any) -> str:
    values: dict[str, Any] = {
        "kind": "exam_called",
        "subject": "exam-1",
        "actor": "test",
        "occurred_at": NOON,
        "recorded_at": NOON + timedelta(microseconds=7),
        "facts": {"car": "car-1"},
    }
    with database.writing() as transaction:
        return append(transaction, **{**values, **changes})


def _entries(database: Database) -> list[JournalEntry]:
    with database.reading() as transaction:
        return list(transaction.scalars(select(JournalEntry).order_by(JournalEntry.place)))


def test_an_entry_is_canonical_json_with_its_schema_version(database: Database) -> None:
    entry_id = _append(database, personal=Sealed({"name": "ab" * 32}))
    (entry,) = _entries(database)
    told = json.loads(entry.data)
    assert rfc8785.dumps(told) == entry.data
    assert told == {
        "schema": 1,
        "id": entry_id,
        "centre_id": "sarytau-1",
        "kind": "exam_called",
        "subject": "exam-1",
        "actor": "test",
        "occurred_at": "2026-04-14T12:00:00.000000Z",
        "recorded_at": "2026-04-14T12:00:00.000007Z",
        "facts": {"car": "car-1"},
        "personal": {"name": "ab" * 32},
    }


def test_an_action_that_fails_leaves_no_entry(database: Database) -> None:
    def fail() -> None:
        with database.writing() as transaction:
            append(
                transaction, kind="k", subject="s", actor="a", occurred_at=NOON, recorded_at=NOON, facts={"n": 1}
            )  # fmt: skip
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _entries(database) == []


@pytest.mark.parametrize("facts", [{"n": float("nan")}, {"n": 2**53}, {"n": b""}, {1: "x"}], ids=str)
def test_facts_that_have_no_canonical_form_are_refused(database: Database, facts: dict[Any, Any]) -> None:
    with pytest.raises(BadRequest, match="cannot hold this"):
        _append(database, facts=facts)


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(BadRequest, match="has no time zone"):
        _append(database, occurred_at=NOON.replace(tzinfo=None))


@given(FACTS, st.randoms(use_true_random=False))
def test_the_same_facts_give_the_same_bytes_in_any_order(facts: Any, random: Any) -> None:
    assert canonical(_shuffled(facts, random)) == canonical(facts)
    assert json.loads(canonical(facts)) == facts


def _shuffled(value: Any, random: Any) -> Any:
    if isinstance(value, list):
        return [_shuffled(one, random) for one in value]
    if isinstance(value, dict):
        names = list(value)
        random.shuffle(names)
        return {name: _shuffled(value[name], random) for name in names}
    return value
