"""Where scans lie: encrypted files named for their own content, beside the database and worthless without the vault.

Each scan has a key of its own (AES-256-GCM), which lies in the vault under the case it belongs to: when the case's key
there is destroyed, no copy of the file can be read any more. A file is named for the SHA-256 of what it holds, so that
a changed one is noticed without any key.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from center.errors import N_, NotFound, StorageFault

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"speccenter scan v1"
_ADDRESS: Final = re.compile(r"[0-9a-f]{64}")


def new_key() -> bytes:
    """A key for one scan and its previews."""
    return os.urandom(KEY_BYTES)


class ScanStore:
    """A folder of encrypted scans."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes, key: bytes) -> str:
        """Keep bytes; they are on the disk when this returns their address. Raises :class:`StorageFault`."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, data, _PURPOSE)
        address = sha256(sealed).hexdigest()
        path = self._path(address)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(path, sealed)
        except OSError as error:
            raise StorageFault(N_("A scan could not be stored: %(detail)s."), detail=str(error.strerror)) from error
        return address

    def get(self, address: str, key: bytes) -> bytes:
        """The bytes at an address; raises :class:`NotFound` where they are gone, changed, or under another key."""
        try:
            sealed = self._path(address).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("This scan is not kept any more.") from error
        if sha256(sealed).hexdigest() != address:
            raise NotFound(f"The scan {address} was changed on the disk.")
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _PURPOSE)
        except InvalidTag as error:
            raise NotFound(f"The scan {address} lies under another key.") from error

    def remove(self, address: str) -> None:
        """Delete a file, if it is there."""
        self._path(address).unlink(missing_ok=True)

    def _path(self, address: str) -> Path:
        if _ADDRESS.fullmatch(address) is None:
            raise NotFound("A scan's address is 64 hexadecimal digits.")
        return self._folder / address[:2] / address


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, also when the power fails."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
