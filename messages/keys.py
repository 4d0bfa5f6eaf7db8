"""A device's Ed25519 key: made once, kept in a file only its gateway reads, known to the centre by its public half."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key


class BadKey(ValueError):
    """A key file or key that cannot be used; the text names it, never its content."""


def make() -> Ed25519PrivateKey:
    """A new private key."""
    return Ed25519PrivateKey.generate()


def save(path: Path, key: Ed25519PrivateKey) -> None:
    """Write a new key file (PEM, PKCS #8, mode 0600); raises FileExistsError rather than overwrite a key."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())


def load(path: Path) -> Ed25519PrivateKey:
    """Read a key file; raises :class:`BadKey`, also when others than its owner may read it."""
    try:
        if path.stat().st_mode & 0o077:
            raise BadKey(f"{path}: others may read this key; make it mode 0600")
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise BadKey(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if isinstance(error, BadKey):
            raise
        raise BadKey(f"{path}: is no unencrypted private key in PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{path}: is not an Ed25519 key")
    return key


def load_or_make(path: Path) -> Ed25519PrivateKey:
    """The key of that file, which is made if there is none."""
    if not path.exists():
        save(path, make())
    return load(path)


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half, 64 hex digits, as the centre enrols it."""
    return key.public_key().public_bytes_raw().hex()


def public_from_hex(text: str) -> Ed25519PublicKey:
    """Read what ``public_hex`` wrote; raises :class:`BadKey`."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError as error:
        raise BadKey(f"{text!r} is not an Ed25519 public key of 64 hex digits") from error


def is_signed(public_key: Ed25519PublicKey, signature_hex: str, signed: bytes) -> bool:
    """Whether a signature over these bytes holds; what is no signature at all does not."""
    try:
        public_key.verify(bytes.fromhex(signature_hex), signed)
    except (InvalidSignature, ValueError):
        return False
    return True
