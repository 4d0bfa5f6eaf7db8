"""Finding out what became of payments and refunds whose end is not known, after a crash or a lost answer.

What nobody wants any more is cancelled on this way.
"""

from __future__ import annotations

from collections.abc import Callable

from center.casework.payments import queries
from center.casework.payments.actions import asking, refunding
from center.casework.payments.gateway import GatewayRefusal
from center.casework.payments.office import SYSTEM, PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.errors import Conflict


def catch_up(office: PaymentOffice, wants: Callable[[IntentFacts], bool] = lambda _: True) -> None:
    """Ask the gateway about all payments that ``wants`` lets through, and order all refunds that wait.

    Raises :class:`NoAnswer` when it does not answer.
    """
    with office.database.reading() as transaction:
        intents = queries.unsettled(transaction)
    for intent in intents:
        if wants(intent):
            _find_out(office, intent)
    # Only now: what was found out may have to be given back at once.
    with office.database.reading() as transaction:
        refunds = queries.open_refunds(transaction)
    for refund in refunds:
        refunding.send(office, refund)


def _find_out(office: PaymentOffice, intent: IntentFacts) -> None:
    try:
        if intent.unwanted:
            asking.cancel_at_gateway(office, intent, by=SYSTEM)
        elif intent.gateway_id is None:
            asking.open_at_gateway(office, intent)
        else:
            asking.note_state(office, intent.intent_id, office.gateway.intent(intent.gateway_id))
    except (GatewayRefusal, Conflict):
        # It stays as it is, and the daily comparison shows it.
        return
