"""The payment gateway as its client sees it: every order carries our key, so that repeating one changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec

from center.casework.outside_call import Failure, Incoming, NoAnswer, Outgoing, call
from center.casework.payments.callbacks import Id, IntentState
from center.casework.payments.reconciliation import Kind

CURRENCY: Final = "KZT"
_Told = TypeVar("_Told")


class GatewayRefusal(Exception):
    """The gateway answers that it will not do this."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the gateway refuses with status {status}")
        self.status = status


class GatewayIntent(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway says of a payment."""

    intent: Id
    reference: Id
    amount_tenge: int
    currency: str
    state: IntentState
    pay_path: str
    settled_ns: int | None


class GatewayRefund(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway says of a refund."""

    refund: Id
    intent: Id
    amount_tenge: int
    at_ns: int


class GatewayMovement(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the gateway's book."""

    kind: Kind
    intent: Id
    reference: str
    amount_tenge: int
    at_ns: int


class _Movements(msgspec.Struct, frozen=True):
    movements: list[GatewayMovement]


@dataclass(frozen=True, slots=True)
class Order:
    """A payment that the gateway is to take. ``description`` is shown to the payer and names nobody."""

    reference: str
    amount_tenge: int
    description: str
    return_url: str


class Gateway:
    """Asks over HTTP. Every method raises :class:`NoAnswer` or :class:`GatewayRefusal`."""

    def __init__(self, url: str, token: str, callback_url: str, *, within_s: float = 5.0) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._callback_url = callback_url
        self._within_s = within_s

    def open(self, order: Order) -> GatewayIntent:
        """Make a payment that can be paid; the same one for the same reference, however often."""
        told = {
            "reference": order.reference,
            "amount_tenge": order.amount_tenge,
            "currency": CURRENCY,
            "description": order.description,
            "callback_url": self._callback_url,
            "return_url": order.return_url,
        }
        intent = self._ask("POST", "/v1/intents", GatewayIntent, told, key=order.reference)
        if (intent.reference, intent.amount_tenge, intent.currency) != (order.reference, order.amount_tenge, CURRENCY):
            raise NoAnswer(Failure.GARBAGE, "the gateway answers with another payment than was asked for")
        return intent

    def intent(self, gateway_id: str) -> GatewayIntent:
        """A payment as it stands."""
        return self._ask("GET", f"/v1/intents/{gateway_id}", GatewayIntent)

    def cancel(self, gateway_id: str) -> GatewayIntent:
        """Let a payment be paid no more; the answer says whether it had been paid before."""
        return self._ask("POST", f"/v1/intents/{gateway_id}/cancel", GatewayIntent, {}, also=(409,))

    def refund(self, gateway_id: str, refund_id: str, amount_tenge: int) -> GatewayRefund:
        """Give money back; once for one refund of ours, however often."""
        told = {"amount_tenge": amount_tenge}
        refund = self._ask("POST", f"/v1/intents/{gateway_id}/refunds", GatewayRefund, told, key=refund_id)
        if (refund.intent, refund.amount_tenge) != (gateway_id, amount_tenge):
            raise NoAnswer(Failure.GARBAGE, "the gateway answers with another refund than was asked for")
        return refund

    def movements(self, from_ns: int, to_ns: int) -> list[GatewayMovement]:
        """The gateway's book of a span, UTC ns, its end excluded."""
        return self._ask("GET", f"/v1/settlements?from_ns={from_ns}&to_ns={to_ns}", _Movements).movements

    def pay_url(self, intent: GatewayIntent) -> str:
        """Where the payer pays."""
        return f"{self._url}{intent.pay_path}"

    def _ask(
        self,
        method: str,
        path: str,
        form: type[_Told],
        told: dict[str, Any] | None = None,
        *,
        key: str | None = None,
        also: tuple[int, ...] = (),
    ) -> _Told:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        body = None if told is None else msgspec.json.encode(told)
        reply = call(Outgoing(method, f"{self._url}{path}", body, headers), within_s=self._within_s)
        return _read(reply, form, also)


def _read(reply: Incoming, form: type[_Told], also: tuple[int, ...]) -> _Told:
    if 400 <= reply.status < 500 and reply.status not in also:
        raise GatewayRefusal(reply.status)
    try:
        return msgspec.json.decode(reply.body, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NoAnswer(Failure.GARBAGE, "the gateway's answer is not in the form of one") from error
