"""The offices for what lies outside the centre, opened from the settings."""

from __future__ import annotations

from collections.abc import Mapping

from center.casework.payments.gateway import Gateway
from center.casework.payments.office import PaymentOffice
from center.casework.registers import policy
from center.casework.registers.client import RegisterClient
from center.casework.registers.office import RegisterOffice
from center.database import Database
from center.journal.vault import Vault
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
