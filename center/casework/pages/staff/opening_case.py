"""A case begun at the window: opened, parties recorded, ticket attached, first step taken, or none of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from center.casework.actions.acting import act
from center.casework.case import CaseState
from center.casework.commands import CaseCommand
from center.casework.drafts.actions.at_window import Claim, claim
from center.casework.drafts.office import DraftOffice
from center.casework.one_window import OneWindow
from center.casework.parties.actions.recording import PartyRecord, record
from center.casework.parties.entries import Entry
from center.casework.queue.actions import calling
from center.database import Transaction
from center.people.powers import Actor


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is asked for."""

    service: str
    applicant: str
    """Kind of applicant."""
    entries: tuple[Entry, ...]
    """Who it is for, and who acts for them."""
    ticket: str
    """Id of the ticket that is served; empty for none."""
    client_key: str
    vehicle: str = ""
    """VIN, for a service about one."""
    draft: str = ""
    """The code of a draft from home that becomes this case; empty for none."""


def begin(window: OneWindow, actor: Actor, asked: NewCase) -> str:
    """Open the case and take its first step; gives its id. The same client key again gives the same case.

    Raises what :func:`act` raises; whoever is a party, or related to one, gets :class:`Forbidden` and no case is made.
    """
    if asked.draft:
        return _claimed(window, actor, asked)
    now = window.now()
    payload = {"service": asked.service, "channel": "window", "applicant": asked.applicant}
    if asked.ticket:
        payload["ticket"] = asked.ticket
    with window.database.writing() as transaction:
        state = act(transaction, actor, CaseCommand("case.open", asked.client_key, payload=payload), now)
        if state.ordinal > 1:
            return state.case_id
        key = asked.client_key[:56]
        parties = PartyRecord(state.case_id, asked.entries, f"{key}-parties", asked.vehicle)
        record(transaction, window.vault, actor, parties, at=now, on=window.today())
        if asked.ticket:
            calling.attach_case(transaction, actor, asked.ticket, state.case_id, now)
        _take_first(transaction, actor, state, f"{key}-take", now)
        return state.case_id


def _claimed(window: OneWindow, actor: Actor, asked: NewCase) -> str:
    """A draft's case; what the papers show counts, and what was typed at home is forgotten."""
    office = DraftOffice(window.hall, window.vault)
    key = asked.client_key[:48]

    def begin_with(transaction: Transaction, state: CaseState, now: datetime) -> None:
        if asked.ticket:
            calling.attach_case(transaction, actor, asked.ticket, state.case_id, now)
        _take_first(transaction, actor, state, f"{key}-take", now)

    claimed = Claim(asked.draft, asked.entries, key, asked.ticket or None)
    return claim(office, actor, claimed, begin_with).case_id


def _take_first(transaction: Transaction, actor: Actor, state: CaseState, key: str, now: datetime) -> None:
    first = next(step for step in state.steps if state.holder_of(step))
    act(transaction, actor, CaseCommand("step.take", key, state.case_id, first), now)
