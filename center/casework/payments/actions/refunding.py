"""Giving money back: noted first, then ordered at the gateway until it has been done.

What somebody of the staff wants given back takes two of them: ``proposing_refunds``. The centre itself orders a refund
only where its data leaves nothing to choose: it holds money that it can do nothing for any more, because the payment
had been called cancelled, its case was over, or the draft it was paid for ended without a case. The whole payment goes
back the way it came, and a person could only decide to keep it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.casework.commands import Who, name_of
from center.casework.payments import case_entries, queries
from center.casework.payments.callbacks import IntentState
from center.casework.payments.gateway import GatewayRefusal
from center.casework.payments.lines import Part, given_back
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import RefundFacts
from center.casework.payments.tables import PaymentIntent, PaymentRefund
from center.clock import instant
from center.database import Transaction, new_id
from center.errors import N_, BadRequest, Conflict, NotFound

REASONS = (
    "case_withdrawn", "case_refused", "paid_after_cancelling", "case_takes_no_fee", "draft_given_up", "paid_in_error",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """How much of which payment goes back, why, and by whom; the client's key makes it once."""

    intent_id: str
    amount_tenge: int
    reason: str
    client_key: str
    who: Who


def note(transaction: Transaction, order: RefundOrder, now: datetime) -> RefundFacts:
    """Keep what the centre itself owes back, in the caller's transaction; once for a client's key."""
    row, is_new = keep(transaction, order, "requested", now)
    if is_new:
        case_entries.refund_asked(transaction, transaction.get_one(PaymentIntent, row.intent_id), row, now)
    return queries.refund(transaction, row.id)


def keep(transaction: Transaction, order: RefundOrder, state: str, now: datetime) -> tuple[PaymentRefund, bool]:
    """The row of an order, and whether it is new: the same client's key gives the order that it made before.

    Raises :class:`Conflict` when more would go back than was paid, :class:`NotFound`, :class:`BadRequest`.
    """
    paid = transaction.get(PaymentIntent, order.intent_id)
    if paid is None or paid.centre_id != transaction.centre_id:
        raise NotFound(f"There is no payment {order.intent_id[:36]!r}.")
    query = select(PaymentRefund).where(
        PaymentRefund.intent_id == order.intent_id, PaymentRefund.client_key == order.client_key
    )
    before = transaction.scalar(query)
    if before is not None:
        return before, False
    _refuse(transaction, paid, order)
    row = PaymentRefund(
        id=new_id(),
        centre_id=transaction.centre_id,
        intent_id=order.intent_id,
        client_key=order.client_key,
        amount_tenge=order.amount_tenge,
        reason=order.reason,
        state=state,
        requested_by=name_of(order.who),
        requested_at=now,
    )
    transaction.add(row)
    transaction.flush()
    return row, True


def send(office: PaymentOffice, noted: RefundFacts) -> RefundFacts:
    """Order a noted refund at the gateway, once however often; raises :class:`NoAnswer`."""
    if noted.state != "requested":
        return noted
    assert noted.gateway_intent is not None, "only what was paid is given back"
    try:
        told = office.gateway.refund(noted.gateway_intent, noted.refund_id, noted.amount_tenge)
    except GatewayRefusal:
        return _note_refused(office, noted)
    with office.database.writing() as transaction:
        note_done(transaction, noted.refund_id, told.refund, instant(told.at_ns), office.clock.now())
        return queries.refund(transaction, noted.refund_id)


def note_done(transaction: Transaction, refund_id: str, gateway_id: str, done_at: datetime, now: datetime) -> None:
    """The gateway has given the money back."""
    row = transaction.get_one(PaymentRefund, refund_id)
    if row.state == "done":
        return
    paid = transaction.get_one(PaymentIntent, row.intent_id)
    before = queries.done_tenge(transaction, paid.id)
    row.state, row.gateway_id, row.done_at = "done", gateway_id, done_at
    transaction.flush()
    lines = [Part(line["fee_id"], line["tenge"]) for line in paid.lines]
    case_entries.refunded(transaction, paid, row, given_back(lines, before, row.amount_tenge), now)


def _note_refused(office: PaymentOffice, noted: RefundFacts) -> RefundFacts:
    with office.database.writing() as transaction:
        row = transaction.get_one(PaymentRefund, noted.refund_id)
        if row.state == "requested":
            row.state = "refused"
            transaction.flush()
            paid = transaction.get_one(PaymentIntent, row.intent_id)
            case_entries.refund_refused(transaction, paid, row, office.clock.now())
        return queries.refund(transaction, noted.refund_id)


def _refuse(transaction: Transaction, paid: PaymentIntent, order: RefundOrder) -> None:
    if order.reason not in REASONS:
        raise BadRequest(
            N_("'%(reason)s' is no reason to give money back; there are %(reasons)s."),
            reason=order.reason[:40],
            reasons=", ".join(REASONS),
        )
    if paid.state != IntentState.PAID:
        raise Conflict(N_("This was not paid, so nothing can be given back."))
    left = paid.amount_tenge - queries.refunded_tenge(transaction, paid.id)
    if not 0 < order.amount_tenge <= left:
        raise Conflict(
            N_("%(amount_tenge)s tenge cannot be given back: %(left)s are left of this payment."),
            amount_tenge=order.amount_tenge,
            left=left,
        )
