"""What is asked about payments; every answer is plain frozen data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from center.casework.payments.callbacks import Expected, IntentState
from center.casework.payments.gateway import CURRENCY
from center.casework.payments.reconciliation import Kind, Movement
from center.casework.payments.tables import CallbackRefusal, PaymentIntent, PaymentRefund, Reconciliation
from center.database import Transaction
from center.errors import NotFound


@dataclass(frozen=True, slots=True)
class IntentFacts:
    """One payment."""

    intent_id: str
    case_id: str
    purpose: str
    attempt: int
    lines: tuple[dict[str, Any], ...]
    amount_tenge: int
    state: IntentState
    gateway_id: str | None
    pay_url: str | None
    return_url: str
    requested_by: str
    requested_at: datetime
    settled_at: datetime | None
    refunded_tenge: int
    """Given back, or ordered to be."""
    unwanted: bool
    """Whether nothing is left to pay it for."""

    @property
    def provisional(self) -> bool:
        """Whether an amount in it is only recalled."""
        return any(line["provisional"] for line in self.lines)

    @property
    def expected(self) -> Expected:
        """What a call-back about it must fit."""
        return Expected(self.state, self.gateway_id, self.amount_tenge, CURRENCY)


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """One refund."""

    refund_id: str
    intent_id: str
    case_id: str
    gateway_intent: str | None
    amount_tenge: int
    reason: str
    state: str
    requested_by: str
    requested_at: datetime
    done_at: datetime | None
    decided_by: str | None
    """Who confirmed or declined it; None while it waits, and where the centre itself owes the money back."""
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReconciliationFacts:
    """One comparison of a day."""

    day: str
    made_at: datetime
    made_by: str
    charges: int
    refunds: int
    charged_tenge: int
    refunded_tenge: int
    differences: tuple[dict[str, Any], ...]


def intent(transaction: Transaction, intent_id: str) -> IntentFacts:
    """One payment; raises :class:`NotFound`."""
    row = transaction.get(PaymentIntent, intent_id)
    if row is None or row.centre_id != transaction.centre_id:
        raise NotFound(f"There is no payment {intent_id[:36]!r}.")
    return _facts(transaction, row)


def of_case(transaction: Transaction, case_id: str) -> list[IntentFacts]:
    """A case's payments, oldest first."""
    query = select(PaymentIntent).where(
        PaymentIntent.centre_id == transaction.centre_id, PaymentIntent.case_id == case_id
    )
    return [_facts(transaction, row) for row in transaction.scalars(query.order_by(PaymentIntent.id))]


def newest(transaction: Transaction, case_id: str, purpose: str) -> IntentFacts | None:
    """The latest attempt to pay one thing."""
    query = (
        select(PaymentIntent)
        .where(
            PaymentIntent.centre_id == transaction.centre_id,
            PaymentIntent.case_id == case_id,
            PaymentIntent.purpose == purpose,
        )
        .order_by(PaymentIntent.attempt.desc())
        .limit(1)
    )
    row = transaction.scalar(query)
    return None if row is None else _facts(transaction, row)


def unsettled(transaction: Transaction) -> list[IntentFacts]:
    """Payments of which it is not known yet how they end, oldest first."""
    query = select(PaymentIntent).where(
        PaymentIntent.centre_id == transaction.centre_id,
        PaymentIntent.state.in_([IntentState.REQUESTED, IntentState.OPEN]),
    )
    return [_facts(transaction, row) for row in transaction.scalars(query.order_by(PaymentIntent.id))]


def refund(transaction: Transaction, refund_id: str) -> RefundFacts:
    """One refund; raises :class:`NotFound`."""
    row = transaction.get(PaymentRefund, refund_id)
    if row is None or row.centre_id != transaction.centre_id:
        raise NotFound(f"There is no refund {refund_id[:36]!r}.")
    return _refund_facts(transaction, row)


def open_refunds(transaction: Transaction) -> list[RefundFacts]:
    """Refunds that the gateway has not made yet, oldest first."""
    return _refunds_in(transaction, "requested")


def proposed_refunds(transaction: Transaction) -> list[RefundFacts]:
    """Refunds that wait for a second person, oldest first."""
    return _refunds_in(transaction, "proposed")


def refunds_of(transaction: Transaction, intent_id: str) -> list[RefundFacts]:
    """What was given back of a payment, or is to be, oldest first."""
    query = select(PaymentRefund).where(PaymentRefund.intent_id == intent_id).order_by(PaymentRefund.id)
    return [_refund_facts(transaction, row) for row in transaction.scalars(query)]


def movements(transaction: Transaction, begin: datetime, end: datetime) -> list[Movement]:
    """Our book of a span, its end excluded."""
    centre = transaction.centre_id
    paid = select(PaymentIntent).where(
        PaymentIntent.centre_id == centre,
        PaymentIntent.state == IntentState.PAID,
        PaymentIntent.settled_at >= begin,
        PaymentIntent.settled_at < end,
    )
    back = select(PaymentRefund).where(
        PaymentRefund.centre_id == centre, PaymentRefund.done_at >= begin, PaymentRefund.done_at < end
    )
    charges = [Movement(Kind.CHARGE, row.id, row.amount_tenge) for row in transaction.scalars(paid)]
    return charges + [Movement(Kind.REFUND, row.id, row.amount_tenge) for row in transaction.scalars(back)]


def reconciliations(transaction: Transaction, limit: int = 31) -> Sequence[ReconciliationFacts]:
    """The newest comparisons first."""
    query = (
        select(Reconciliation)
        .where(Reconciliation.centre_id == transaction.centre_id)
        .order_by(Reconciliation.id.desc())
        .limit(limit)
    )
    return [
        ReconciliationFacts(
            row.day,
            row.made_at,
            row.made_by,
            row.charges,
            row.refunds,
            row.charged_tenge,
            row.refunded_tenge,
            tuple(row.differences),
        )
        for row in transaction.scalars(query)
    ]


def refusals(transaction: Transaction, day: str) -> dict[str, int]:
    """How many call-backs of a day were not believed, by reason."""
    query = select(CallbackRefusal).where(
        CallbackRefusal.centre_id == transaction.centre_id, CallbackRefusal.day == day
    )
    return {row.reason: row.count for row in transaction.scalars(query)}


def refunded_tenge(transaction: Transaction, intent_id: str) -> int:
    """What of a payment was given back, is to be, or was proposed to be."""
    query = select(func.coalesce(func.sum(PaymentRefund.amount_tenge), 0)).where(
        PaymentRefund.intent_id == intent_id, PaymentRefund.state.not_in(["refused", "declined"])
    )
    return int(transaction.scalar(query) or 0)


def done_tenge(transaction: Transaction, intent_id: str) -> int:
    """What of a payment has gone back."""
    query = select(func.coalesce(func.sum(PaymentRefund.amount_tenge), 0)).where(
        PaymentRefund.intent_id == intent_id, PaymentRefund.state == "done"
    )
    return int(transaction.scalar(query) or 0)


def _refunds_in(transaction: Transaction, state: str) -> list[RefundFacts]:
    query = select(PaymentRefund).where(PaymentRefund.centre_id == transaction.centre_id, PaymentRefund.state == state)
    return [_refund_facts(transaction, row) for row in transaction.scalars(query.order_by(PaymentRefund.id))]


def _facts(transaction: Transaction, row: PaymentIntent) -> IntentFacts:
    return IntentFacts(
        intent_id=row.id,
        case_id=row.case_id,
        purpose=row.purpose,
        attempt=row.attempt,
        lines=tuple(row.lines),
        amount_tenge=row.amount_tenge,
        state=IntentState(row.state),
        gateway_id=row.gateway_id,
        pay_url=row.pay_url,
        return_url=row.return_url,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        settled_at=row.settled_at,
        refunded_tenge=refunded_tenge(transaction, row.id) if row.state == IntentState.PAID else 0,
        unwanted=row.unwanted_at is not None,
    )


def _refund_facts(transaction: Transaction, row: PaymentRefund) -> RefundFacts:
    paid = transaction.get_one(PaymentIntent, row.intent_id)
    return RefundFacts(
        refund_id=row.id,
        intent_id=row.intent_id,
        case_id=paid.case_id,
        gateway_intent=paid.gateway_id,
        amount_tenge=row.amount_tenge,
        reason=row.reason,
        state=row.state,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        done_at=row.done_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
