"""Paying from home: the fees of the service by the day's schedule, asked for under the draft.

The draft's id becomes the case's, so a fee that was paid for the draft is paid for the case once it is opened.
"""

from __future__ import annotations

from datetime import date

from center.casework import fee_schedule, services_file
from center.casework.commands import Applicant
from center.casework.drafts import queries
from center.casework.drafts.office import DraftOffice
from center.casework.drafts.queries import DraftFacts
from center.casework.fees import FeeDue, due, total_tenge
from center.casework.payments import case_entries
from center.casework.payments import queries as payments
from center.casework.payments.actions import asking
from center.casework.payments.actions.asking import PaymentRequest
from center.casework.payments.callbacks import IntentState
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.casework.services import Edition
from center.errors import N_, Conflict


def payable(edition: Edition, today: date) -> dict[str, tuple[FeeDue, ...]]:
    """Step → its fees on a civil day, for steps whose fees depend on nothing that is only looked at at the centre."""
    schedule = fee_schedule.load()
    return {
        step.id: tuple(due(schedule, fee, today) for fee in step.fees)
        for step in edition.steps.values()
        if step.fees and all(schedule.fees[fee].by is None for fee in step.fees)
    }


def edition_of(office: DraftOffice, draft: DraftFacts) -> Edition:
    """The service as it was when the draft was begun."""
    return services_file.load().on(draft.service, office.hall.today(draft.begun_at))


def pay(
    office: DraftOffice, at: PaymentOffice, code: str, step: str, return_url: str, address: str
) -> IntentFacts:  # fmt: skip
    """The payment of a step's fees: a new one, or the one that stands already.

    Raises :class:`Conflict` for a draft that is over and for what is paid or not to be paid from home,
    :class:`GatewaySilent` when it is noted and the gateway does not answer.
    """
    office.codes.count(address)
    _cancel_outdated(office, at, code, step)
    now = office.hall.now()
    with office.hall.database.writing() as transaction:
        row = queries.open_row(transaction, code, now)
        dues = _dues(office, queries.facts(row), step)
        asked = PaymentRequest(row.id, step, dues, return_url, Applicant())
        intent = asking.note(transaction, at, asked, case_entries.asked_ahead)
    return asking.tell(at, intent)


def _cancel_outdated(office: DraftOffice, at: PaymentOffice, code: str, step: str) -> None:
    """A payment that was asked for before the fee changed cannot be paid any more."""
    with office.hall.database.reading() as transaction:
        draft = queries.facts(queries.row_of(transaction, code))
        dues = _dues(office, draft, step)
        before = payments.newest(transaction, draft.draft_id, step)
    if before is None or before.state in (IntentState.PAID, IntentState.CANCELLED):
        return
    if before.amount_tenge != total_tenge(dues):
        asking.cancel(at, before.intent_id, who=Applicant())


def _dues(office: DraftOffice, draft: DraftFacts, step: str) -> tuple[FeeDue, ...]:
    found = payable(edition_of(office, draft), office.hall.today(office.hall.now()))
    if step not in found:
        raise Conflict(N_("This is not to be paid from home."))
    return found[step]
