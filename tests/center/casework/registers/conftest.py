"""A database, a vault and a register office over the simulated registers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from center.casework.registers.client import RegisterClient, answers_within
from center.casework.registers.office import RegisterOffice
from center.casework.registers.policy import load
from center.clock import Clock
from center.database import Database
from center.journal.vault import Vault
from tests.services.outside_systems import TOKEN, OutsideSystem


@pytest.fixture
def office(database_url: str, tmp_path: Path, registers: OutsideSystem) -> Iterator[RegisterOffice]:
    database = Database(database_url, "sarytau-1")
    database.upgrade()
    vault = Vault(f"sqlite:///{tmp_path / 'vault.sqlite3'}", tmp_path / "master.key", "sarytau-1")
    vault.create()
    client = RegisterClient(registers.url, TOKEN, "sarytau-1", answers_within(load(), 0.8), pause=lambda _: None)
    yield RegisterOffice(database, vault, client, Clock())
    vault.close()
    database.close()
