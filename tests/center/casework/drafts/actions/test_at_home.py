"""A draft from home: typed, booked, brought along, and a case only at the window."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

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
from center.errors import BadRequest, Conflict, Forbidden, NotFound, TooOften
from center.journal.tables import JournalEntry
from tests.center.casework.drafts.home import HERE, TEN, begin, beginning, book, claim, office
from tests.center.casework.parties.people import AIGERIM
from tests.center.casework.parties.test_persons import PERSON
from tests.center.casework.queue.halls import clock, hall
from tests.center.casework.sample_cases import AKBOTA, ISSUER, key

__all__ = ["clock", "hall", "office"]


def test_a_form_sent_twice_is_one_draft_under_one_code(office: DraftOffice) -> None:
    form = beginning()
    codes: list[str] = []
    threads = [
        threading.Thread(target=lambda: codes.append(at_home.begin(office, form, HERE)[1])) for _ in range(4)
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 4
    assert len(set(codes)) == 1
    with office.hall.database.reading() as transaction:
        kinds = transaction.scalars(
            select(JournalEntry.kind).where(JournalEntry.centre_id == transaction.centre_id)
        ).all()
    assert list(kinds) == ["draft_begun"]
    at_home.begin(office, replace(form, typed=PERSON | {"given_name": "Айман"}), HERE)
    assert at_home.look(office, codes[0], HERE).typed["given_name"] == "Айман"
    at_home.withdraw(office, codes[0], HERE)
    with pytest.raises(Conflict, match="sent already"):
        at_home.begin(office, form, HERE)
    assert at_home.look(office, codes[0], HERE).typed == {}


def test_a_key_that_could_be_guessed_is_refused(office: DraftOffice) -> None:
    for key_of_form in ("", "short", "x" * 65, "with spaces in it, and long"):
        with pytest.raises(BadRequest, match="open it anew"):
            at_home.begin(office, beginning(client_key=key_of_form), HERE)


def test_what_was_typed_comes_back_by_the_code_alone(office: DraftOffice) -> None:
    code = begin(office)
    seen = at_home.look(office, code.lower(), HERE)
    assert seen.typed == PERSON
    with pytest.raises(NotFound, match="no draft with this code"):
        at_home.look(office, "0000-0000-0000-0000", HERE)
    with pytest.raises(BadRequest, match="sixteen"):
        at_home.look(office, "'; DROP TABLE drafts; --", HERE)


def test_neither_code_nor_person_lies_in_the_database(office: DraftOffice) -> None:
    code = begin(office)
    with office.hall.database.reading() as transaction:
        for table in (Draft, JournalEntry):
            rows = transaction.scalars(select(table).where(table.centre_id == transaction.centre_id)).all()
            told = repr([vars(row) for row in rows])
            assert rows
            for value in (code, code.replace("-", ""), "980417900018", "Айгерім"):
                assert value not in told


def test_a_form_with_faults_begins_no_draft(office: DraftOffice) -> None:
    with pytest.raises(BadFields):
        at_home.begin(office, beginning(typed=PERSON | {"iin": "1"}), HERE)
    with pytest.raises(BadRequest, match="cannot be asked for from home"):
        at_home.begin(office, beginning(applicant="stranger"), HERE)


def test_guessing_codes_is_stopped(office: DraftOffice) -> None:
    slow = DraftOffice(office.hall, office.vault, Attempts("1/hour"), Attempts("2/hour"))
    code = begin(slow)
    for _ in range(2):
        at_home.look(slow, code, HERE)
    with pytest.raises(TooOften):
        at_home.look(slow, code, HERE)
    with pytest.raises(TooOften):
        begin(slow)


def test_a_booked_time_is_exchanged_and_given_back(office: DraftOffice) -> None:
    code = begin(office)
    assert book(office, code) == book(office, code) == TEN
    later = TEN + timedelta(minutes=15)
    assert book(office, code, later) == later
    at_home.withdraw(office, code, HERE)
    with office.hall.database.reading() as transaction:
        rows = transaction.scalars(select(Booking).where(Booking.centre_id == transaction.centre_id)).all()
    assert [row.seat for row in rows] == [None, None]
    with pytest.raises(Conflict, match="not open any more"):
        book(office, code)
    assert at_home.look(office, code, HERE).typed == {}


def test_a_time_that_nobody_can_book_is_refused(office: DraftOffice) -> None:
    code = begin(office)
    times = {"over": TEN - timedelta(hours=2), "ahead": TEN + timedelta(days=15), "No slot": TEN + timedelta(minutes=1)}
    for told, starts_at in times.items():
        with pytest.raises(BadRequest, match=told):
            book(office, code, starts_at)


def test_sixty_at_once_get_the_two_seats_there_are(office: DraftOffice) -> None:
    drafts, booked, full = [begin(office) for _ in range(6)], [], []

    def ask(code: str) -> None:
        try:
            booked.append(book(office, code))
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


def test_a_draft_becomes_a_case_once_and_what_was_typed_is_forgotten(office: DraftOffice) -> None:
    code, once = begin(office), key()
    facts, typed = at_window.open_at_window(office, AKBOTA, code)
    assert typed == PERSON
    case_id = claim(office, code, once)
    assert case_id == facts.draft_id == claim(office, code, once)
    assert at_home.look(office, code, HERE).typed == {}
    with pytest.raises(Conflict, match="not open any more"):
        book(office, code)


def test_only_an_operator_opens_and_claims(office: DraftOffice) -> None:
    code = begin(office)
    with pytest.raises(Forbidden):
        at_window.open_at_window(office, ISSUER, code)
    with pytest.raises(Forbidden):
        at_window.claim(office, ISSUER, Claim(code, [Entry("applicant", AIGERIM)], key()))
