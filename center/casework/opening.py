"""What casework works with, opened from the settings: the hall, and the offices for what lies outside the centre."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from center.casework.documents.store import ScanStore
from center.casework.one_window import OneWindow
from center.casework.payments.gateway import Gateway
from center.casework.payments.office import PaymentOffice
from center.casework.queue import policy_file
from center.casework.queue.hall import Hall
from center.casework.registers import policy
from center.casework.registers.client import RegisterClient
from center.casework.registers.office import RegisterOffice
from center.database import Database
from center.journal.vault import Vault
from center.people.names import StaffNames
from center.people.office import Office
from center.people.powers import Powers
from center.settings import Settings


def open_payments(settings: Settings, database: Database, title: Mapping[str, str], zone: str) -> PaymentOffice:
    """The office for payments; without an address of a gateway it can ask for none."""
    token, secret = settings.payment_token.get_secret_value(), settings.payment_secret.get_secret_value()
    gateway = Gateway(settings.payment_url, token, settings.callback_url)
    return PaymentOffice(database, gateway, settings.clock, secret.encode(), title, zone)


def open_registers(settings: Settings, database: Database, vault: Vault) -> RegisterOffice:
    """The office for state registers; without an address all are silent."""
    token = settings.registers_token.get_secret_value()
    client = RegisterClient(settings.registers_url, token, database.centre_id, policy.load())
    return RegisterOffice(database, vault, client, settings.clock)


def open_scans(settings: Settings) -> ScanStore:
    """Where scans and portraits lie."""
    return ScanStore(settings.data / "scans")


def open_hall(settings: Settings, database: Database, powers: Powers, zone: str) -> Hall:
    """The hall with its queue; its rules are read once a day."""
    policy_on = lru_cache(maxsize=4)(policy_file.load)
    return Hall(database, powers, policy_on, settings.clock.now, zone)


def open_one_window(
    settings: Settings, office: Office, names: StaffNames, payments: PaymentOffice, registers: RegisterOffice
) -> OneWindow:
    """All that the pages of the one window work with."""
    return OneWindow(
        database=office.database,
        vault=office.vault,
        clock=settings.clock,
        zone=office.zone,
        origin=settings.public_origin,
        powers=office.powers,
        names=names,
        hall=open_hall(settings, office.database, office.powers, office.zone),
        payments=payments,
        registers=registers,
        scans=open_scans(settings),
    )
