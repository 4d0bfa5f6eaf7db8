"""What a case needs from outside as soon as a step opens it: its fees asked for, its registers asked.

It runs when the operator has their page again: nobody waits at the window for a gateway or a register. What cannot be
asked now is noted where it belongs (a register's silence, a payment that the centre goes on asking for), and the page
offers to ask again.
"""

from __future__ import annotations

import logging
from typing import Final

from center.casework import queries, register_subjects
from center.casework.case import CaseState, StepStatus
from center.casework.one_window import OneWindow
from center.casework.parties import kept
from center.casework.payments.actions import charging
from center.casework.register_kinds import Register
from center.casework.register_subjects import WHOLE
from center.casework.registers.actions import asking
from center.casework.registers.actions.asking import Inquiry
from center.casework.registers.queries import ReadFacts
from center.casework.services import Edition
from center.errors import N_, CenterError, Conflict
from center.people.powers import Actor

_log = logging.getLogger(__name__)
_PURPOSES: Final = {
    Register.PERSONS: "identity",
    Register.FIRMS: "identity",
    Register.TAX: "vehicle_tax",
    Register.CUSTOMS: "vehicle_check",
    Register.WANTED: "vehicle_check",
    Register.PLEDGED: "vehicle_check",
}
"""For what a register is asked about a party or a vehicle."""
_APPLIES: Final = ("applicant", "buyer")


def ask_outside(window: OneWindow, actor: Actor, case_id: str) -> None:
    """Ask for everything that the open steps of a case wait for; meant for after the answer to the operator."""
    edition, state = _case(window, case_id)
    for step in edition.steps.values():
        if state.steps[step.id] is not StepStatus.OPEN:
            continue
        try:
            if step.fees and not set(step.fees) <= set(state.fees_asked):
                charge(window, actor, case_id, step.id)
        except CenterError as error:
            # The page shows how it stands and offers to ask again; the message names ids only.
            _log.warning("Step %s of case %s: %s", step.id, case_id, error)
        if step.register:
            _ask_about_all(window, actor, state, step.id, step.register)


def charge(window: OneWindow, actor: Actor, case_id: str, step: str) -> None:
    """Ask for the fees of a step; raises what :func:`charging.charge` raises."""
    charging.charge(window.payments, actor, case_id, step, window.origin)


def ask_register(
    window: OneWindow, actor: Actor, case_id: str, step_id: str, *, client_key: str, party: str = WHOLE
) -> ReadFacts:
    """Ask the register that a step waits for about one party; raises what :func:`asking.ask` raises."""
    edition, _ = _case(window, case_id)
    asked = edition.step(step_id).register
    if asked is None:
        raise Conflict(N_("This step waits for no register."))
    register = Register(asked)
    key = _key(window, case_id, register, party)
    if not key:
        raise Conflict(N_("Nothing is recorded in this case by which this register could be asked."))
    return asking.ask(window.registers, Inquiry(case_id, register, _PURPOSES[register], actor, client_key, key, party))


def _ask_about_all(window: OneWindow, actor: Actor, state: CaseState, step: str, register: str) -> None:
    """Ask about each party that was not asked about yet: what keeps one question back does not keep the others."""
    for party in register_subjects.subjects(state, register):
        if register_subjects.standing(state, register, party):
            continue
        key = f"{party or state.case_id}-{state.current(step)}-{register}"
        try:
            ask_register(window, actor, state.case_id, step, client_key=key, party=party)
        except CenterError as error:
            _log.warning("Step %s of case %s: %s", step, state.case_id, error)


def _case(window: OneWindow, case_id: str) -> tuple[Edition, CaseState]:
    with window.database.reading() as transaction:
        return queries.edition_of(queries.case_row(transaction, case_id)), queries.case_state(transaction, case_id)


def _key(window: OneWindow, case_id: str, register: Register, party: str) -> str:
    """The number by which the register is asked: of the vehicle, of the party, or of who applies or buys."""
    if window.registers.client.policies.registers[register].asked_by == kept.VIN:
        return kept.vehicle(window.vault, case_id)
    with window.database.reading() as transaction:
        told = kept.parties(transaction, window.vault, case_id)
    about = next((one.kept for one in told if one.party_id == party or (not party and one.side in _APPLIES)), None)
    number = kept.number_of(about.party) if about else None
    return number[1] if number else ""
