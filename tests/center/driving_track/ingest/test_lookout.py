"""What waits in the database for the intake is seen, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from center.database import Database, Transaction
from center.driving_track.actions import devices, requests
from center.driving_track.actions.devices import NewDevice
from center.driving_track.actions.requests import Order
from center.driving_track.ingest.lookout import Lookout
from messages import keys

NOW = datetime(2026, 4, 14, 9, 0, tzinfo=UTC)
_KEY = keys.public_hex(keys.make())


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, "sarytau-1")
    opened.upgrade()
    yield opened
    opened.close()


def test_an_enrolment_and_its_end_are_each_seen_as_a_change(database: Database) -> None:
    lookout = Lookout(database)
    seen = []
    for change in (_nothing, _nothing, _enrol, _nothing, _revoke):
        with database.writing() as transaction:
            change(transaction)
        lookout.turn()
        seen.append(lookout.enrolments_mark)
    assert None not in seen
    assert [one != before for before, one in pairwise(seen)] == [False, True, False, True]


def test_an_order_is_seen_until_it_is_answered(database: Database) -> None:
    lookout = Lookout(database)
    assert not _sees_orders(lookout)
    with database.writing() as transaction:
        asked = requests.leave(transaction, Order("call", car_id="car-1"), actor="test", now=NOW)
    assert _sees_orders(lookout)
    with database.writing() as transaction:
        requests.settle(transaction, asked, refusals=(), now=NOW)
    assert not _sees_orders(lookout)


def _sees_orders(lookout: Lookout) -> bool:
    lookout.turn()
    return lookout.has_orders


def _nothing(_: Transaction) -> None:
    pass


def _enrol(transaction: Transaction) -> None:
    new = NewDevice("car-1-can", _KEY, True, "car-1")
    devices.enrol(transaction, new, actor="test", now=NOW)


def _revoke(transaction: Transaction) -> None:
    devices.revoke(transaction, "car-1-can", reason="stolen", actor="test", now=NOW)
