"""At the centre: a ticket on a draft's time, and the case that a draft becomes once identity is proven."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from center.casework import queries as cases
from center.casework.actions.acting import act
from center.casework.booking import queries as bookings
from center.casework.booking.actions import seats
from center.casework.case import CaseState
from center.casework.commands import CaseCommand
from center.casework.drafts import queries
from center.casework.drafts.actions import entries, typed
from center.casework.drafts.office import DraftOffice
from center.casework.drafts.queries import DraftFacts
from center.casework.drafts.tables import DraftState
from center.casework.parties.actions.recording import PartyRecord, record
from center.casework.parties.entries import Entry
from center.casework.payments.actions import ahead
from center.casework.queue import queries as hall
from center.casework.queue.actions.tickets import TicketRequest, take_in
from center.casework.queue.queries import TicketFacts
from center.database import Transaction
from center.errors import Conflict
from center.people.powers import Actor

_OPEN = "case.open"
Then = Callable[[Transaction, CaseState, datetime], None]
"""What else is done with the case that a draft became."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the operator does with a draft: the code, and the parties as their papers at the window show them."""

    code: str
    entries: Sequence[Entry]
    client_key: str
    ticket_id: str | None = None


def _nothing(transaction: Transaction, state: CaseState, now: datetime) -> None:
    """The case is all."""


class OtherDay(Conflict):
    """The booked time is on a day that is still to come."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(
            f"The time that was booked is {starts_at.isoformat()}; no ticket is taken on it before its day."
        )
        self.starts_at = starts_at


def check_in(office: DraftOffice, code: str, *, client_key: str, ground: str, address: str) -> TicketFacts:
    """The holder has come: a ticket at the booked time if there is one, or the ticket that they hold already.

    Raises :class:`OtherDay`, and :class:`Conflict` for a draft that is over.
    """
    office.codes.count(address)
    with office.hall.database.writing() as transaction:
        now = office.hall.now()
        row = queries.open_row(transaction, code, now)
        if (ticket := hall.under_way_of(transaction, row.id)) is not None:
            return ticket
        booking = bookings.of_draft(transaction, row.id)
        if booking is not None and office.hall.today(booking.starts_at) > office.hall.today(now):
            raise OtherDay(booking.starts_at)
        booked_at = seats.use(transaction, row.id, now)
        request = TicketRequest(row.service, client_key, ground, row.id, booked_at)
        return take_in(transaction, office.hall, request, now)


def open_at_window(office: DraftOffice, actor: Actor, code: str) -> tuple[DraftFacts, dict[str, str]]:
    """What the applicant typed, for the operator to compare with the papers; that it was shown is noted."""
    _require(office, actor)
    with office.hall.database.writing() as transaction:
        now = office.hall.now()
        row = queries.open_row(transaction, code, now)
        entries.enter(transaction, "draft_shown", row, actor.account_id, now)
    return queries.facts(row), typed.read(office.vault, row.id)


def claim(office: DraftOffice, actor: Actor, claim: Claim, then: Then = _nothing) -> CaseState:
    """The draft becomes a case of the same id, with what was paid for it; what the papers show counts.

    ``then`` is done in the same transaction, so that all of it stands or none; what was typed is forgotten. Claimed
    again by the same operator, it is the same case. Raises :class:`BadFields` for parties that do not hold together,
    and what ``act`` raises.
    """
    _require(office, actor)
    with office.hall.database.writing() as transaction:
        now = office.hall.now()
        row = queries.row_of(transaction, claim.code)
        if row.state != DraftState.CLAIMED or row.claimed_by != actor.account_id:
            _claim(transaction, office, actor, claim, now)
            then(transaction, cases.case_state(transaction, row.id), now)
        state = cases.case_state(transaction, row.id)
    typed.empty(office.hall.database, office.vault, row.id, now)
    return state


def _claim(transaction: Transaction, office: DraftOffice, actor: Actor, claim: Claim, now: datetime) -> None:
    row = queries.open_row(transaction, claim.code, now)
    payload = {"service": row.service, "channel": "home", "applicant": row.applicant}
    if claim.ticket_id is not None:
        payload["ticket"] = claim.ticket_id
    act(transaction, actor, CaseCommand(_OPEN, f"{claim.client_key}-open", row.id, None, payload), now)
    asked = PartyRecord(row.id, tuple(claim.entries), f"{claim.client_key}-parties")
    record(transaction, office.vault, actor, asked, at=now, on=office.hall.today(now))
    row.state, row.claimed_by, row.changed_at = DraftState.CLAIMED, actor.account_id, now
    seats.use(transaction, row.id, now)
    ahead.hand_over(transaction, row.id, now)
    entries.enter(transaction, "draft_claimed", row, actor.account_id, now)


def _require(office: DraftOffice, actor: Actor) -> None:
    refusal = office.hall.powers.may(actor, _OPEN)
    if refusal is not None:
        raise refusal.error()
