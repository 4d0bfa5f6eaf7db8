"""The simulated gateway keeps a real one's promises: charged once, and told until it is heard."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from simulators.payment_gateway import signature
from tests.services.outside_systems import SECRET, OutsideSystem


class Merchant:
    """Takes call-backs; answers with a status that the test sets."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.status = 200
        merchant = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                merchant.heard.append((self.headers["Gateway-Signature"], body))
                self.send_response(merchant.status)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/callback"

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + 5.0
        while len(self.heard) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.heard) >= count, self.heard


@pytest.fixture
def merchant() -> Iterator[Merchant]:
    opened = Merchant()
    yield opened
    opened.status = 200
    opened.server.shutdown()


def _order(merchant: Merchant, **changes: Any) -> dict[str, Any]:
    order = {
        "reference": "ours-1",
        "amount_tenge": 1081,
        "currency": "KZT",
        "description": "fee",
        "callback_url": merchant.url,
        "return_url": "",
    }
    return {**order, **changes}


def _intent(gateway: OutsideSystem, merchant: Merchant, key: str) -> str:
    answer = gateway.post("/v1/intents", _order(merchant), **{"Idempotency-Key": key})
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["intent"])


def test_a_key_makes_one_intent(gateway: OutsideSystem, merchant: Merchant) -> None:
    assert _intent(gateway, merchant, "key-one-intent") == _intent(gateway, merchant, "key-one-intent")
    other = gateway.post("/v1/intents", _order(merchant, amount_tenge=5), **{"Idempotency-Key": "key-one-intent"})
    assert other.status_code == 409


def test_an_intent_paid_twice_is_charged_once_and_told_with_a_signature(
    gateway: OutsideSystem, merchant: Merchant
) -> None:
    intent = _intent(gateway, merchant, "key-paid-twice")
    assert "Paid" in gateway.post(f"/pay/{intent}").text
    merchant.wait_for(1)
    time.sleep(0.5)
    ((shown, body),) = merchant.heard
    seconds = int(shown.partition(",")[0].removeprefix("t="))
    assert shown == signature(SECRET.encode(), seconds, body)
    assert json.loads(body)["intent"] == intent
    movements = gateway.get(f"/v1/settlements?from_ns=0&to_ns={10**18 * 9}")["movements"]
    assert [one["kind"] for one in movements if one["intent"] == intent] == ["charge"]


def test_what_was_not_heard_is_told_again_after_a_kill(gateway: OutsideSystem, merchant: Merchant) -> None:
    merchant.status = 503
    intent = _intent(gateway, merchant, "key-told-again")
    gateway.post(f"/pay/{intent}")
    merchant.wait_for(1)
    gateway.kill()
    heard = len(merchant.heard)
    merchant.status = 200
    gateway.start()
    merchant.wait_for(heard + 1)
    assert {json.loads(body)["event_id"] for _, body in merchant.heard} == {
        json.loads(merchant.heard[0][1])["event_id"]
    }


def test_never_more_goes_back_than_was_paid(gateway: OutsideSystem, merchant: Merchant) -> None:
    intent = _intent(gateway, merchant, "key-refunds")

    def refund(key: str, amount: int) -> int:
        told = {"amount_tenge": amount}
        return gateway.post(f"/v1/intents/{intent}/refunds", told, **{"Idempotency-Key": key}).status_code

    assert refund("refund-early", 1) == 409
    gateway.post(f"/pay/{intent}")
    assert [refund("refund-a", 1000), refund("refund-a", 1000), refund("refund-b", 82)] == [201, 200, 409]
    assert refund("refund-a", 999) == 409
    assert refund("refund-c", 81) == 201


def test_a_cancelled_intent_cannot_be_paid_nor_a_paid_one_cancelled(gateway: OutsideSystem, merchant: Merchant) -> None:
    first, second = (_intent(gateway, merchant, f"key-cancel-{number}") for number in (1, 2))
    assert gateway.post(f"/v1/intents/{first}/cancel").json()["state"] == "cancelled"
    assert "Cancelled" in gateway.post(f"/pay/{first}").text
    gateway.post(f"/pay/{second}")
    assert gateway.post(f"/v1/intents/{second}/cancel").status_code == 409


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"amount_tenge": 0}, 422),
        ({"amount_tenge": -1}, 422),
        ({"amount_tenge": 1.5}, 422),
        ({"amount_tenge": True}, 422),
        ({"amount_tenge": "1081"}, 422),
        ({"currency": "EUR"}, 422),
        ({"reference": None}, 422),
        ({"description": "x" * 501}, 422),
    ],
)
def test_a_bad_order_is_refused(gateway: OutsideSystem, merchant: Merchant, changes: Any, status: int) -> None:
    answer = gateway.post("/v1/intents", _order(merchant, **changes), **{"Idempotency-Key": "key-bad-order"})
    assert answer.status_code == status


def test_a_stranger_is_not_served_but_a_payer_is(gateway: OutsideSystem, merchant: Merchant) -> None:
    intent = _intent(gateway, merchant, "key-stranger")
    assert gateway.post("/v1/intents", {}, Authorization="Bearer guess").status_code == 401
    assert gateway.post(f"/pay/{intent}", Authorization="").status_code == 200
    assert gateway.post("/pay/pi_none").status_code == 404
