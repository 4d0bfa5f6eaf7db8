"""After its time a case's personal data is nowhere: not in database, write-ahead log, backups or logs; proofs hold."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select, text

from center.casework.actions.shredding import shred_due, subjects_of
from center.casework.registers import queries
from center.casework.registers.actions.asking import ask
from center.casework.registers.actions.showing import Viewer, show
from center.casework.registers.client import RegisterClient, answers_within
from center.casework.registers.office import RegisterOffice
from center.casework.registers.policy import load
from center.casework.tables import CaseShredding
from center.clock import Clock
from center.database import Database
from center.errors import UnsafeSettings
from center.journal.chain import chain_new_entries, verify
from center.journal.vault import Vault
from center.journal.vault_tables import SubjectKey
from tests.center.casework.registers.inquiries import IIN, inquiry
from tests.center.casework.sample_cases import AKBOTA, command, do
from tests.services.outside_systems import TOKEN, OutsideSystem

ZONE = "Asia/Almaty"
CANARIES = (IIN, "Сәрсенова", "Айгерім", "999000001")
KEPT = "Tomás Rivera"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Everything that is logged, at its wordiest, in a file."""
    handler = logging.FileHandler(tmp_path / "centre.log")
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield tmp_path / "centre.log"
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


@pytest.fixture
def office(database_url: str, tmp_path: Path, registers: OutsideSystem, log: Path) -> Iterator[RegisterOffice]:
    """Database and vault on one kind of store, so that both kinds are scanned for both."""
    database = Database(database_url, "sarytau-1")
    database.upgrade()
    url = database_url if database_url.startswith("postgresql") else f"sqlite:///{tmp_path / 'vault.sqlite3'}"
    vault = Vault(url, tmp_path / "master.key", "sarytau-1")
    vault.create()
    client = RegisterClient(registers.url, TOKEN, "sarytau-1", answers_within(load(), 5.0))
    yield RegisterOffice(database, vault, client, Clock())
    vault.close()
    database.close()


@pytest.fixture
def stores(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> list[Path]:
    """The folders in which the databases, their logs and ours lie."""
    if database_url.startswith("postgresql"):
        folder: Path = request.getfixturevalue("postgresql_folder")
        return [tmp_path, folder]
    return [tmp_path]


def _files_with(folders: list[Path], wanted: bytes) -> list[Path]:
    found = []
    for path in (path for folder in folders for path in folder.rglob("*")):
        try:
            if path.is_file() and wanted in path.read_bytes():
                found.append(path)
        except FileNotFoundError:
            continue
    return found


def _over_case(office: RegisterOffice) -> str:
    """A case in which a person was asked for and looked at, withdrawn afterwards."""
    one = inquiry(office)
    ask(office, one)
    show(office, one.case_id, Viewer(AKBOTA, "identity"))
    told = command("case.withdraw", one.case_id, reason="The applicant thought better of it.")
    do(office.database, AKBOTA, told, office.clock.now())
    return one.case_id


def _checkpoint(office: RegisterOffice) -> None:
    if office.database.engine.dialect.name == "postgresql":
        with office.database.engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))


def test_the_canary_is_nowhere(office: RegisterOffice, stores: list[Path], tmp_path: Path, log: Path) -> None:
    case_id = _over_case(office)
    office.vault.seal("case:another", {"name": KEPT}, office.clock.now())
    with office.vault._engine.connect() as connection:
        rows = connection.execute(select(SubjectKey.subject, SubjectKey.wrapped)).all()
    wrapped = {subject: bytes(value) for subject, value in rows}
    old_master = (tmp_path / "master.key").read_bytes()
    backup = tmp_path / "backup"
    backup.mkdir()
    for path in tmp_path.glob("*.sqlite3*"):
        shutil.copy2(path, backup / path.name)
    later = office.clock.now() + timedelta(days=93)
    assert shred_due(office.database, office.vault, later - timedelta(days=2), ZONE) == []
    assert shred_due(office.database, office.vault, later, ZONE) == [case_id]
    _checkpoint(office)
    assert log.stat().st_size > 0
    for canary in CANARIES:
        for form in (canary.encode(), canary.encode("utf-16-le"), canary.encode().hex().encode()):
            assert _files_with(stores, form) == [], canary
    # What a backup, a log or dead rows still hold is wrapped under a key that is nowhere.
    assert _files_with(stores, old_master) == []
    assert _files_with(stores, old_master.hex().encode()) == []
    master = (tmp_path / "master.key").read_bytes()
    with pytest.raises(InvalidTag):
        _unwrap(master, wrapped[f"case:{case_id}"], f"case:{case_id}")
    if backup.joinpath("vault.sqlite3").exists():
        assert _files_with([tmp_path], wrapped[f"case:{case_id}"]) != [], "the backup still holds what it held"
        restored = Vault(f"sqlite:///{backup / 'vault.sqlite3'}", tmp_path / "master.key", "sarytau-1")
        with pytest.raises(UnsafeSettings, match="is not the key that the vault is under"):
            restored.create()
        restored.close()
    assert office.vault.reveal(f"case:{case_id}") == {}
    assert office.vault.reveal("case:another") == {"name": KEPT}


def _unwrap(master: bytes, wrapped: bytes, subject: str) -> bytes:
    return AESGCM(master).decrypt(wrapped[:12], wrapped[12:], subject.encode())


def test_proofs_still_hold_and_who_read_is_still_known(office: RegisterOffice) -> None:
    case_id = _over_case(office)
    shred_due(office.database, office.vault, office.clock.now() + timedelta(days=93), ZONE)
    with office.database.writing() as transaction:
        while chain_new_entries(transaction):
            pass
    with office.database.reading() as transaction:
        assert verify(transaction).faults == ()
        accesses = queries.accesses_to_person(transaction, office.vault.fingerprint("iin", IIN))
    assert [(one.how, one.case_id) for one in accesses] == [("asked", case_id), ("shown", case_id)]


def test_a_case_that_is_not_over_is_kept_however_old(office: RegisterOffice) -> None:
    one = inquiry(office)
    ask(office, one)
    assert shred_due(office.database, office.vault, office.clock.now() + timedelta(days=4000), ZONE) == []
    assert office.vault.reveal(f"case:{one.case_id}") != {}


def test_a_run_cut_off_after_the_vault_is_finished_by_the_next(office: RegisterOffice) -> None:
    case_id = _over_case(office)
    office.vault.shred(subjects_of(case_id))
    later = office.clock.now() + timedelta(days=93)
    assert shred_due(office.database, office.vault, later, ZONE) == [case_id]
    assert shred_due(office.database, office.vault, later, ZONE) == []
    with office.database.reading() as transaction:
        assert len(list(transaction.scalars(select(CaseShredding)))) == 1
