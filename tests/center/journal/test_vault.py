"""The vault keeps values apart from what commits to them, and forgets for good."""

from __future__ import annotations

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
def vault(database_url: str, tmp_path: Path) -> Iterator[Vault]:
    opened = Vault(database_url, tmp_path / "master.key", "sarytau-1")
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
