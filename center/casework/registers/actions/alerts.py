"""Alerts of the police: which of them an officer may know of, what one says, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from center.casework import queries as cases
from center.casework.fields import Fields
from center.casework.permission import facts_of
from center.casework.register_kinds import Register
from center.casework.registers import case_entries, queries
from center.casework.registers.answers import Answer, kept_answer
from center.casework.registers.office import RegisterOffice, field_of, subject_of
from center.casework.registers.queries import AlertFacts
from center.casework.registers.tables import PoliceAlert
from center.database import Transaction
from center.errors import N_, Conflict, Forbidden
from center.people import powers_file
from center.people.powers import Actor

SEE: Final = "police_alert.see"
ACKNOWLEDGE: Final = "police_alert.acknowledge"
_LONGEST_NOTE: Final = 2000


@dataclass(frozen=True, slots=True)
class SeenAlert:
    """What an alert says; after shredding nothing is left of answer and note."""

    alert: AlertFacts
    number: str
    """Of the case."""
    answer: Answer | None
    note: str


@dataclass(frozen=True, slots=True)
class ListedAlert:
    """An alert by the number of its case."""

    alert: AlertFacts
    number: str


def waiting(transaction: Transaction, who: Actor) -> list[ListedAlert]:
    """What waits for the police, oldest first, but for cases that concern this officer privately."""
    return _listed(transaction, who, queries.open_alerts(transaction))


def acknowledged(transaction: Transaction, who: Actor) -> list[ListedAlert]:
    """What has been acknowledged, newest first, but for cases that concern this officer privately."""
    return _listed(transaction, who, queries.acknowledged_alerts(transaction))


def see(office: RegisterOffice, alert_id: str, who: Actor) -> SeenAlert:
    """What the list of wanted vehicles says, to the police; noted as seen. Raises :class:`Forbidden`."""
    with office.database.writing() as transaction:
        row = _permitted(transaction, alert_id, who, SEE)
        if row.seen_at is None:
            row.seen_by, row.seen_at = who.account_id, office.clock.now()
            case_entries.alert_seen(transaction, row)
        alert = queries.alert(transaction, alert_id)
        number = cases.case_row(transaction, alert.case_id).number
    values = office.vault.reveal(subject_of(alert.case_id, police_only=True))
    return SeenAlert(alert, number, _wanted(values, alert.read_id), values.get(_note_of(alert_id), ""))


def acknowledge(office: RegisterOffice, alert_id: str, who: Actor, given: Mapping[str, str]) -> None:
    """Say what is done about an alert (field ``note``); raises :class:`BadFields`; :class:`Conflict` if it was said.

    The same officer's same note again changes nothing.
    """
    form = Fields(given)
    note = form.reason("note", at_most=_LONGEST_NOTE)
    form.finish()
    with office.database.writing() as transaction:
        row = _permitted(transaction, alert_id, who, ACKNOWLEDGE)
        subject = subject_of(row.case_id, police_only=True)
        if row.acknowledged_at is not None:
            if (row.acknowledged_by, office.vault.reveal(subject).get(_note_of(row.id))) == (who.account_id, note):
                return
            raise Conflict(N_("This alert has been acknowledged already."))
        now = office.clock.now()
        row.acknowledged_by, row.acknowledged_at = who.account_id, now
        transaction.flush()
        sealed = office.vault.seal(subject, {_note_of(row.id): note}, now)
        case_entries.alert_acknowledged(transaction, row, sealed)


def _permitted(transaction: Transaction, alert_id: str, who: Actor, action: str) -> PoliceAlert:
    """The alert's row; raises :class:`NotFound`, :class:`Forbidden`."""
    alert = queries.alert(transaction, alert_id)
    state = cases.case_state(transaction, alert.case_id)
    refusal = powers_file.load().may(who, action, state.status, facts_of(state))
    if refusal is not None:
        raise refusal.error()
    return transaction.get_one(PoliceAlert, alert_id)


def _listed(transaction: Transaction, who: Actor, alerts: Iterable[AlertFacts]) -> list[ListedAlert]:
    powers = powers_file.load()
    if powers.may(who, SEE) is not None:
        raise Forbidden(N_("Alerts are for the police only."))
    found = []
    for one in alerts:
        state = cases.case_state(transaction, one.case_id)
        if powers.may(who, SEE, state.status, facts_of(state)) is None:
            found.append(ListedAlert(one, cases.case_row(transaction, one.case_id).number))
    return found


def _wanted(values: Mapping[str, str], read_id: str) -> Answer | None:
    kept = values.get(field_of(Register.WANTED, read_id))
    return None if kept is None else kept_answer(kept, Register.WANTED)


def _note_of(alert_id: str) -> str:
    return f"alert_note:{alert_id}"
