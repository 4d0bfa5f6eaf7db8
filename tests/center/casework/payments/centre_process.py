"""A small centre as a process of its own, to be killed: one case's fee, one register, call-backs and catching up.

python -m tests.center.casework.payments.centre_process DATABASE VAULT_FOLDER GATEWAY REGISTERS PORT CASE
"""

from __future__ import annotations

import contextlib
import sys
import threading
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from center.casework.outside_worker import OutsideWorker
from center.casework.payments.actions.charging import charge
from center.casework.payments.api import router
from center.casework.payments.gateway import Gateway
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
from tests.center.casework.sample_cases import AKBOTA
from tests.services.outside_systems import SECRET, TOKEN

CENTRE = "sarytau-1"
IIN = "980417900018"


def payment_office(database: Database, gateway_url: str, port: int) -> PaymentOffice:
    """As the centre's own settings would make it."""
    callback = f"http://127.0.0.1:{port}/payments/callback"
    gateway = Gateway(gateway_url, TOKEN, callback, within_s=2.0)
    return PaymentOffice(database, gateway, Clock(), SECRET.encode(), {"kk": "Сарытау"}, "Asia/Almaty")


def register_office(database: Database, vault: Vault, url: str, clock: Clock | None = None) -> RegisterOffice:
    """As the centre's own settings would make it, with less patience."""
    client = RegisterClient(url, TOKEN, CENTRE, answers_within(load(), 2.0))
    return RegisterOffice(database, vault, client, clock or Clock())


def inquiry(case_id: str, client_key: str) -> Inquiry:
    """Who the applicant is."""
    return Inquiry(case_id, Register.PERSONS, "identity", AKBOTA, client_key, IIN)


def main(database_url: str, vault_folder: str, gateway_url: str, registers_url: str, port: str, case_id: str) -> None:
    """Serve, and do what an operator does at the desk; a click whose answer was lost is repeated at the next start."""
    database = Database(database_url, CENTRE)
    folder = Path(vault_folder)
    vault = Vault(f"sqlite:///{folder / 'vault.sqlite3'}", folder / "master.key", CENTRE)
    vault.create()
    payments = payment_office(database, gateway_url, int(port))
    registers = register_office(database, vault, registers_url)
    OutsideWorker(payments, registers, with_gateway=True, every_s=0.2, silent_every_s=0.4).start()
    threading.Thread(target=_click, args=(payments, registers, case_id), daemon=True).start()
    app = FastAPI()
    app.include_router(router(payments))
    print("up", flush=True)
    uvicorn.run(app, port=int(port), log_level="critical")


def _click(payments: PaymentOffice, registers: RegisterOffice, case_id: str) -> None:
    with contextlib.suppress(CenterError):
        charge(payments, AKBOTA, case_id, "pay", "http://localhost:8000/")
    with contextlib.suppress(CenterError):
        ask(registers, inquiry(case_id, "click-00001"))


if __name__ == "__main__":
    main(*sys.argv[1:])
