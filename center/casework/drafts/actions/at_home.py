"""From home: a draft begun, looked at, changed, given a time, withdrawn. No register is asked for any of it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from center.casework import codes, services_file
from center.casework.booking import queries as bookings
from center.casework.booking.actions import seats
from center.casework.booking.queries import BookingFacts
from center.casework.calendar import Calendar
from center.casework.drafts import queries
from center.casework.drafts.office import DraftOffice
from center.casework.drafts.queries import DraftFacts
from center.casework.drafts.tables import Draft, DraftState
from center.casework.parties.persons import read_firm, read_person
from center.database import Transaction, new_id
from center.errors import BadRequest, Conflict
from center.journal.entries import append

_ACTOR = "applicant"
_TYPED = "typed"
_FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Look:
    """A draft as its holder sees it: only what they typed themselves, and what they booked."""

    facts: DraftFacts
    typed: Mapping[str, str]
    booking: BookingFacts | None


def begin(
    office: DraftOffice, service: str, applicant: str, typed: Mapping[str, str], address: str
) -> tuple[DraftFacts, str]:
    """A new draft and its code, which is shown this once. Raises :class:`BadFields` with every fault of the form."""
    office.beginnings.count(address)
    now = office.hall.now()
    today = office.hall.today(now)
    edition = services_file.load().on(service, today)
    if "home" not in edition.channels or applicant not in edition.applicants:
        raise BadRequest(f"The service {service} cannot be asked for from home by {applicant[:40]!r}.")
    _check(applicant, typed, office, now)
    code = codes.code_of(os.urandom(codes.RANDOM_BYTES))
    row = Draft(
        id=new_id(),
        centre_id=office.hall.database.centre_id,
        code_sha256=codes.digest(code),
        service=service,
        applicant=applicant,
        state=DraftState.OPEN,
        begun_at=now,
        changed_at=now,
        expires_at=now + timedelta(days=office.hall.policy(now).draft_kept_days),
    )
    _keep(office, row.id, typed, now)
    with office.hall.database.writing() as transaction:
        transaction.add(row)
        transaction.flush()
        _note(transaction, "draft_begun", row, now)
        return queries.facts(row), code


def look(office: DraftOffice, code: str, address: str) -> Look:
    """The draft of a code, with what its holder typed."""
    office.codes.count(address)
    with office.hall.database.reading() as transaction:
        row = queries.row_of(transaction, code)
        booking = bookings.held_by(transaction, row.id)
    return Look(queries.facts(row), typed_in(office, row.id), booking)


def change(office: DraftOffice, code: str, typed: Mapping[str, str], address: str) -> DraftFacts:
    """Type it anew."""
    office.codes.count(address)
    now = office.hall.now()
    with office.hall.database.writing() as transaction:
        row = open_row(transaction, code, now)
        _check(row.applicant, typed, office, now)
        _keep(office, row.id, typed, now)
        row.changed_at = now
        _note(transaction, "draft_changed", row, now)
        return queries.facts(row)


def book(office: DraftOffice, calendar: Calendar, code: str, starts_at: datetime, address: str) -> BookingFacts:
    """A time for the draft; see :func:`seats.book`."""
    office.codes.count(address)
    now = office.hall.now()
    with office.hall.database.writing() as transaction:
        row = open_row(transaction, code, now)
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
    """The holder does not want it any more: the time is free again, and what was typed is gone."""
    office.codes.count(address)
    now = office.hall.now()
    with office.hall.database.writing() as transaction:
        row = queries.row_of(transaction, code)
        if row.state == DraftState.WITHDRAWN:
            return
        row = open_row(transaction, code, now)
        row.state, row.changed_at = DraftState.WITHDRAWN, now
        seats.give_back(transaction, row.id, now)
        _note(transaction, "draft_withdrawn", row, now)
    office.vault.forget(subject_of(row.id))


def open_row(transaction: Transaction, code: str, now: datetime) -> Draft:
    """A draft that can still change; raises :class:`Conflict`."""
    row = queries.row_of(transaction, code)
    if row.state != DraftState.OPEN or row.expires_at <= now:
        state = row.state if row.state != DraftState.OPEN else "too old"
        raise Conflict(f"This draft is {state}; begin a new one.")
    return row


def subject_of(draft_id: str) -> str:
    """The draft in the vault."""
    return f"draft:{draft_id}"


def typed_in(office: DraftOffice, draft_id: str) -> dict[str, str]:
    """What was typed; empty once it is forgotten."""
    text = office.vault.reveal(subject_of(draft_id)).get(_TYPED)
    return {} if text is None else dict(json.loads(text))


def _check(applicant: str, typed: Mapping[str, str], office: DraftOffice, now: datetime) -> None:
    today = office.hall.today(now)
    if applicant == _FIRM:
        read_firm(typed, today)
    else:
        read_person(typed, today)


def _keep(office: DraftOffice, draft_id: str, typed: Mapping[str, str], now: datetime) -> None:
    office.vault.seal(subject_of(draft_id), {_TYPED: json.dumps(dict(typed), ensure_ascii=False)}, now)


def _note(transaction: Transaction, kind: str, row: Draft, now: datetime) -> None:
    facts = {"service": row.service, "applicant": row.applicant}
    append(
        transaction,
        kind=kind,
        subject=subject_of(row.id),
        actor=_ACTOR,
        occurred_at=now,
        recorded_at=now,
        facts=facts,
    )
