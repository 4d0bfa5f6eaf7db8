"""The vault's master key as a file, and its replacement: the old one is gone for good when the new one is in force.

A replacement is three steps that a crash may come between: the new key is written beside the old one; the store
re-wraps everything and names the new key, in one transaction; the old file is overwritten and replaced. Which of two
files is in force, the store says.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from center.errors import UnsafeSettings

KEY_BYTES: Final = 32


def key_name(key: bytes) -> str:
    """What the store calls a key: a hash that does not tell it."""
    return sha256(b"speccenter vault master" + key).hexdigest()


class MasterKeyFile:
    """The file, and the one that is to replace it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._next = path.with_name(f"{path.name}.next")

    def load_or_make(self) -> bytes:
        """The key in force unless a replacement was cut off; raises :class:`UnsafeSettings`."""
        if not self.path.exists() and not self._next.exists():
            _write(self.path, os.urandom(KEY_BYTES))
        return _read(self.path) if self.path.exists() else _read(self._next)

    def load(self, name: str) -> bytes:
        """The key that the store names, from whichever file holds it; raises :class:`UnsafeSettings`."""
        # In this order: a replacement that ends meanwhile moves the first file over the second, and the next one begins
        # another first file, which holds nothing yet.
        for path in (self._next, self.path):
            try:
                if key_name(key := _content(path)) == name:
                    return key
            except FileNotFoundError:
                continue
        raise UnsafeSettings(f"{self.path} is not the key that the vault is under.")

    def replace(self, put_in_force: Callable[[bytes], None]) -> None:
        """Make a new key, let the store re-wrap everything under it, and destroy the old one."""
        fresh = os.urandom(KEY_BYTES)
        with self._alone():
            self._next.unlink(missing_ok=True)
            _write(self._next, fresh)
            put_in_force(fresh)
            self._destroy_old()

    def settle(self, in_force: Callable[[], str]) -> None:
        """Finish, or undo, a replacement that was cut off; ``in_force`` names the key that the store is under."""
        with self._alone():
            if not self._next.exists():
                return
            if self._next.stat().st_size == KEY_BYTES and key_name(_read(self._next)) == in_force():
                self._destroy_old()
            else:
                self._next.unlink()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time replaces the key; the lock goes with the process that holds it."""
        descriptor = os.open(self.path.with_name(f"{self.path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _destroy_old(self) -> None:
        if self.path.exists():
            with self.path.open("r+b") as file:
                file.write(os.urandom(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
        self._next.replace(self.path)
        _sync_folder(self.path.parent)


def _write(path: Path, key: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _content(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise UnsafeSettings(f"{path}: others may read the vault's master key; make it mode 0600.")
    return path.read_bytes()


def _read(path: Path) -> bytes:
    key = _content(path)
    if len(key) != KEY_BYTES:
        raise UnsafeSettings(f"{path} holds {len(key)} bytes; the vault's master key has {KEY_BYTES}.")
    return key


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
