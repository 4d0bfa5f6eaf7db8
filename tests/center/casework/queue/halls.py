"""A hall with a clock that tests move, for the tests of what is done in it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from center.casework.queue import policy_file
from center.casework.queue.actions import calling, tickets, windows
from center.casework.queue.actions.tickets import TicketRequest
from center.casework.queue.hall import Hall
from center.casework.queue.queries import TicketFacts
from center.database import Database
from center.people import powers_file
from center.people.powers import Actor, Strength

NINE = datetime(2026, 4, 14, 4, tzinfo=UTC)
"""09:00 in Almaty."""
SERVICE = "records_certificate"
LINE = "records"
_keys = itertools.count(1)


@dataclass
class Clock:
    """Time as the test says."""

    at: datetime = field(default=NINE)

    def now(self) -> datetime:
        """The time."""
        return self.at

    def goes_on(self, **by: float) -> None:
        """Later by so much."""
        self.at += timedelta(**by)


def operator(account_id: str = "akbota") -> Actor:
    return Actor(account_id, frozenset({"operator"}), Strength.PASSWORD)


def supervisor(account_id: str = "saule") -> Actor:
    return Actor(account_id, frozenset({"supervisor"}), Strength.PASSKEY)


def key() -> str:
    """A fresh client's key."""
    return f"key-{next(_keys):06d}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hall(own_centre: Database, clock: Clock) -> Hall:
    return Hall(own_centre, powers_file.load(), policy_file.load, clock.now, "Asia/Almaty")


def open_window(hall: Hall, number: int = 1, *lines: str, actor: Actor | None = None) -> None:
    """A window that serves these lines (usually the certificates), with somebody at it."""
    windows.set_up(hall, supervisor(), number, lines or (LINE,), "The day begins.")
    windows.open_window(hall, actor or operator(), number)


def take(hall: Hall, service: str = SERVICE, **more: object) -> TicketFacts:
    return tickets.take(hall, TicketRequest(service, key(), **more))  # type: ignore[arg-type]


def call(hall: Hall, actor: Actor | None = None) -> TicketFacts | None:
    return calling.call_next(hall, actor or operator(), client_key=key())


def served(hall: Hall, actor: Actor | None = None) -> TicketFacts:
    """The next one called and come."""
    called = call(hall, actor)
    assert called is not None
    return calling.start(hall, actor or operator(), called.leg_id)
