"""Replacing the master key: after whatever step a crash comes, exactly one key is in force; the store says which."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from center.errors import UnsafeSettings
from center.journal.master_key import MasterKeyFile, key_name


class Crash(Exception):
    pass


@pytest.fixture
def file(tmp_path: Path) -> MasterKeyFile:
    return MasterKeyFile(tmp_path / "master.key")


def _crash(_: bytes) -> None:
    raise Crash


def test_it_is_made_once_and_readable_by_nobody_else(file: MasterKeyFile) -> None:
    assert file.load_or_make() == file.load_or_make()
    assert file.path.stat().st_mode & 0o077 == 0


def test_a_replaced_key_is_nowhere_any_more(file: MasterKeyFile, tmp_path: Path) -> None:
    old = file.load_or_make()
    kept: list[bytes] = []
    file.replace(kept.append)
    assert file.load_or_make() == kept[0] != old
    assert all(old not in path.read_bytes() for path in tmp_path.iterdir())
    with pytest.raises(UnsafeSettings, match="is not the key that the vault is under"):
        file.load(key_name(old))


def test_a_crash_before_the_store_took_the_new_key_leaves_the_old_one(file: MasterKeyFile, tmp_path: Path) -> None:
    old = file.load_or_make()
    with pytest.raises(Crash):
        file.replace(_crash)
    assert file.load(key_name(old)) == old
    file.settle(lambda: key_name(old))
    assert file.load_or_make() == old
    assert not (tmp_path / "master.key.next").exists()


def test_a_crash_after_the_store_took_the_new_key_leads_to_the_new_one(file: MasterKeyFile, tmp_path: Path) -> None:
    file.load_or_make()
    taken: list[bytes] = []

    def take_and_crash(fresh: bytes) -> None:
        taken.append(fresh)
        raise Crash

    with pytest.raises(Crash):
        file.replace(take_and_crash)
    assert file.load(key_name(taken[0])) == taken[0]
    file.settle(lambda: key_name(taken[0]))
    assert file.load_or_make() == taken[0]
    assert not (tmp_path / "master.key.next").exists()


def test_it_is_found_while_another_process_moves_it_and_begins_the_next(
    file: MasterKeyFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = bytes(reversed(file.load_or_make()))
    coming = tmp_path / "master.key.next"
    coming.write_bytes(fresh)
    looks: list[Path] = []

    def read_as_it_moves(path: Path) -> bytes:
        if not looks:
            coming.replace(file.path)
            coming.touch()
        looks.append(path)
        return path.read_bytes()

    monkeypatch.setattr("center.journal.master_key._content", read_as_it_moves)
    assert file.load(key_name(fresh)) == fresh
    assert looks == [coming, file.path]


def test_who_looks_while_keys_are_replaced_finds_the_one_in_force(file: MasterKeyFile) -> None:
    in_force = key_name(file.load_or_make())
    store = threading.Lock()

    def put_in_force(fresh: bytes) -> None:
        nonlocal in_force
        with store:
            in_force = key_name(fresh)

    def replace_often() -> None:
        for _ in range(60):
            file.replace(put_in_force)

    replacing = threading.Thread(target=replace_often)
    replacing.start()
    while replacing.is_alive():
        with store:
            assert key_name(file.load(in_force)) == in_force
    replacing.join()


def test_a_new_key_that_was_written_only_half_is_thrown_away(file: MasterKeyFile, tmp_path: Path) -> None:
    old = file.load_or_make()
    half = tmp_path / "master.key.next"
    half.write_bytes(b"half")
    half.chmod(0o600)
    file.settle(lambda: key_name(old))
    assert not half.exists()
    assert file.load(key_name(old)) == old
