"""From home: a draft begun, looked at, given a time, withdrawn. No register is asked for any of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from center.casework import codes, services_file
from center.casework.booking import queries as bookings
from center.casework.booking.actions import seats
from center.casework.booking.queries import BookingFacts
from center.casework.calendar import Calendar
from center.casework.drafts import queries
from center.casework.drafts.actions import entries, forgetting
from center.casework.drafts.actions import typed as kept
from center.casework.drafts.office import DraftOffice
from center.casework.drafts.queries import DraftFacts
from center.casework.drafts.tables import Draft, DraftState
from center.casework.fields import N_
from center.casework.parties.persons import read_firm, read_person
from center.casework.payments import queries as payments
from center.casework.payments.queries import IntentFacts
from center.database import Transaction, new_id
from center.errors import BadRequest, Conflict

_FIRM: Final = "firm"
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{24,64}")
"""At least 144 random bits: the code comes of it."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What somebody sends from home; ``client_key`` is their form's."""

    service: str
    applicant: str
    typed: Mapping[str, str]
    client_key: str


@dataclass(frozen=True, slots=True)
class Look:
    """A draft as its holder sees it: only what they typed themselves, what they booked, what they paid."""

    facts: DraftFacts
    typed: Mapping[str, str]
    booking: BookingFacts | None
    payments: tuple[IntentFacts, ...]


def begin(office: DraftOffice, asked: Beginning, address: str) -> tuple[DraftFacts, str]:
    """A new draft and its code, which is shown this once; the same form sent again gives the same ones.

    Raises :class:`BadFields` with every fault of the form.
    """
    office.beginnings.count(address)
    now = office.hall.now()
    _check(office, asked, now)
    code = codes.code_for(asked.client_key)
    with office.hall.database.writing() as transaction:
        row = queries.find(transaction, codes.digest(code))
        row = _new(transaction, office, asked, code, now) if row is None else _same(row, asked)
        kept.keep(office.vault, row.id, asked.typed, now)
        return queries.facts(row), code


def is_key(text: str) -> bool:
    """Whether this can be a form's key."""
    return _KEY.fullmatch(text) is not None


def look(office: DraftOffice, code: str, address: str) -> Look:
    """The draft of a code, with what its holder typed."""
    office.codes.count(address)
    with office.hall.database.reading() as transaction:
        row = queries.row_of(transaction, code)
        booking = bookings.of_draft(transaction, row.id)
        paid = payments.of_case(transaction, row.id)
    return Look(queries.facts(row), kept.read(office.vault, row.id), booking, tuple(paid))


def book(office: DraftOffice, calendar: Calendar, code: str, starts_at: datetime, address: str) -> BookingFacts:
    """A time for the draft; see :func:`seats.book`."""
    office.codes.count(address)
    now = office.hall.now()
    with office.hall.database.writing() as transaction:
        row = queries.open_row(transaction, code, now)
        return seats.book(
            transaction,
            office.hall.policy(now),
            calendar,
            office.hall.zone,
            draft_id=row.id,
            service=row.service,
            starts_at=starts_at,
            now=now,
        )


def withdraw(office: DraftOffice, code: str, address: str) -> None:
    """The holder does not want it any more: the time is free again, money goes back, and what was typed is gone."""
    office.codes.count(address)
    now = office.hall.now()
    with office.hall.database.writing() as transaction:
        row = queries.row_of(transaction, code)
        if row.state == DraftState.WITHDRAWN:
            return
        forgetting.end(
            transaction, queries.open_row(transaction, code, now), DraftState.WITHDRAWN, entries.APPLICANT, now
        )
    kept.empty(office.hall.database, office.vault, row.id, now)


def _check(office: DraftOffice, asked: Beginning, now: datetime) -> None:
    today = office.hall.today(now)
    edition = services_file.load().on(asked.service, today)
    if "home" not in edition.channels or asked.applicant not in edition.applicants:
        raise BadRequest(
            N_("The service %(service)s cannot be asked for from home by '%(applicant)s'."),
            service=asked.service,
            applicant=asked.applicant[:40],
        )
    if not is_key(asked.client_key):
        raise BadRequest(N_("This form was not made by the centre; open it anew."))
    (read_firm if asked.applicant == _FIRM else read_person)(asked.typed, today)


def _new(transaction: Transaction, office: DraftOffice, asked: Beginning, code: str, now: datetime) -> Draft:
    row = Draft(
        id=new_id(),
        centre_id=transaction.centre_id,
        code_sha256=codes.digest(code),
        service=asked.service,
        applicant=asked.applicant,
        state=DraftState.OPEN,
        begun_at=now,
        changed_at=now,
        expires_at=now + timedelta(days=office.hall.policy(now).draft_kept_days),
    )
    transaction.add(row)
    transaction.flush()
    entries.enter(transaction, "draft_begun", row, entries.APPLICANT, now)
    return row


def _same(row: Draft, asked: Beginning) -> Draft:
    """The draft of a form that was sent before; raises :class:`Conflict` if it is another one or over."""
    if row.state != DraftState.OPEN or (row.service, row.applicant) != (asked.service, asked.applicant):
        raise Conflict(N_("This form was sent already; open the draft with its code."))
    return row
