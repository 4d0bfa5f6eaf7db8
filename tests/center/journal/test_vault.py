"""The vault keeps values apart from what commits to them, and forgets for good."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.errors import UnsafeSettings
from center.journal.vault import Vault, commitment_to

NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)


@pytest.fixture
def vault(empty_database_url: str, tmp_path: Path) -> Iterator[Vault]:
    opened = Vault(empty_database_url, tmp_path / "master.key", "sarytau-1")
    opened.create()
    yield opened
    opened.close()


def test_a_value_comes_back_and_only_its_commitment_went_out(vault: Vault) -> None:
    sealed = vault.seal("subject-1", {"name": "Нұрлан Әбдіғаппар"}, NOON)
    assert list(sealed.commitments) == ["name"]
    assert len(sealed.commitments["name"]) == 64
    assert vault.reveal("subject-1") == {"name": "Нұрлан Әбдіғаппар"}


def test_the_same_value_twice_gives_commitments_that_do_not_tell_so(vault: Vault) -> None:
    first = vault.seal("subject-1", {"name": "Denis Orlov"}, NOON)
    second = vault.seal("subject-2", {"name": "Denis Orlov"}, NOON)
    assert first.commitments != second.commitments
    assert vault.subjects_with("name", "Denis Orlov") == ["subject-1", "subject-2"]
    assert vault.subjects_with("name", "denis orlov") == []


def test_a_forgotten_subject_cannot_be_read(vault: Vault) -> None:
    vault.seal("subject-1", {"name": "Denis Orlov"}, NOON)
    vault.forget("subject-1")
    assert vault.reveal("subject-1") == {}


def test_nothing_readable_lies_in_the_store(tmp_path: Path) -> None:
    vault = Vault(f"sqlite:///{tmp_path / 'vault.sqlite3'}", tmp_path / "master.key", "sarytau-1")
    vault.create()
    vault.seal("subject-1", {"name": "Denis Orlov"}, NOON)
    vault.close()
    assert b"Orlov" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_master_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "master.key"
    key.write_bytes(bytes(32))
    key.chmod(0o644)
    with pytest.raises(UnsafeSettings, match="others may read"):
        Vault(f"sqlite:///{tmp_path / 'vault.sqlite3'}", key, "sarytau-1")


@given(st.binary(min_size=32, max_size=32), st.text(), st.text())
def test_a_commitment_binds_its_value(salt: bytes, value: str, other: str) -> None:
    assert (commitment_to(salt, value) == commitment_to(salt, other)) == (value == other)


def test_what_is_shredded_is_gone_and_the_rest_stays(vault: Vault) -> None:
    commitments = vault.seal("case:1", {"name": "Denis Orlov"}, NOON).commitments
    vault.seal("case:2", {"name": "Tomás Rivera"}, NOON)
    fingerprint = vault.fingerprint("name", "Denis Orlov")
    vault.shred(["case:1"])
    assert vault.reveal("case:1") == {}
    assert vault.subjects_with("name", "Denis Orlov") == []
    assert vault.reveal("case:2") == {"name": "Tomás Rivera"}
    assert vault.subjects_with("name", "Tomás Rivera") == ["case:2"]
    assert vault.fingerprint("name", "Denis Orlov") == fingerprint
    assert vault.seal("case:1", {"name": "Denis Orlov"}, NOON).commitments != commitments


def test_after_shredding_the_vault_opens_with_its_new_key(empty_database_url: str, tmp_path: Path) -> None:
    first = Vault(empty_database_url, tmp_path / "master.key", "sarytau-1")
    first.create()
    first.seal("case:1", {"name": "Denis Orlov"}, NOON)
    before = (tmp_path / "master.key").read_bytes()
    first.shred(["case:2"])
    first.close()
    assert (tmp_path / "master.key").read_bytes() != before
    again = Vault(empty_database_url, tmp_path / "master.key", "sarytau-1")
    again.create()
    assert again.reveal("case:1") == {"name": "Denis Orlov"}
    again.close()


def test_another_process_goes_on_after_the_key_was_replaced(empty_database_url: str, tmp_path: Path) -> None:
    ours, theirs = (Vault(empty_database_url, tmp_path / "master.key", "sarytau-1") for _ in range(2))
    ours.create()
    theirs.create()
    theirs.seal("case:1", {"name": "Denis Orlov"}, NOON)
    ours.shred(["case:9"])
    assert theirs.reveal("case:1") == {"name": "Denis Orlov"}
    theirs.seal("case:2", {"name": "Tomás Rivera"}, NOON)
    assert ours.reveal("case:2") == {"name": "Tomás Rivera"}
    ours.shred(["case:1"])
    theirs.seal("case:3", {"name": "Айгерім"}, NOON)
    assert ours.reveal("case:3") == {"name": "Айгерім"}
    assert theirs.reveal("case:1") == {}
    ours.close()
    theirs.close()


def test_many_threads_seal_while_keys_are_replaced_and_nothing_is_lost(empty_database_url: str, tmp_path: Path) -> None:
    vault = Vault(empty_database_url, tmp_path / "master.key", "sarytau-1")
    vault.create()
    other = Vault(empty_database_url, tmp_path / "master.key", "sarytau-1")
    other.create()

    def seal(first: int) -> None:
        for number in range(first, first + 5):
            (vault if number % 2 else other).seal(f"case:{number}", {"name": f"name-{number}"}, NOON)

    threads = [threading.Thread(target=seal, args=(first,)) for first in (0, 5, 10)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        vault.shred(["nobody"])
    for thread in threads:
        thread.join()
    assert [vault.reveal(f"case:{number}") for number in range(15)] == [
        {"name": f"name-{number}"} for number in range(15)
    ]
    vault.close()
    other.close()
