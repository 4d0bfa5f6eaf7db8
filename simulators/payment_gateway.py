"""A payment gateway as a real HTTP server: intents, the payer's page, signed call-backs, refunds, settlements."""

from __future__ import annotations

import hmac
import html
import secrets
import threading
import time
import urllib.request
from collections.abc import Callable
from hashlib import sha256
from http.client import HTTPException
from typing import Any, Final

from messages.clock import TimeScale
from simulators.http_service import Question, Refused, Reply, Service
from simulators.payment_ledger import Event, Intent, Ledger, Refund

_RETRY_EVERY_S: Final = 0.3
_CALLBACK_TIMEOUT_S: Final = 5.0
_LARGEST_TENGE: Final = 1_000_000_000
_REPEATS: Final = 3


class Gateway(Service):
    """Charges an intent once, whatever is repeated; tells the merchant until the merchant has it."""

    open_paths = ("/pay/",)

    def __init__(self, token: str, secret: str, ledger: Ledger, scale: TimeScale | None = None) -> None:
        super().__init__(token)
        self._secret = secret.encode()
        self._ledger = ledger
        self._scale = scale or TimeScale()
        self._news = threading.Event()
        threading.Thread(target=self._tell_for_ever, name="call-backs", daemon=True).start()

    def answer(self, question: Question) -> Reply:
        """Everything but the call-backs."""
        parts = question.path.strip("/").split("/")
        match (question.method, *parts):
            case ("POST", "v1", "intents"):
                return self._create(question)
            case ("GET", "v1", "intents", intent_id):
                return Reply.of(200, self._told(self._known(intent_id)))
            case ("POST", "v1", "intents", intent_id, "cancel"):
                return self._cancel(self._known(intent_id))
            case ("POST", "v1", "intents", intent_id, "refunds"):
                return self._refund(self._known(intent_id), question)
            case ("GET", "v1", "settlements"):
                return self._settlements(question)
            case ("GET", "pay", intent_id):
                return _page(self._known(intent_id))
            case ("POST", "pay", intent_id):
                return self._pay(self._known(intent_id))
        raise Refused(404, f"there is nothing at {question.path}")

    def _create(self, question: Question) -> Reply:
        key, told = _key_of(question), question.json()
        amount = _amount_of(told)
        texts = {
            name: told.get(name) for name in ("reference", "currency", "description", "callback_url", "return_url")
        }
        if not all(isinstance(one, str) and len(one) <= 500 for one in texts.values()) or texts["currency"] != "KZT":
            raise Refused(422, f"{', '.join(texts)} must be given as text, and the currency is KZT")
        fresh = Intent(
            id=f"pi_{secrets.token_hex(12)}",
            key=key,
            amount_tenge=amount,
            state="open",
            created_ns=self._now_ns(),
            settled_ns=None,
            **{name: str(value) for name, value in texts.items()},
        )
        kept = self._ledger.keep_intent(fresh)
        if (kept.amount_tenge, kept.reference) != (amount, texts["reference"]):
            raise Refused(409, "this key was used for another intent")
        return Reply.of(201 if kept.id == fresh.id else 200, self._told(kept))

    def _cancel(self, intent: Intent) -> Reply:
        self._settle(intent, "cancelled", "payment.cancelled")
        now = self._known(intent.id)
        return Reply.of(200 if now.state == "cancelled" else 409, self._told(now))

    def _pay(self, intent: Intent) -> Reply:
        self._settle(intent, "paid", "payment.succeeded")
        return _page(self._known(intent.id))

    def _settle(self, intent: Intent, state: str, kind: str) -> None:
        at_ns = self._now_ns()
        event = self._event(kind, intent, intent.amount_tenge, at_ns)
        self._ledger.settle(intent.id, state, at_ns, event["event_id"], event)
        self._news.set()

    def _refund(self, intent: Intent, question: Question) -> Reply:
        key, told = _key_of(question), question.json()
        amount = _amount_of(told)
        fresh = Refund(f"re_{secrets.token_hex(12)}", key, intent.id, amount, self._now_ns())
        event = self._event("refund.succeeded", intent, amount, fresh.created_ns) | {
            "refund": fresh.id,
            "refund_key": key,
        }
        kept = self._ledger.keep_refund(fresh, event["event_id"], event)
        if kept is None:
            raise Refused(409, "more would go back than was paid")
        if (kept.intent, kept.amount_tenge) != (intent.id, amount):
            raise Refused(409, "this key was used for another refund")
        self._news.set()
        status = 201 if kept.id == fresh.id else 200
        told = {"refund": kept.id, "intent": intent.id, "amount_tenge": amount, "at_ns": kept.created_ns}
        return Reply.of(status, told)

    def _settlements(self, question: Question) -> Reply:
        try:
            span = int(question.query["from_ns"]), int(question.query["to_ns"])
        except (KeyError, ValueError) as error:
            raise Refused(422, "from_ns and to_ns must be given, UTC ns") from error
        if not all(0 <= one < 1 << 63 for one in span):
            raise Refused(422, "from_ns and to_ns are whole numbers below 2⁶³")
        return Reply.of(200, {"movements": self._ledger.movements(*span)})

    def _known(self, intent_id: str) -> Intent:
        intent = self._ledger.intent(intent_id)
        if intent is None:
            raise Refused(404, f"there is no intent {intent_id!r}")
        return intent

    def _told(self, intent: Intent) -> dict[str, Any]:
        return {
            "intent": intent.id,
            "reference": intent.reference,
            "amount_tenge": intent.amount_tenge,
            "currency": intent.currency,
            "state": intent.state,
            "settled_ns": intent.settled_ns,
            "pay_path": f"/pay/{intent.id}",
        }

    def _event(self, kind: str, intent: Intent, amount_tenge: int, at_ns: int) -> dict[str, Any]:
        return {
            "event_id": f"ev_{secrets.token_hex(12)}",
            "kind": kind,
            "intent": intent.id,
            "reference": intent.reference,
            "amount_tenge": amount_tenge,
            "currency": intent.currency,
            "at_ns": at_ns,
        }

    def _now_ns(self) -> int:
        return self._scale.at(time.time_ns())

    def _tell_for_ever(self) -> None:
        while True:
            self._news.wait(_RETRY_EVERY_S)
            self._news.clear()
            for event in self._ledger.untold():
                fault = self.faults.take("callback")
                kind = fault.kind if fault is not None else ""
                if kind == "delay" and fault is not None:
                    time.sleep(fault.seconds)
                if kind == "mute":
                    continue
                for _ in range(_REPEATS if kind == "repeat" else 1):
                    if self._tell(event):
                        self._ledger.mark_told(event.id)

    def _tell(self, event: Event) -> bool:
        seconds = self._now_ns() // 1_000_000_000
        headers = {
            "Content-Type": "application/json",
            "Gateway-Signature": signature(self._secret, seconds, event.body),
        }
        request = urllib.request.Request(event.callback_url, event.body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=_CALLBACK_TIMEOUT_S) as answer:
                return 200 <= int(answer.status) < 300
        except (OSError, HTTPException):
            return False


def signature(secret: bytes, seconds: int, body: bytes) -> str:
    """The header of a call-back: when it was signed (UTC s), and HMAC-SHA256 of that and the body."""
    return f"t={seconds},v1={hmac.digest(secret, f'{seconds}.'.encode() + body, sha256).hex()}"


def _key_of(question: Question) -> str:
    key = question.headers.get("idempotency-key", "")
    if not 8 <= len(key) <= 128:
        raise Refused(422, "an Idempotency-Key of 8 to 128 characters must be given")
    return key


def _amount_of(told: dict[str, Any]) -> int:
    amount = told.get("amount_tenge")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= _LARGEST_TENGE:
        raise Refused(422, f"amount_tenge is a whole number from 1 to {_LARGEST_TENGE}")
    return amount


def _page(intent: Intent) -> Reply:
    """What a payer sees; the button charges, once."""
    amount = f"{intent.amount_tenge:,}".replace(",", "\N{NO-BREAK SPACE}")
    rest: dict[str, Callable[[], str]] = {
        "open": lambda: f'<form method="post"><button>Төлеу · Оплатить · Pay {amount} ₸</button></form>',
        "paid": lambda: "<p>Төленді · Оплачено · Paid</p>",
        "cancelled": lambda: "<p>Күші жойылды · Отменено · Cancelled</p>",
    }
    back = ""
    if intent.return_url.startswith(("http://", "https://")):
        back = f'<p><a href="{html.escape(intent.return_url)}">Оралу · Вернуться · Back</a></p>'
    text = (
        '<!doctype html><html lang="kk"><head><meta charset="utf-8"><title>DEMO pay</title>'
        '<meta name="viewport" content="width=device-width"></head><body><main><h1>DEMO</h1>'
        f"<p>{html.escape(intent.description)}</p><p>{amount} ₸</p>{rest[intent.state]()}{back}</main></body></html>"
    )
    return Reply(200, text.encode(), "text/html; charset=utf-8")
