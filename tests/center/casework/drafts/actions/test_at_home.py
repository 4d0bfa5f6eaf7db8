"""A draft from home: typed, booked, brought along, and a case only at the window."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from center.casework import calendar_file
from center.casework.attempts import Attempts
from center.casework.booking import queries as bookings
from center.casework.booking.tables import Booking
from center.casework.drafts.actions import at_home, at_window
from center.casework.drafts.actions.at_window import Claim
from center.casework.drafts.office import DraftOffice
from center.casework.drafts.tables import Draft
from center.casework.fields import BadFields
from center.casework.parties.entries import Entry
from center.casework.queue.hall import Hall
from center.casework.queue.order import Standing
from center.errors import BadRequest, Conflict, Forbidden, NotFound, TooOften
from center.journal.tables import JournalEntry
from center.journal.vault import Vault
from tests.center.casework.parties.people import AIGERIM
from tests.center.casework.parties.test_persons import PERSON
from tests.center.casework.queue.halls import Clock, clock, hall
from tests.center.casework.sample_cases import AKBOTA, ISSUER, key

__all__ = ["clock", "hall"]
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


def _begin(office: DraftOffice) -> str:
    return at_home.begin(office, SERVICE, "person", PERSON, HERE)[1]


def _book(office: DraftOffice, code: str, starts_at: datetime = TEN) -> datetime:
    return at_home.book(office, calendar_file.load(), code, starts_at, HERE).starts_at


def test_what_was_typed_comes_back_by_the_code_alone(office: DraftOffice) -> None:
    code = _begin(office)
    seen = at_home.look(office, code.lower(), HERE)
    assert seen.typed == PERSON
    with pytest.raises(NotFound, match="no draft with this code"):
        at_home.look(office, "0000-0000-0000-0000", HERE)
    with pytest.raises(BadRequest, match="sixteen"):
        at_home.look(office, "'; DROP TABLE drafts; --", HERE)


def test_neither_code_nor_person_lies_in_the_database(office: DraftOffice) -> None:
    code = _begin(office)
    with office.hall.database.reading() as transaction:
        for table in (Draft, JournalEntry):
            rows = transaction.scalars(select(table).where(table.centre_id == transaction.centre_id)).all()
            told = repr([vars(row) for row in rows])
            assert rows
            for value in (code, code.replace("-", ""), "980417900018", "Айгерім"):
                assert value not in told


def test_a_form_with_faults_begins_no_draft(office: DraftOffice) -> None:
    with pytest.raises(BadFields):
        at_home.begin(office, SERVICE, "person", PERSON | {"iin": "1"}, HERE)
    with pytest.raises(BadRequest, match="cannot be asked for from home"):
        at_home.begin(office, SERVICE, "stranger", PERSON, HERE)


def test_guessing_codes_is_stopped(office: DraftOffice) -> None:
    slow = DraftOffice(office.hall, office.vault, Attempts("1/hour"), Attempts("2/hour"))
    code = _begin(slow)
    for _ in range(2):
        at_home.look(slow, code, HERE)
    with pytest.raises(TooOften):
        at_home.look(slow, code, HERE)
    with pytest.raises(TooOften):
        _begin(slow)


def test_a_booked_time_is_exchanged_and_given_back(office: DraftOffice) -> None:
    code = _begin(office)
    assert _book(office, code) == _book(office, code) == TEN
    later = TEN + timedelta(minutes=15)
    assert _book(office, code, later) == later
    at_home.withdraw(office, code, HERE)
    with office.hall.database.reading() as transaction:
        rows = transaction.scalars(select(Booking).where(Booking.centre_id == transaction.centre_id)).all()
    assert [row.seat for row in rows] == [None, None]
    with pytest.raises(Conflict, match="withdrawn"):
        _book(office, code)
    assert at_home.look(office, code, HERE).typed == {}


def test_a_time_that_nobody_can_book_is_refused(office: DraftOffice) -> None:
    code = _begin(office)
    times = {"over": TEN - timedelta(hours=2), "ahead": TEN + timedelta(days=15), "No slot": TEN + timedelta(minutes=1)}
    for told, starts_at in times.items():
        with pytest.raises(BadRequest, match=told):
            _book(office, code, starts_at)


def test_sixty_at_once_get_the_two_seats_there_are(office: DraftOffice) -> None:
    drafts, booked, full = [_begin(office) for _ in range(6)], [], []

    def ask(code: str) -> None:
        try:
            booked.append(_book(office, code))
        except Conflict:
            full.append(code)

    # Ten clicks for each of six drafts.
    threads = [threading.Thread(target=ask, args=(code,)) for code in drafts * 10]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(booked), len(full)) == (20, 40)
    with office.hall.database.reading() as transaction:
        rows = transaction.scalars(select(Booking).where(Booking.centre_id == transaction.centre_id)).all()
        assert sorted(row.seat or 0 for row in rows) == [1, 2]
        policy, now = office.hall.policy(TEN), office.hall.now()
        left = bookings.free_slots(transaction, policy, calendar_file.load(), "records", date(2026, 4, 14), now)
        assert TEN not in {slot.starts_at for slot in left}


def test_whoever_comes_is_called_at_their_time(office: DraftOffice, clock: Clock) -> None:
    code = _begin(office)
    _book(office, code)
    clock.goes_on(minutes=50)
    ticket = at_window.check_in(office, code, client_key=key(), ground="", address=HERE)
    assert ticket.standing is Standing.BOOKED


def _claim(office: DraftOffice, code: str, client_key: str) -> str:
    return at_window.claim(office, AKBOTA, Claim(code, [Entry("applicant", AIGERIM)], client_key)).case_id


def test_a_draft_becomes_a_case_once_and_what_was_typed_is_forgotten(office: DraftOffice) -> None:
    code, once = _begin(office), key()
    facts, typed = at_window.open_at_window(office, AKBOTA, code)
    assert typed == PERSON
    case_id = _claim(office, code, once)
    assert case_id == facts.draft_id == _claim(office, code, once)
    assert at_home.look(office, code, HERE).typed == {}
    with pytest.raises(Conflict, match="claimed"):
        at_home.change(office, code, PERSON, HERE)


def test_only_an_operator_opens_and_claims(office: DraftOffice) -> None:
    code = _begin(office)
    with pytest.raises(Forbidden):
        at_window.open_at_window(office, ISSUER, code)
    with pytest.raises(Forbidden):
        at_window.claim(office, ISSUER, Claim(code, [Entry("applicant", AIGERIM)], key()))


def test_a_draft_that_nobody_came_for_is_forgotten(office: DraftOffice, clock: Clock) -> None:
    code = _begin(office)
    _book(office, code)
    assert at_window.forget_old(office) == []
    clock.goes_on(days=30)
    assert len(at_window.forget_old(office)) == 1
    assert at_home.look(office, code, HERE).typed == {}
    with pytest.raises(Conflict, match="forgotten"):
        at_window.open_at_window(office, AKBOTA, code)
