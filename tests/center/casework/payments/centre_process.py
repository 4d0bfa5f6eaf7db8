"""A small centre as a process of its own, to be killed: one case's fee, one register, call-backs and catching up."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from contextvars import ContextVar
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, Literal

import uvicorn
from fastapi import Depends, FastAPI
from sqlalchemy import event

from center.casework.outside_worker import OutsideWorker
from center.casework.payments.actions.charging import charge
from center.casework.payments.api import router
from center.casework.payments.callbacks import IntentState
from center.casework.payments.gateway import Gateway, GatewayIntent
from center.casework.payments.office import PaymentOffice
from center.casework.register_kinds import Register
from center.casework.registers.actions.asking import Inquiry, ask
from center.casework.registers.client import RegisterClient, answers_within
from center.casework.registers.office import RegisterOffice
from center.casework.registers.policy import load
from center.clock import Clock
from center.database import Database
from center.errors import CenterError
from center.journal.vault import Vault
from center.processes import die_with_parent
from tests.center.casework.sample_cases import AKBOTA
from tests.services.outside_systems import SECRET, TOKEN

IIN = "980417900018"
NOWHERE: Final = 9
"""A port at which no call-back is heard."""
_heard: ContextVar[bool] = ContextVar("heard", default=False)
"""Whether what runs here was told by the gateway that the fee was paid."""
# Each process is a fork of one that has read all modules already.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Place:
    """Where a centre keeps its things and finds the others."""

    database_url: str
    centre_id: str
    folder: Path
    gateway_url: str
    registers_url: str
    port: int
    case_id: str


@dataclass(frozen=True)
class Fall:
    """When the process kills itself: before a database event, counted from the gateway's word that the fee was paid.

    Events are statements, the commit, and the connection's return after it.
    """

    by: Literal["call-back", "answer"]
    """How the word comes; in no other way does it."""
    event: int


class TellingGateway(Gateway):
    """The gateway; whoever hears from it that a fee was paid is marked."""

    def intent(self, gateway_id: str) -> GatewayIntent:
        """A payment as it stands."""
        told = super().intent(gateway_id)
        _heard.set(told.state is IntentState.PAID)
        return told


async def hear_call_back() -> None:
    """Mark who takes a call-back: here each tells of a fee that was paid."""
    _heard.set(True)


def payment_office(database: Database, gateway_url: str, port: int) -> PaymentOffice:
    """As the centre's own settings would make it."""
    callback = f"http://127.0.0.1:{port}/payments/callback"
    gateway = TellingGateway(gateway_url, TOKEN, callback, within_s=2.0)
    return PaymentOffice(database, gateway, Clock(), SECRET.encode(), {"kk": "Сарытау"}, "Asia/Almaty")


def register_office(database: Database, vault: Vault, url: str, clock: Clock | None = None) -> RegisterOffice:
    """As the centre's own settings would make it, with less patience."""
    client = RegisterClient(url, TOKEN, database.centre_id, answers_within(load(), 2.0))
    return RegisterOffice(database, vault, client, clock or Clock())


def open_vault(folder: Path, centre_id: str) -> Vault:
    """The centre's vault, made if it is not there."""
    vault = Vault(f"sqlite:///{folder / 'vault.sqlite3'}", folder / "master.key", centre_id)
    vault.create()
    return vault


def inquiry(case_id: str, client_key: str) -> Inquiry:
    """Who the applicant is."""
    return Inquiry(case_id, Register.PERSONS, "identity", AKBOTA, client_key, IIN)


def serve(place: Place, up: Connection, fall: Fall | None) -> None:
    """Serve, and do what an operator does at the desk; a click whose answer was lost is repeated at the next start."""
    die_with_parent()
    database = Database(place.database_url, place.centre_id)
    by_answer = fall is None or fall.by == "answer"
    port = NOWHERE if fall is not None and by_answer else place.port
    payments = payment_office(database, place.gateway_url, port)
    registers = register_office(database, open_vault(place.folder, place.centre_id), place.registers_url)
    if fall is not None:
        _fall_at(database, fall.event)
    OutsideWorker(payments, registers, with_gateway=by_answer, every_s=0.2, silent_every_s=0.4).start()
    threading.Thread(target=_click, args=(payments, registers, place.case_id), daemon=True).start()
    app = FastAPI()
    app.include_router(router(payments), dependencies=[Depends(hear_call_back)])
    up.send("up")
    uvicorn.run(app, port=place.port, log_level="critical")


def _fall_at(database: Database, number: int) -> None:
    left = iter(range(number))

    def count(*_: object) -> None:
        if _heard.get() and next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "commit", "checkin"):
        event.listen(database.engine, name, count)


def _click(payments: PaymentOffice, registers: RegisterOffice, case_id: str) -> None:
    with contextlib.suppress(CenterError):
        charge(payments, AKBOTA, case_id, "pay", "http://localhost:8000/")
    with contextlib.suppress(CenterError):
        ask(registers, inquiry(case_id, "click-00001"))
