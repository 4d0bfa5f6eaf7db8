"""A case begun at the window: opened, parties recorded, ticket attached, first step taken, or none of it."""

from __future__ import annotations

from dataclasses import dataclass

from center.casework.actions.acting import act
from center.casework.commands import CaseCommand
from center.casework.one_window import OneWindow
from center.casework.parties.actions.recording import PartyRecord, record
from center.casework.parties.entries import Entry
from center.casework.queue.actions import calling
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


def begin(window: OneWindow, actor: Actor, asked: NewCase) -> str:
    """Open the case and take its first step; gives its id. The same client key again gives the same case.

    Raises what :func:`act` raises; whoever is a party, or related to one, gets :class:`Forbidden` and no case is made.
    """
    now = window.now()
    payload = {"service": asked.service, "channel": "window", "applicant": asked.applicant}
    if asked.ticket:
        payload["ticket"] = asked.ticket
    with window.database.writing() as transaction:
        state = act(transaction, actor, CaseCommand("case.open", asked.client_key, payload=payload), now)
        if state.ordinal > 1:
            return state.case_id
        key = asked.client_key[:56]
        parties = PartyRecord(state.case_id, asked.entries, f"{key}-parties")
        record(transaction, window.vault, actor, parties, at=now, on=window.today())
        if asked.ticket:
            calling.attach_case(transaction, actor, asked.ticket, state.case_id, now)
        first = next(step for step, holder in ((one, state.holder_of(one)) for one in state.steps) if holder)
        act(transaction, actor, CaseCommand("step.take", f"{key}-take", state.case_id, first), now)
        return state.case_id
