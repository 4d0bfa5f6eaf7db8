"""An office with the demo's people and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from center.casework.parties import iin
from center.commands.demo import staff
from center.commands.demo.staff import ADMINISTRATOR, SUPERVISOR
from center.database import Database, new_id
from center.journal.vault import Vault
from center.people import queries
from center.people.actions import requests, ways_in
from center.people.actions.ways_in import SlipCode
from center.people.demo_passkeys import SoftwarePasskey, demo_seed
from center.people.office import Office
from center.people.opening import open_office
from center.people.persons import Person
from center.people.powers import Actor, Strength
from center.people.proposals import AccountCreate, Proposal
from center.settings import load_settings

MORNING = datetime(2026, 4, 14, 4, tzinfo=UTC)


class Rig:
    """The office, whose time is ``at``."""

    def __init__(self, office: Office, seed: bytes) -> None:
        self.at = MORNING
        self.seed = seed
        self.office = replace(office, now=lambda: self.at)
        self._count = 0

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.at += timedelta(**span)

    def actor(self, login: str, strength: Strength = Strength.PASSKEY) -> Actor:
        """One of the demo's people, signed in."""
        with self.office.database.reading() as transaction:
            everybody = queries.accounts(transaction, self.office.powers, self.office.today)
        (one,) = [one for one in everybody if one.login == login]
        return Actor(one.account_id, one.open_roles, strength)

    @property
    def administrator(self) -> Actor:
        """Who proposes."""
        return self.actor(ADMINISTRATOR.login)

    @property
    def supervisor(self) -> Actor:
        """Who confirms."""
        return self.actor(SUPERVISOR.login)

    def person(self) -> Person:
        """Somebody who was never here before."""
        self._count += 1
        body = f"9001019{self._count:04d}"
        digit = iin.check_digit(body)
        if digit is None:  # such a number is never issued
            return self.person()
        return Person(f"new-{new_id()[-8:]}", "Жаңа Қызметкер", body + digit)

    def agree(self, proposal: Proposal) -> tuple[str, SlipCode]:
        """Propose and confirm; the account, and the slip's code as its login would type it."""
        proposed = requests.propose(self.office, self.administrator, proposal)
        confirmed = requests.confirm(self.office, self.supervisor, proposed.request_id)
        with self.office.database.reading() as transaction:
            one = queries.account(transaction, self.office.powers, confirmed.account_id, self.office.today)
        return confirmed.account_id, SlipCode(one.login, proposed.half or "", confirmed.half or "")

    def newcomer(self) -> tuple[str, SlipCode]:
        """A new account without a role, and its slip."""
        return self.agree(AccountCreate(self.person()))

    def key(self, account_id: str, origin: str | None = None) -> SoftwarePasskey:
        """A software passkey of an account."""
        return SoftwarePasskey(self.seed, account_id, origin or self.office.party.origin)

    def enrol(self, account_id: str, code: SlipCode, **answer: Any) -> None:
        """Use a slip to enrol that key."""
        with self.office.database.writing() as transaction:
            attempt, options = ways_in.begin_passkey(transaction, self.office, code)
            made = self.key(account_id).create(options) | answer
            ways_in.enrol_passkey(transaction, self.office, code, attempt, made, simulated=True)


@contextmanager
def open_rig(database_url: str, folder: Path) -> Iterator[Rig]:
    """A fresh one."""
    settings = load_settings(data=folder / "data", vault=folder / "vault", demo=True)
    database = Database(database_url, "sarytau")
    database.upgrade()
    vault = Vault(settings.vault_database, settings.vault / "master.key", "sarytau")
    vault.create()
    rig = Rig(open_office(settings, database, vault, "Asia/Almaty"), demo_seed(settings))
    staff.found(rig.office, settings)
    yield rig
    vault.close()
    database.close()


@pytest.fixture(scope="module")
def shared_rig(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Passwords are hashed as always, but cheaply: how dear a hash is has a test of its own."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch, open_rig(shared_database_url, tmp_path_factory.mktemp("o")) as rig:
        patch.setattr("center.people.passwords._hasher", cheap)
        yield rig


@pytest.fixture
def rig(shared_rig: Rig) -> Rig:
    """The office at nine in the morning, with everybody still in it."""
    shared_rig.at = MORNING
    return shared_rig
