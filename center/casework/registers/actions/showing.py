"""Showing what was fetched: noted with officer and purpose first, and to nobody what is not theirs to see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from center.casework import queries as cases
from center.casework.permission import facts_of
from center.casework.register_kinds import Register
from center.casework.registers import case_entries, queries
from center.casework.registers.answers import Answer, kept_answer
from center.casework.registers.office import RegisterOffice, field_of, subject_of
from center.casework.registers.queries import ReadFacts
from center.casework.registers.tables import DataView, RegisterRead
from center.database import Transaction, new_id
from center.people import powers_file
from center.people.powers import Actor


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and for what."""

    who: Actor
    purpose: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is known from one register about one party of a case: its last answer, or only that it is silent."""

    read: ReadFacts
    answer: Answer | None


def show(office: RegisterOffice, case_id: str, viewer: Viewer) -> dict[tuple[Register, str], Fetched]:
    """The last word of each register about each party that it was asked about, without what is the police's alone.

    A later silence does not hide an earlier answer; after shredding there is no answer left. Raises :class:`Forbidden`
    for who may not look.
    """
    with office.database.reading() as transaction:
        reads = _own(queries.of_case(transaction, case_id), office)
        _role(transaction, case_id, viewer.who, "register.show")
    if not reads:
        return {}
    _note_view(office, case_id, viewer, sorted({one.register.value for one in reads}))
    values = office.vault.reveal(subject_of(case_id))
    found: dict[tuple[Register, str], Fetched] = {}
    for one in reads:
        asked = (one.register, one.party)
        kept = values.get(field_of(one.register, one.read_id))
        if kept is not None or asked not in found or found[asked].answer is None:
            found[asked] = Fetched(one, None if kept is None else kept_answer(kept, one.register))
    return found


def _own(reads: list[ReadFacts], office: RegisterOffice) -> list[ReadFacts]:
    policies = office.client.policies.registers
    return [one for one in reads if not policies[one.register].police_only]


def _note_view(office: RegisterOffice, case_id: str, viewer: Viewer, registers: list[str]) -> None:
    now = office.clock.now()
    with office.database.writing() as transaction:
        role = _role(transaction, case_id, viewer.who, "register.show")
        for person in _whose(transaction, case_id):
            view = DataView(
                id=new_id(),
                centre_id=transaction.centre_id,
                case_id=case_id,
                officer=viewer.who.account_id,
                role=role,
                purpose=viewer.purpose,
                person=person,
                what=registers,
                shown_at=now,
            )
            transaction.add(view)
            transaction.flush()
            case_entries.shown(transaction, view)


def _role(transaction: Transaction, case_id: str, who: Actor, action: str) -> str:
    """In which role somebody looks; raises :class:`Forbidden` for who may not, :class:`NotFound`."""
    state, powers = cases.case_state(transaction, case_id), powers_file.load()
    refusal = powers.may(who, action, state.status, facts_of(state))
    if refusal is not None:
        raise refusal.error()
    return powers.acting_role(who, action)


def _whose(transaction: Transaction, case_id: str) -> list[str | None]:
    """The persons whose data the case fetched, so that each of them finds it in their list."""
    query = select(RegisterRead.person).where(
        RegisterRead.centre_id == transaction.centre_id, RegisterRead.case_id == case_id
    )
    persons = {person for person in transaction.scalars(query) if person is not None}
    return list(persons) or [None]
