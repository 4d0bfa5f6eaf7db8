"""The whole way: a payer pays at the real gateway, which tells a real server; and what strangers may send it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from center.casework.payments import queries
from center.casework.payments.actions.asking import ask
from center.casework.payments.api import router
from center.casework.payments.callbacks import HEADER, IntentState
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.database import Database
from tests.center.casework.payments.offices import ONCE_PAID, event, money_kinds, office, pays, request, signed
from tests.services.outside_systems import OutsideSystem
from tests.services.processes import free_port


class Served:
    """The route on a real port, and the office behind it."""

    def __init__(self, at: PaymentOffice, port: int) -> None:
        self.office = at
        self.url = f"http://127.0.0.1:{port}/payments/callback"
        app = FastAPI()
        app.include_router(router(at))
        self.server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join()

    def post(self, header: str | None, body: bytes) -> httpx.Response:
        return httpx.post(self.url, content=body, headers={} if header is None else {HEADER: header})

    def state_of(self, intent: IntentFacts) -> IntentState:
        with self.office.database.reading() as transaction:
            return queries.intent(transaction, intent.intent_id).state

    def wait_until_paid(self, intent: IntentFacts) -> None:
        deadline = time.monotonic() + 10.0
        while self.state_of(intent) is not IntentState.PAID:
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.fixture
def served(database: Database, gateway: OutsideSystem) -> Iterator[Served]:
    port = free_port()
    opened = Served(office(database, gateway, f"http://127.0.0.1:{port}/payments/callback"), port)
    yield opened
    opened.stop()


def test_what_a_payer_pays_is_told_and_the_fee_is_paid(served: Served, gateway: OutsideSystem) -> None:
    intent = ask(served.office, request(served.office))
    pays(gateway, intent)
    served.wait_until_paid(intent)
    assert money_kinds(served.office, intent.case_id) == ONCE_PAID


def test_an_event_told_three_times_pays_once(served: Served, gateway: OutsideSystem) -> None:
    gateway.breaks("repeat", "callback")
    intent = ask(served.office, request(served.office))
    pays(gateway, intent)
    served.wait_until_paid(intent)
    time.sleep(0.3)
    assert money_kinds(served.office, intent.case_id) == ONCE_PAID


@pytest.mark.parametrize(
    ("header", "body", "status"),
    [
        (None, b"", 401),
        (None, b"{}", 401),
        ("t=1,v1=" + "0" * 64, b"{}", 401),
        ("nonsense", b"\xff\xfe", 401),
        (None, b"x" * 20_000, 413),
    ],
)
def test_what_strangers_send_gets_a_clear_answer(served: Served, header: Any, body: bytes, status: int) -> None:
    answer = served.post(header, body)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_signed_nonsense_gets_a_clear_answer(served: Served) -> None:
    intent = ask(served.office, request(served.office))
    assert served.post(*signed({"kind": 7})).status_code == 400
    assert served.post(*signed(event(intent, amount_tenge=5))).json()["reason"] == "other_amount"
    assert served.post(*signed(event(intent, reference="nobody"))).status_code == 404
    assert served.state_of(intent) is IntentState.OPEN
    assert served.post(*signed(event(intent))).json() == {"taken": "settle"}
    assert served.post(*signed(event(intent))).json() == {"taken": "repeated"}


def test_the_centre_itself_serves_the_route_to_who_has_not_signed_in(tmp_path: Path) -> None:
    port = free_port()
    environment = {
        **os.environ,
        "SPECCENTER_DEMO": "true",
        "SPECCENTER_DATA": str(tmp_path / "data"),
        "SPECCENTER_VAULT": str(tmp_path / "vault"),
        "SPECCENTER_CONTROL_KEY": str(tmp_path / "vault" / "control.pem"),
        "SPECCENTER_PORT": str(port),
    }
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", "center", "serve"], env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 30.0
        while True:
            try:
                answer = httpx.post(f"http://127.0.0.1:{port}/payments/callback", content=b"{}")
                break
            except httpx.ConnectError:
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(0.1)
        assert (answer.status_code, answer.json()["reason"]) == (401, "unsigned")
    finally:
        server.terminate()
        server.wait(20.0)
