"""At the centre: a ticket on a draft's time, and the case that a draft becomes once identity is proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.casework import queries as cases
from center.casework.actions.acting import act
from center.casework.booking.actions import seats
from center.casework.case import CaseState
from center.casework.commands import CaseCommand
from center.casework.drafts import queries
from center.casework.drafts.actions.at_home import open_row, subject_of, typed_in
from center.casework.drafts.office import DraftOffice
from center.casework.drafts.queries import DraftFacts
from center.casework.drafts.tables import Draft, DraftState
from center.casework.parties.actions.recording import PartyRecord, record
from center.casework.parties.entries import Entry
from center.casework.queue.actions.tickets import TicketRequest, take_in
from center.casework.queue.hall import SYSTEM
from center.casework.queue.queries import TicketFacts
from center.database import Transaction
from center.errors import Forbidden
from center.journal.entries import append
from center.people.powers import Actor

_OPEN = "case.open"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the operator does with a draft: the code, and the parties as their papers at the window show them."""

    code: str
    entries: Sequence[Entry]
    client_key: str
    ticket_id: str | None = None


def check_in(office: DraftOffice, code: str, *, client_key: str, ground: str, address: str) -> TicketFacts:
    """The holder has come: a ticket, at the booked time if there is one."""
    office.codes.count(address)
    with office.hall.alone() as transaction:
        now = office.hall.now()
        row = open_row(transaction, code, now)
        booked_at = seats.use(transaction, row.id, now)
        request = TicketRequest(row.service, client_key, ground, row.id, booked_at)
        return take_in(transaction, office.hall, request, now)


def open_at_window(office: DraftOffice, actor: Actor, code: str) -> tuple[DraftFacts, dict[str, str]]:
    """What the applicant typed, for the operator to compare with the papers; that it was shown is noted."""
    _require(office, actor)
    with office.hall.database.writing() as transaction:
        now = office.hall.now()
        row = open_row(transaction, code, now)
        _note(transaction, "draft_shown", row, actor.account_id, now)
    return queries.facts(row), typed_in(office, row.id)


def claim(office: DraftOffice, actor: Actor, claim: Claim) -> CaseState:
    """The draft becomes a case of the same id; what the papers show counts, and what was typed is forgotten.

    Raises :class:`BadFields` for parties that do not hold together, and what ``act`` raises.
    """
    _require(office, actor)
    with office.hall.database.writing() as transaction:
        now = office.hall.now()
        row = queries.row_of(transaction, claim.code)
        if row.state == DraftState.CLAIMED and row.claimed_by == actor.account_id:
            return cases.case_state(transaction, row.id)
        row = open_row(transaction, claim.code, now)
        payload = {"service": row.service, "channel": "home", "applicant": row.applicant}
        if claim.ticket_id is not None:
            payload["ticket"] = claim.ticket_id
        act(transaction, actor, CaseCommand(_OPEN, f"{claim.client_key}-open", row.id, None, payload), now)
        asked = PartyRecord(row.id, tuple(claim.entries), f"{claim.client_key}-parties")
        state = record(transaction, office.vault, actor, asked, at=now, on=office.hall.today(now))
        row.state, row.claimed_by, row.changed_at = DraftState.CLAIMED, actor.account_id, now
        seats.use(transaction, row.id, now)
        _note(transaction, "draft_claimed", row, actor.account_id, now)
    office.vault.forget(subject_of(row.id))
    return state


def forget_old(office: DraftOffice) -> list[str]:
    """Forget drafts that nobody came for; returns their ids, so that what was paid for them can be given back."""
    with office.hall.database.writing() as transaction:
        now = office.hall.now()
        query = select(Draft).where(
            Draft.centre_id == transaction.centre_id, Draft.state == DraftState.OPEN, Draft.expires_at <= now
        )
        rows = list(transaction.scalars(query))
        for row in rows:
            row.state, row.changed_at = DraftState.FORGOTTEN, now
            seats.give_back(transaction, row.id, now)
            _note(transaction, "draft_forgotten", row, SYSTEM, now)
        forgotten = [row.id for row in rows]
    for draft_id in forgotten:
        office.vault.forget(subject_of(draft_id))
    return forgotten


def _require(office: DraftOffice, actor: Actor) -> None:
    refusal = office.hall.powers.may(actor, _OPEN)
    if refusal is not None:
        raise Forbidden(refusal.sentence)


def _note(transaction: Transaction, kind: str, row: Draft, actor: str, now: datetime) -> None:
    append(
        transaction,
        kind=kind,
        subject=subject_of(row.id),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        facts={"service": row.service},
    )
