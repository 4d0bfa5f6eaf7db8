"""Call-backs of the payment gateway: what a signature proves, and what a call-back may change."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Final

import msgspec

Id = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{1,64}$")]

HEADER: Final = "Gateway-Signature"
_HEADER_FORM = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)
TOLERANCE_S: Final = 300
"""A call-back signed longer ago, or so far ahead, is refused: whoever copied one cannot send it again later."""


class EventKind(StrEnum):
    """What the gateway tells."""

    PAID = "payment.succeeded"
    CANCELLED = "payment.cancelled"
    REFUNDED = "refund.succeeded"


class IntentState(StrEnum):
    """Where a payment is."""

    REQUESTED = "requested"
    """We want it; whether the gateway knows of it is not known."""
    OPEN = "open"
    """The payer can pay it."""
    PAID = "paid"
    CANCELLED = "cancelled"
    """The gateway has promised that it cannot be paid any more."""


class Refused(Exception):
    """A call-back that changes nothing, with the HTTP status that its sender gets."""

    def __init__(self, reason: str, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.status = status


class Callback(msgspec.Struct, frozen=True, kw_only=True):
    """One signed event."""

    event_id: Id
    kind: EventKind
    intent: Id
    """The gateway's id of the payment."""
    reference: Id
    """Ours."""
    amount_tenge: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    at_ns: Annotated[int, msgspec.Meta(ge=0, lt=1 << 62)]
    """When it happened, by the gateway's clock, UTC ns."""
    refund: Id | None = None
    refund_key: Id | None = None
    """Our id of the refund."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What we know of the payment that a call-back speaks of."""

    state: IntentState
    gateway_id: str | None
    amount_tenge: int
    currency: str


class Verdict(StrEnum):
    """What a call-back that is believed does."""

    SETTLE = "settle"
    CANCEL = "cancel"
    REPEATED = "repeated"
    """It tells what is known already."""


def verify(header: str | None, body: bytes, secret: bytes, now_s: int) -> Callback:
    """The event, if it is the gateway's own and fresh; raises :class:`Refused`. Instants are UTC seconds."""
    shown = _HEADER_FORM.fullmatch(header or "")
    if shown is None:
        raise Refused("unsigned", 401, f"The header {HEADER} is not in the form t=SECONDS,v1=HEX.")
    if not hmac.compare_digest(sign(secret, int(shown[1]), body), header or ""):
        raise Refused("forged", 401, "The signature is not that of this body under our key.")
    if abs(now_s - int(shown[1])) > TOLERANCE_S:
        raise Refused("stale", 401, f"The call-back was signed more than {TOLERANCE_S} s from now.")
    try:
        return msgspec.json.decode(body, type=Callback)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refused("unreadable", 400, f"The body is no event: {error}.") from error


def sign(secret: bytes, seconds: int, body: bytes) -> str:
    """The header for a body: when it was signed, and HMAC-SHA256 of that and the body."""
    return f"t={seconds},v1={hmac.digest(secret, f'{seconds}.'.encode() + body, sha256).hex()}"


def judge(callback: Callback, expected: Expected) -> Verdict:
    """What a verified event about a payment does to it; raises :class:`Refused` when it does not fit what we asked."""
    if expected.gateway_id not in (None, callback.intent):
        raise Refused("other_intent", 409, "The gateway's id of this payment is another one.")
    if (callback.amount_tenge, callback.currency) != (expected.amount_tenge, expected.currency):
        told, asked = f"{callback.amount_tenge} {callback.currency}", f"{expected.amount_tenge} {expected.currency}"
        raise Refused("other_amount", 409, f"{told} were told; {asked} were asked.")
    if callback.kind is EventKind.PAID:
        # Also a payment that the gateway had called cancelled: money that was taken is never overlooked.
        return Verdict.REPEATED if expected.state is IntentState.PAID else Verdict.SETTLE
    if expected.state is IntentState.PAID:
        raise Refused("contradiction", 409, "A payment that was made cannot be cancelled, only refunded.")
    return Verdict.REPEATED if expected.state is IntentState.CANCELLED else Verdict.CANCEL
