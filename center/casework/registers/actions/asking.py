"""Asking a register in a case: noted before it is asked, answered into the vault, or silent with nothing guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from center.casework import queries as cases
from center.casework.commands import System, name_of
from center.casework.register_kinds import Register
from center.casework.register_subjects import WHOLE, consent_name, subjects
from center.casework.registers import case_entries, queries
from center.casework.registers.answers import Answer
from center.casework.registers.client import Question, Silence
from center.casework.registers.office import SYSTEM, RegisterOffice, field_of, subject_of
from center.casework.registers.policy import RegisterPolicy
from center.casework.registers.queries import ReadFacts
from center.casework.registers.tables import PoliceAlert, RegisterRead
from center.database import Transaction, new_id
from center.errors import N_, BadRequest, Forbidden
from center.journal.entries import Sealed
from center.people import powers_file
from center.people.powers import Actor

POLICE: Final = "police_inspector"
INTERRUPTED: Final = "interrupted"
_ACTION: Final = "register.asked"
_MARGIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What somebody wants to know in a case; the key is personal: IIN, BIN or VIN."""

    case_id: str
    register: Register
    purpose: str
    who: Actor | System
    client_key: str
    key: str = field(repr=False)
    party: str = WHOLE
    """The party of the case whose number the key is."""


def ask(office: RegisterOffice, inquiry: Inquiry) -> ReadFacts:
    """Ask once for one client's key; a repeated click gives the question that it made before.

    What is told back never says whether something was found. Raises :class:`BadRequest` for what the register is not
    asked, and about whom; :class:`Forbidden` without the consent of whom it is about or for who may not,
    :class:`Conflict` for a case that is over.
    """
    policy = office.client.policies.registers[inquiry.register]
    policy.check(inquiry.purpose, inquiry.key)
    if not 8 <= len(inquiry.client_key) <= 64:
        raise BadRequest(N_("A client's key has 8 to 64 characters."))
    with office.database.writing() as transaction:
        before = queries.with_key(transaction, inquiry.case_id, inquiry.client_key)
        if before is not None:
            return before
        consent = _consent(transaction, policy, inquiry)
        noted = _note(transaction, office, policy, inquiry, consent)
    question = Question(inquiry.register, inquiry.purpose, noted.officer, inquiry.case_id, consent, inquiry.key)
    told = office.client.ask(question)
    if isinstance(told, Silence):
        return _keep_silence(office, noted.read_id, told)
    return _keep_answer(office, noted, told, policy)


def close_interrupted(office: RegisterOffice) -> int:
    """Questions whose process died with them become silent: it is not known what the register said. How many."""
    longest = timedelta(seconds=office.client.policies.longest_s + _MARGIN_S) * office.clock.scale.rate
    with office.database.reading() as transaction:
        left = queries.under_way_since(transaction, office.clock.now() - longest)
    for one in left:
        _keep_silence(office, one.read_id, Silence(INTERRUPTED, 0))
    return len(left)


def _consent(transaction: Transaction, policy: RegisterPolicy, inquiry: Inquiry) -> str | None:
    """The number of the case's action by which whom it is about agreed; None where the law needs none."""
    if policy.police_only and isinstance(inquiry.who, Actor) and POLICE not in inquiry.who.roles:
        raise Forbidden(N_("This register is asked by the police only."))
    state = cases.case_state(transaction, inquiry.case_id)
    if inquiry.party not in subjects(state, inquiry.register):
        raise BadRequest(N_("This register is not asked about this party of the case."))
    name = consent_name(state, inquiry.register, inquiry.party)
    given = [
        str(action.ordinal)
        for action in cases.actions(transaction, inquiry.case_id)
        if name in action.payload.get("consent", ())
    ]
    if policy.needs_consent and not given:
        raise Forbidden(N_("This register is asked only with the applicant's consent."))
    return given[-1] if given else None


def _note(
    transaction: Transaction, office: RegisterOffice, policy: RegisterPolicy, inquiry: Inquiry, consent: str | None
) -> ReadFacts:
    now = office.clock.now()
    by_person = policy.asked_by != "vin"
    row = RegisterRead(
        id=new_id(),
        centre_id=transaction.centre_id,
        case_id=inquiry.case_id,
        client_key=inquiry.client_key,
        register=inquiry.register,
        purpose=inquiry.purpose,
        officer=name_of(inquiry.who),
        role=_role(inquiry.who),
        consent=consent,
        party=inquiry.party or None,
        person=office.vault.fingerprint("iin", inquiry.key) if by_person else None,
        asked_at=now,
        outcome="asked",
        attempts=0,
    )
    transaction.add(row)
    transaction.flush()
    case_entries.asked(transaction, row, inquiry.who, now)
    return queries.read(transaction, row.id)


def _keep_answer(office: RegisterOffice, noted: ReadFacts, answer: Answer, policy: RegisterPolicy) -> ReadFacts:
    now = office.clock.now()
    subject = subject_of(noted.case_id, police_only=policy.police_only)
    sealed = office.vault.seal(subject, {field_of(noted.register, noted.read_id): answer.as_json()}, now)
    with office.database.writing() as transaction:
        row = _end(transaction, noted.read_id, now, "answered")
        if row is not None:
            if policy.police_only:
                # Of what only the police may know the case is told nothing, not even a commitment.
                case_entries.answered(transaction, row, None, None, now)
            else:
                (commitment,) = sealed.commitments.values()
                case_entries.answered(transaction, row, answer.found, commitment, now)
            if policy.police_only and answer.found:
                _alert(transaction, row, sealed, now)
        return queries.read(transaction, noted.read_id)


def _keep_silence(office: RegisterOffice, read_id: str, silence: Silence) -> ReadFacts:
    now = office.clock.now()
    with office.database.writing() as transaction:
        row = _end(transaction, read_id, now, "silent")
        if row is not None:
            row.reason, row.attempts = silence.reason, silence.attempts
            case_entries.silent(transaction, row, now)
        return queries.read(transaction, read_id)


def _end(transaction: Transaction, read_id: str, now: datetime, outcome: str) -> RegisterRead | None:
    """The row, ended now; None if it had its end already."""
    row = transaction.get_one(RegisterRead, read_id)
    if row.outcome != "asked":
        return None
    row.outcome, row.ended_at = outcome, now
    return row


def _role(who: Actor | System) -> str:
    """In which role somebody asks; the case itself checks the rest. Raises :class:`Forbidden`."""
    if isinstance(who, System):
        return SYSTEM
    powers = powers_file.load()
    held = powers.usable_roles(who) & powers.actions[_ACTION].roles
    if not held:
        raise Forbidden(N_("Registers are not asked in any of your roles."))
    return min(held)


def _alert(transaction: Transaction, row: RegisterRead, sealed: Sealed, now: datetime) -> None:
    alert = PoliceAlert(
        id=new_id(), centre_id=transaction.centre_id, case_id=row.case_id, read_id=row.id, raised_at=now
    )
    transaction.add(alert)
    transaction.flush()
    case_entries.police_alerted(transaction, alert, sealed, now)
