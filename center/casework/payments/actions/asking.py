"""Asking for a payment: one at a time for one thing, known here before the gateway hears of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from center.casework.commands import Who, name_of
from center.casework.fees import FeeDue, total_tenge
from center.casework.outside_call import NoAnswer
from center.casework.payments import case_entries, permits, queries
from center.casework.payments.actions import settling
from center.casework.payments.callbacks import IntentState
from center.casework.payments.gateway import GatewayIntent, GatewayRefusal, Order
from center.casework.payments.office import GATEWAY_SILENT, GatewaySilent, PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.casework.payments.tables import PaymentIntent
from center.clock import instant
from center.database import Transaction, new_id
from center.errors import N_, BadRequest, Conflict

Enter = Callable[[Transaction, PaymentIntent, Who, datetime], None]
"""Enters a fresh payment where it belongs: in its case, or, from home, under the draft."""


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """What is to be paid: in which case, for what of it, which fees; and where the payer returns to."""

    case_id: str
    purpose: str
    dues: tuple[FeeDue, ...]
    return_url: str
    who: Who


def ask(office: PaymentOffice, request: PaymentRequest) -> IntentFacts:
    """The payment of a thing: a new one, or the one that stands already, however many ask at once.

    Raises :class:`Conflict` if it is paid, or stands for another amount; :class:`GatewaySilent` when the payment is
    noted and the gateway does not answer: the centre goes on asking by itself. Whoever may not ask in this case is
    refused as by :func:`act`.
    """
    with office.database.writing() as transaction:
        intent = note(transaction, office, request, case_entries.asked)
    return tell(office, intent)


def note(transaction: Transaction, office: PaymentOffice, request: PaymentRequest, enter: Enter) -> IntentFacts:
    """Keep what is asked in the caller's transaction, and ``enter`` it where it belongs; else as :func:`ask`."""
    if not request.dues or total_tenge(request.dues) <= 0:
        raise BadRequest(N_("A payment needs at least one fee above zero."))
    before = queries.newest(transaction, request.case_id, request.purpose)
    if before is not None and before.state is not IntentState.CANCELLED:
        _refuse_other(before, request)
        return before
    row = _row(transaction, office, request, 1 if before is None else before.attempt + 1)
    enter(transaction, row, request.who, row.requested_at)
    return queries.intent(transaction, row.id)


def tell(office: PaymentOffice, intent: IntentFacts) -> IntentFacts:
    """Let the gateway know of a payment that was noted, so that it can be paid; raises :class:`GatewaySilent`."""
    if intent.state is IntentState.OPEN:
        return intent
    try:
        return open_at_gateway(office, intent)
    except NoAnswer as error:
        raise GatewaySilent(GATEWAY_SILENT) from error


def open_at_gateway(office: PaymentOffice, intent: IntentFacts) -> IntentFacts:
    """Tell the gateway of a payment, or find out what became of it; raises :class:`NoAnswer`.

    The payment's id is the key: however often this is repeated, after whatever crash, the gateway has one payment.
    """
    description = f"{office.title['kk']}: {', '.join(line['fee_id'] for line in intent.lines)}"
    order = Order(intent.intent_id, intent.amount_tenge, description[:200], intent.return_url)
    try:
        told = office.gateway.open(order)
    except GatewayRefusal as refusal:
        raise Conflict(
            N_("The payment gateway refuses this payment with status %(status)s."), status=refusal.status
        ) from refusal
    return note_state(office, intent.intent_id, told)


def cancel(office: PaymentOffice, intent_id: str, *, who: Who) -> IntentFacts:
    """Let a payment be paid no more, so that another may be asked for. Raises :class:`Conflict` if it was paid."""
    with office.database.reading() as transaction:
        intent = queries.intent(transaction, intent_id)
        permits.check(transaction, who, permits.CANCEL, intent.case_id)
    if intent.state in (IntentState.PAID, IntentState.CANCELLED):
        if intent.state is IntentState.PAID:
            raise Conflict(N_("This payment was made; it can only be given back."))
        return intent
    try:
        after = cancel_at_gateway(office, intent, by=name_of(who))
    except NoAnswer as error:
        raise GatewaySilent(N_("The payment gateway does not answer; the payment stands as it was.")) from error
    except GatewayRefusal as refusal:
        raise Conflict(
            N_("The payment gateway refuses to cancel with status %(status)s."), status=refusal.status
        ) from refusal
    if after.state is not IntentState.CANCELLED:
        raise Conflict(N_("This payment was made in the meantime; it can only be given back."))
    return after


def cancel_at_gateway(office: PaymentOffice, intent: IntentFacts, *, by: str) -> IntentFacts:
    """The payment after the gateway was told to take no money for it; raises :class:`NoAnswer`, or its refusal."""
    if intent.gateway_id is None:
        # It may be there all the same: the answer that told its id was lost.
        intent = open_at_gateway(office, intent)
    assert intent.gateway_id is not None
    return note_state(office, intent.intent_id, office.gateway.cancel(intent.gateway_id), by=by)


def note_state(office: PaymentOffice, intent_id: str, told: GatewayIntent, *, by: str | None = None) -> IntentFacts:
    """Keep what the gateway says of a payment."""
    with office.database.writing() as transaction:
        row = transaction.get_one(PaymentIntent, intent_id)
        if row.gateway_id is None:
            row.gateway_id, row.pay_url = told.intent, office.gateway.pay_url(told)
        if row.state == IntentState.REQUESTED:
            row.state = IntentState.OPEN
        at = instant(told.settled_ns) if told.settled_ns is not None else office.clock.now()
        if told.state is IntentState.PAID:
            settling.settle(transaction, row, at=at, now=office.clock.now())
        elif told.state is IntentState.CANCELLED:
            settling.note_cancelled(transaction, row, at=at, now=office.clock.now(), by=by)
        transaction.flush()
        return queries.intent(transaction, intent_id)


def _row(transaction: Transaction, office: PaymentOffice, request: PaymentRequest, attempt: int) -> PaymentIntent:
    row = PaymentIntent(
        id=new_id(),
        centre_id=transaction.centre_id,
        case_id=request.case_id,
        purpose=request.purpose,
        attempt=attempt,
        lines=[_line(one) for one in request.dues],
        amount_tenge=total_tenge(request.dues),
        state=IntentState.REQUESTED,
        return_url=request.return_url,
        requested_by=name_of(request.who),
        requested_at=office.clock.now(),
    )
    transaction.add(row)
    transaction.flush()
    return row


def _line(due: FeeDue) -> dict[str, Any]:
    told = asdict(due)
    return {**told, "mci": str(told["mci"])}


def _refuse_other(before: IntentFacts, request: PaymentRequest) -> None:
    if before.state is IntentState.PAID:
        raise Conflict(N_("This was paid already."))
    wanted = total_tenge(request.dues)
    if before.amount_tenge != wanted:
        raise Conflict(
            N_("A payment of %(amount_tenge)s tenge stands open for this, not of %(wanted)s; cancel it first."),
            amount_tenge=before.amount_tenge,
            wanted=wanted,
        )
