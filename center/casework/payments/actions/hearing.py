"""A call-back comes in: believed or not, and its effect once."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from center.casework.payments import case_entries, queries
from center.casework.payments.actions import refunding, settling
from center.casework.payments.callbacks import Callback, EventKind, Refused, Verdict, judge, verify
from center.casework.payments.office import PaymentOffice
from center.casework.payments.tables import CallbackRefusal, PaymentEvent, PaymentIntent, PaymentRefund
from center.clock import instant
from center.database import Transaction, new_id


def hear(office: PaymentOffice, header: str | None, body: bytes) -> Verdict:
    """Take a call-back; raises :class:`Refused`, after counting it."""
    now_s = office.clock.now_ns() // 1_000_000_000
    try:
        callback = verify(header, body, office.secret, now_s)
        with office.database.writing() as transaction:
            return _take(transaction, callback, office.clock.now())
    except Refused as refusal:
        _count(office, refusal.reason)
        raise


def _take(transaction: Transaction, callback: Callback, now: datetime) -> Verdict:
    row = transaction.get(PaymentIntent, callback.reference)
    if row is None or row.centre_id != transaction.centre_id:
        raise Refused("unknown", 404, "There is no payment with this reference.")
    if callback.kind is EventKind.REFUNDED:
        verdict = _take_refund(transaction, row, callback, now)
    else:
        verdict = judge(callback, queries.intent(transaction, row.id).expected)
        _apply(transaction, row, callback, verdict, now)
    _note_event(transaction, row, callback, now)
    return verdict


def _apply(transaction: Transaction, row: PaymentIntent, callback: Callback, verdict: Verdict, now: datetime) -> None:
    if row.gateway_id is None:
        row.gateway_id = callback.intent
    at = instant(callback.at_ns)
    if verdict is Verdict.SETTLE:
        settling.settle(transaction, row, at=at, now=now)
    elif verdict is Verdict.CANCEL:
        settling.note_cancelled(transaction, row, at=at, now=now)


def _take_refund(transaction: Transaction, paid: PaymentIntent, callback: Callback, now: datetime) -> Verdict:
    row = None
    if callback.refund_key is not None:
        row = transaction.get(PaymentRefund, callback.refund_key)
    if row is None or row.intent_id != paid.id or callback.refund is None:
        raise Refused("unknown_refund", 404, "There is no such refund of this payment.")
    if row.amount_tenge != callback.amount_tenge:
        raise Refused("other_amount", 409, f"{callback.amount_tenge} were told; {row.amount_tenge} were asked.")
    if row.state == "done":
        return Verdict.REPEATED
    refunding.note_done(transaction, row.id, callback.refund, instant(callback.at_ns), now)
    return Verdict.SETTLE


def _note_event(transaction: Transaction, row: PaymentIntent, callback: Callback, now: datetime) -> None:
    known = select(PaymentEvent.id).where(
        PaymentEvent.centre_id == transaction.centre_id, PaymentEvent.event_id == callback.event_id
    )
    if transaction.scalar(known) is None:
        transaction.add(
            PaymentEvent(
                id=new_id(),
                centre_id=transaction.centre_id,
                event_id=callback.event_id,
                kind=callback.kind.value,
                intent_id=row.id,
                received_at=now,
            )
        )
        transaction.flush()


def _count(office: PaymentOffice, reason: str) -> None:
    now = office.clock.now()
    day = now.astimezone(ZoneInfo(office.zone)).date().isoformat()
    with office.database.writing() as transaction:
        query = select(CallbackRefusal).where(
            CallbackRefusal.centre_id == transaction.centre_id,
            CallbackRefusal.day == day,
            CallbackRefusal.reason == reason,
        )
        row = transaction.scalar(query)
        if row is None:
            row = CallbackRefusal(
                id=new_id(), centre_id=transaction.centre_id, day=day, reason=reason, count=0, last_at=now
            )
            transaction.add(row)
            case_entries.callback_refused(transaction, day, reason, now)
        row.count, row.last_at = row.count + 1, now
