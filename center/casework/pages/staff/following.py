"""What a case needs from outside as soon as a step opens it: its fees asked for, its registers asked.

It runs when the operator has their page again: nobody waits at the window for a gateway or a register. What cannot be
asked now is noted where it belongs (a register's silence, a payment that the centre goes on asking for), and the page
offers to ask again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from center.casework import queries
from center.casework.case import CaseState, StepStatus
from center.casework.one_window import OneWindow
from center.casework.parties import kept
from center.casework.parties.entries import Entry
from center.casework.parties.persons import Firm, Person
from center.casework.payments.actions import charging
from center.casework.register_kinds import Register
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
"""For what a register is asked about an applicant or a vehicle."""


def ask_outside(window: OneWindow, actor: Actor, case_id: str) -> None:
    """Ask for everything that the open steps of a case wait for; meant for after the answer to the operator."""
    edition, state = _case(window, case_id)
    for step in edition.steps.values():
        if state.steps[step.id] is not StepStatus.OPEN:
            continue
        try:
            if step.fees and not set(step.fees) <= set(state.fees_asked):
                charge(window, actor, case_id, step.id)
            if step.register and step.register not in state.registers:
                ask_register(
                    window, actor, case_id, step.id, client_key=f"{case_id}-{state.current(step.id)}-{step.register}"
                )
        except CenterError as error:
            # The page shows how it stands and offers to ask again; the message names ids only.
            _log.warning("Step %s of case %s: %s", step.id, case_id, error)


def charge(window: OneWindow, actor: Actor, case_id: str, step: str) -> None:
    """Ask for the fees of a step; raises what :func:`charging.charge` raises."""
    charging.charge(window.payments, actor, case_id, step, window.origin)


def ask_register(window: OneWindow, actor: Actor, case_id: str, step_id: str, *, client_key: str) -> ReadFacts:
    """Ask the register that a step waits for; raises what :func:`asking.ask` raises."""
    edition, _ = _case(window, case_id)
    asked = edition.step(step_id).register
    if asked is None:
        raise Conflict(N_("This step waits for no register."))
    register = Register(asked)
    if window.registers.client.policies.registers[register].asked_by == kept.VIN:
        key = kept.vehicle(window.vault, case_id)
    else:
        with window.database.reading() as transaction:
            key = _key(kept.entries(transaction, window.vault, case_id), register)
    if not key:
        raise Conflict(N_("Nothing is recorded in this case by which this register could be asked."))
    return asking.ask(window.registers, Inquiry(case_id, register, _PURPOSES[register], actor, client_key, key))


def _case(window: OneWindow, case_id: str) -> tuple[Edition, CaseState]:
    with window.database.reading() as transaction:
        return queries.edition_of(queries.case_row(transaction, case_id)), queries.case_state(transaction, case_id)


def _key(entries: Sequence[Entry], register: Register) -> str:
    """The number by which the register is asked: the applicant's, or the buyer's; of a firm's agent for persons."""
    applicant = next((one for one in entries if one.side in ("applicant", "buyer")), None)
    if applicant is None:
        return ""
    party = applicant.party
    if register is Register.PERSONS and isinstance(party, Firm):
        return applicant.agent.iin if applicant.agent else ""
    if register is Register.FIRMS and isinstance(party, Person):
        return ""
    return party.iin if isinstance(party, Person) else party.bin
