"""A payment office over a real database and a real (simulated) gateway, and call-backs as the gateway signs them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from center.casework import queries
from center.casework.fee_schedule import load
from center.casework.fees import due
from center.casework.payments.actions.asking import PaymentRequest
from center.casework.payments.actions.proposing_refunds import confirm, propose
from center.casework.payments.actions.refunding import RefundOrder
from center.casework.payments.callbacks import sign
from center.casework.payments.gateway import Gateway
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import IntentFacts, RefundFacts
from center.clock import Clock
from center.database import Database, new_id
from tests.center.casework.sample_cases import AKBOTA, SUPERVISOR, open_case, walk
from tests.services.outside_systems import SECRET, TOKEN, OutsideSystem

NOBODY = "http://127.0.0.1:9/callback"
"""Call-backs that go nowhere: what the centre learns, it finds out itself."""
DUES = (due(load(), "vehicle_registration", date(2026, 4, 14)), due(load(), "plate", date(2026, 4, 14)))
AMOUNT = 1081 + 12110


def office(
    database: Database,
    gateway: OutsideSystem,
    callback_url: str = NOBODY,
    clock: Clock | None = None,
    within_s: float = 1.0,
) -> PaymentOffice:
    return PaymentOffice(
        database=database,
        gateway=Gateway(gateway.url, TOKEN, callback_url, within_s=within_s),
        clock=clock or Clock(),
        secret=SECRET.encode(),
        title={"kk": "Сарытау", "ru": "Сарытау", "en": "Sarytau"},
        zone="Asia/Almaty",
    )


def request(at: PaymentOffice, case_id: str | None = None, **changes: Any) -> PaymentRequest:
    """What an operator asks to be paid, in a case of its own whose documents were accepted."""
    told: dict[str, Any] = {
        "case_id": case_id or walk(at.database, open_case(at.database), 2).case_id,
        "purpose": "fees",
        "dues": DUES,
        "return_url": "http://localhost:8000/",
        "who": AKBOTA,
    }
    return PaymentRequest(**{**told, **changes})


def pays(gateway: OutsideSystem, intent: IntentFacts) -> None:
    """The payer presses the button."""
    assert gateway.post(f"/pay/{intent.gateway_id}").status_code == 200


def given_back(at: PaymentOffice, order: RefundOrder) -> RefundFacts:
    """What the orderer proposes and the supervisor confirms."""
    return confirm(at, SUPERVISOR, propose(at, order).refund_id)


def event(paid: IntentFacts, /, **changes: Any) -> dict[str, Any]:
    """What the gateway tells of a payment that was made."""
    told = {
        "event_id": f"ev_{new_id()}",
        "kind": "payment.succeeded",
        "intent": paid.gateway_id,
        "reference": paid.intent_id,
        "amount_tenge": paid.amount_tenge,
        "currency": "KZT",
        "at_ns": Clock().now_ns(),
    }
    return {**told, **changes}


def signed(told: dict[str, Any], *, secret: str = SECRET, at: datetime | None = None) -> tuple[str, bytes]:
    """Header and body of a call-back."""
    body = json.dumps(told).encode()
    seconds = int((at or datetime.now(UTC)).timestamp())
    return sign(secret.encode(), seconds, body), body


def money_kinds(at: PaymentOffice, case_id: str) -> list[str]:
    """What the case records of money."""
    with at.database.reading() as transaction:
        kinds = [action.kind for action in queries.actions(transaction, case_id)]
    return [kind for kind in kinds if kind.startswith("fee.")]


ONCE_PAID = ["fee.asked", "fee.asked", "fee.paid", "fee.paid"]
"""Two fees in one payment."""


def charges(gateway: OutsideSystem, intent: IntentFacts) -> list[dict[str, Any]]:
    """What the gateway took and gave back of a payment."""
    movements = gateway.get(f"/v1/settlements?from_ns=0&to_ns={9 * 10**18}")["movements"]
    return [one for one in movements if one["intent"] == intent.gateway_id]
