"""Scans lie encrypted under their content's name; a changed file, a lost key and a full disk are all told."""

from __future__ import annotations

from pathlib import Path

import pytest

from center.casework.documents.store import ScanStore, new_key
from center.errors import NotFound, StorageFault
from tests.center.casework.documents.sample_scans import stored

DATA = "Сәрсенова Айгерім, 980417900018".encode() * 50


def test_a_scan_comes_back_and_nothing_of_it_can_be_read_on_the_disk(tmp_path: Path) -> None:
    store, key = ScanStore(tmp_path), new_key()
    address = store.put(DATA, key)
    assert store.get(address, key) == DATA
    assert stored(store) == [address]
    on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"980417900018" not in on_disk


def test_the_same_scan_twice_does_not_tell_so(tmp_path: Path) -> None:
    store = ScanStore(tmp_path)
    assert store.put(DATA, new_key()) != store.put(DATA, new_key())


def test_files_are_for_the_centres_user_alone(tmp_path: Path) -> None:
    ScanStore(tmp_path / "scans").put(DATA, new_key())
    for path in (tmp_path / "scans").rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    store, key = ScanStore(tmp_path), new_key()
    address = store.put(DATA, key)
    path = tmp_path / address[:2] / address
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(NotFound, match="changed on the disk"):
        store.get(address, key)


def test_another_key_does_not_open_it(tmp_path: Path) -> None:
    store = ScanStore(tmp_path)
    with pytest.raises(NotFound, match="another key"):
        store.get(store.put(DATA, new_key()), new_key())


def test_a_removed_scan_is_gone(tmp_path: Path) -> None:
    store, key = ScanStore(tmp_path), new_key()
    address = store.put(DATA, key)
    store.remove(address)
    store.remove(address)
    assert stored(store) == []
    with pytest.raises(NotFound, match="not kept any more"):
        store.get(address, key)


@pytest.mark.parametrize("address", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "/etc/passwd"])
def test_what_is_no_address_reaches_no_file(tmp_path: Path, address: str) -> None:
    with pytest.raises(NotFound):
        ScanStore(tmp_path).get(address, new_key())


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "scans").write_text("a file where the folder should be")
    with pytest.raises(StorageFault, match="could not be stored"):
        ScanStore(tmp_path / "scans").put(DATA, new_key())
