"""The fees of a case's step: what is due on the day, asked for in one payment."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from center.casework import fee_schedule, queries
from center.casework.case import StepStatus
from center.casework.commands import Who
from center.casework.fees import FeeDue, due
from center.casework.payments.actions.asking import PaymentRequest, ask
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.errors import N_, Conflict


def dues_of_step(office: PaymentOffice, case_id: str, step: str, *, age_years: int | None = None) -> tuple[FeeDue, ...]:
    """What is still to be paid for a step that is open, by the fees of the centre's civil day.

    Raises :class:`NotFound`, and :class:`Conflict` when the step is not open or nothing of it is left to pay.
    """
    with office.database.reading() as transaction:
        state = queries.case_state(transaction, case_id)
        found = queries.edition_of(queries.case_row(transaction, case_id)).step(step)
    if state.steps[found.id] is not StepStatus.OPEN:
        raise Conflict(N_("Nothing is to be paid now for the step “%(step)s”."), step=found.title)
    left = [fee for fee in found.fees if fee not in state.fees_paid]
    if not left:
        raise Conflict(N_("Nothing is left to pay for the step “%(step)s”."), step=found.title)
    today = office.clock.now().astimezone(ZoneInfo(office.zone)).date()
    schedule = fee_schedule.load()
    return tuple(due(schedule, fee, today, age_years=age_years) for fee in left)


def charge(
    office: PaymentOffice, who: Who, case_id: str, step: str, return_url: str, *, age_years: int | None = None
) -> IntentFacts:
    """Ask for the fees of a step; the payment that stands already, if one does. Raises as :func:`ask` does."""
    dues = dues_of_step(office, case_id, step, age_years=age_years)
    return ask(office, PaymentRequest(case_id, step, dues, return_url, who))
