"""Comparing a day with the gateway: what can be found out is found out first, the rest is for a person."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from center.casework.commands import Who, name_of
from center.casework.outside_call import NoAnswer
from center.casework.payments import case_entries, permits, queries
from center.casework.payments.actions import catching_up
from center.casework.payments.gateway import GatewayRefusal
from center.casework.payments.office import GatewaySilent, PaymentOffice
from center.casework.payments.reconciliation import Comparison, Movement, compare
from center.casework.payments.tables import Reconciliation
from center.clock import nanoseconds
from center.database import new_id
from center.errors import N_, Conflict


def reconcile(office: PaymentOffice, day: date, *, who: Who) -> Comparison:
    """Compare a civil day of the centre; raises :class:`GatewaySilent`, :class:`Conflict` for a day that is to come."""
    begin, end = span_of(day, office.zone)
    if begin > office.clock.now():
        raise Conflict(N_("%(day)s has not begun yet."), day=day)
    with office.database.reading() as transaction:
        permits.check(transaction, who, permits.RECONCILE)
    try:
        catching_up.catch_up(office)
        told = office.gateway.movements(nanoseconds(begin), nanoseconds(end))
    except (NoAnswer, GatewayRefusal) as error:
        raise GatewaySilent(
            N_("The payment gateway does not answer, so %(day)s cannot be compared: %(detail)s."),
            day=day,
            detail=str(error),
        ) from error
    theirs = [Movement(one.kind, one.reference, one.amount_tenge) for one in told]
    with office.database.writing() as transaction:
        comparison = compare(queries.movements(transaction, begin, end), theirs)
        row = Reconciliation(
            id=new_id(),
            centre_id=transaction.centre_id,
            day=day.isoformat(),
            made_at=office.clock.now(),
            made_by=name_of(who),
            charges=comparison.charges,
            refunds=comparison.refunds,
            charged_tenge=comparison.charged_tenge,
            refunded_tenge=comparison.refunded_tenge,
            differences=[asdict(one) for one in comparison.differences],
        )
        transaction.add(row)
        transaction.flush()
        case_entries.reconciled(transaction, row)
    return comparison


def span_of(day: date, zone: str) -> tuple[datetime, datetime]:
    """The instants at which a civil day begins and the next one does."""
    local = ZoneInfo(zone)
    begin, end = (datetime.combine(one, time(), local) for one in (day, day + timedelta(days=1)))
    return begin.astimezone(UTC), end.astimezone(UTC)
