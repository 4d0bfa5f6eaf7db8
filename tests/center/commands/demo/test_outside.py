"""The demo's outside systems come up as processes and speak with a centre that has their settings."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from center.casework.opening import open_payments, open_registers
from center.casework.payments.actions.asking import ask
from center.casework.payments.callbacks import IntentState
from center.casework.register_kinds import Register
from center.casework.registers.answers import Answer
from center.casework.registers.client import Question
from center.commands.demo.outside import SILENCE, OutsideSystems
from center.database import Database
from center.errors import UnsafeSettings
from center.journal.vault import Vault
from center.processes import die_with_parent
from center.settings import load_settings
from messages.clock import TimeScale
from simulators.state_registers import Silence
from tests.center.casework.payments.offices import request


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[OutsideSystems]:
    systems = OutsideSystems(tmp_path, TimeScale(1_776_135_600_000_000_000, time.time_ns(), 2.0))
    children = [
        subprocess.Popen([sys.executable, "-m", *command], preexec_fn=die_with_parent)
        for command in systems.commands().values()
    ]
    deadline = time.monotonic() + 20.0
    while not systems.listen():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield systems
    for child in children:
        child.kill()
        child.wait()


def test_the_demos_centre_can_take_a_fee_and_ask_a_register(outside: OutsideSystems, tmp_path: Path) -> None:
    settings = load_settings(demo=True, data=tmp_path / "data", vault=tmp_path / "vault", **outside.settings())
    database = Database(settings.main_database, "sarytau-1")
    database.upgrade()
    vault = Vault(settings.vault_database, settings.vault / "master.key", "sarytau-1")
    vault.create()
    payments = open_payments(settings, database, {"kk": "Сарытау"}, "Asia/Almaty")
    assert ask(payments, request(payments)).state is IntentState.OPEN
    question = Question(Register.PERSONS, "identity", "officer-1", "case-1", "consent-1", "010929900020")
    assert isinstance(open_registers(settings, database, vault).client.ask(question), Answer)
    vault.close()
    database.close()


def test_its_secrets_are_refused_outside_the_demo_and_readable_by_nobody_else(
    outside: OutsideSystems, tmp_path: Path
) -> None:
    with pytest.raises(UnsafeSettings, match=r"PAYMENT_TOKEN is the demo's.*REGISTERS_TOKEN is the demo's"):
        load_settings(broker_url="mqtt://centre:secret@127.0.0.1:1883", **outside.settings())
    for path in tmp_path.glob("*.secrets.json"):
        assert path.stat().st_mode & 0o077 == 0


def test_the_silent_hour_is_one_that_the_simulator_understands() -> None:
    assert Silence(SILENCE, TimeScale(), "Asia/Almaty").register == "persons"
