"""People at home who apply, for the tests of what becomes of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from center.casework import calendar_file
from center.casework.attempts import Attempts
from center.casework.drafts.actions import at_home, at_window
from center.casework.drafts.actions.at_home import Beginning
from center.casework.drafts.actions.at_window import Claim
from center.casework.drafts.office import DraftOffice
from center.casework.parties.entries import Entry
from center.casework.queue.hall import Hall
from center.journal.vault import Vault
from tests.center.casework.parties.people import AIGERIM
from tests.center.casework.parties.test_persons import PERSON
from tests.center.casework.sample_cases import AKBOTA

SERVICE = "records_certificate"
HERE = "10.0.0.7"
TEN = datetime(2026, 4, 14, 5, tzinfo=UTC)
"""10:00 in Almaty, an hour after the tests begin."""


@pytest.fixture
def office(hall: Hall, tmp_path: Path) -> Iterator[DraftOffice]:
    vault = Vault(f"sqlite:///{tmp_path / 'vault.sqlite3'}", tmp_path / "master.key", hall.database.centre_id)
    vault.create()
    yield DraftOffice(hall, vault, Attempts("500/hour"), Attempts("500/hour"))
    vault.close()


def beginning(**changes: Any) -> Beginning:
    """A form that somebody sends."""
    told: dict[str, Any] = {
        "service": SERVICE,
        "applicant": "person",
        "typed": PERSON,
        "client_key": secrets.token_urlsafe(18),
    }
    return Beginning(**{**told, **changes})


def begin(office: DraftOffice) -> str:
    """A draft's code."""
    return at_home.begin(office, beginning(), HERE)[1]


def book(office: DraftOffice, code: str, starts_at: datetime = TEN) -> datetime:
    """A time for it."""
    return at_home.book(office, calendar_file.load(), code, starts_at, HERE).starts_at


def claim(office: DraftOffice, code: str, client_key: str) -> str:
    """The case that an operator makes of it."""
    return at_window.claim(office, AKBOTA, Claim(code, [Entry("applicant", AIGERIM)], client_key)).case_id
