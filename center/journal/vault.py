"""The vault: personal values under a key per subject, in another store than the journal that commits to them.

A commitment is SHA-256(salt ‖ canonical value) with 32 random bytes of salt. Salt and value lie here, encrypted with
AES-256-GCM under the subject's key, which lies here wrapped under the master key (a file). Deleting a subject's key
makes its values unreadable, and the journal stays whole. Look-ups go by HMAC-SHA256 under a key derived from the
master.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, LargeBinary, String, UniqueConstraint, delete, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from center.database import Owned, Utc, new_id, open_engine
from center.errors import NotFound, UnsafeSettings
from center.journal.entries import Sealed, canonical

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class VaultBase(DeclarativeBase):
    """Tables of the vault's own store."""


class SubjectKey(Owned, VaultBase):
    """The key of one subject, wrapped under the master key."""

    __tablename__ = "subject_keys"
    __table_args__ = (UniqueConstraint("centre_id", "subject"),)

    subject: Mapped[str] = mapped_column(String(128))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class PersonalValue(Owned, VaultBase):
    """One value with its salt, encrypted; found again by the commitment or by a keyed hash of the value."""

    __tablename__ = "personal_values"
    __table_args__ = (UniqueConstraint("centre_id", "commitment"),)

    subject: Mapped[str] = mapped_column(String(128), index=True)
    field: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(64))
    lookup: Mapped[str] = mapped_column(String(64), index=True)
    encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime] = mapped_column(Utc)


class Vault:
    """Keeps and shows personal values of one centre."""

    def __init__(self, url: str, key_file: Path, centre_id: str) -> None:
        self._master = _load_or_make_key(key_file)
        self._lookup_key = hmac.digest(self._master, b"speccenter vault look-up v1", "sha256")
        self._centre_id = centre_id
        self._engine: Engine = open_engine(url)

    def create(self) -> None:
        """Make the store's tables if they are not there."""
        with self._engine.execution_options(writes=True).begin() as connection:
            VaultBase.metadata.create_all(connection)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def seal(self, subject: str, values: Mapping[str, str], sealed_at: datetime) -> Sealed:
        """Keep values and give the commitments for the journal.

        Written before the journal's transaction commits: should that fail, values without an entry stay here unseen.
        """
        commitments = {}
        with Session(self._engine.execution_options(writes=True)) as session, session.begin():
            key = self._key_of(session, subject, make=True)
            for name, value in values.items():
                salt = os.urandom(_KEY_BYTES)
                commitment = commitment_to(salt, value)
                commitments[name] = commitment
                nonce = os.urandom(_NONCE_BYTES)
                secret = AESGCM(key).encrypt(nonce, salt + value.encode(), commitment.encode())
                session.add(
                    PersonalValue(
                        id=new_id(),
                        centre_id=self._centre_id,
                        subject=subject,
                        field=name,
                        commitment=commitment,
                        lookup=self._lookup(name, value),
                        encrypted=nonce + secret,
                        sealed_at=sealed_at,
                    )
                )
        return Sealed(commitments)

    def reveal(self, subject: str) -> dict[str, str]:
        """The newest value of each field of a subject; empty when its key is gone.

        Raises :class:`NotFound` for tampering.
        """
        with Session(self._engine) as session:
            try:
                key = self._key_of(session, subject, make=False)
            except NotFound:
                return {}
            rows = session.scalars(
                select(PersonalValue)
                .where(PersonalValue.centre_id == self._centre_id, PersonalValue.subject == subject)
                .order_by(PersonalValue.id)
            )
            return {row.field: self._open(key, row) for row in rows}

    def fingerprint(self, field: str, value: str) -> str:
        """The keyed hash by which a value is found again; it tells nothing to who has not the vault's key."""
        return self._lookup(field, value)

    def subjects_with(self, field: str, value: str) -> list[str]:
        """Who has this very value, found by keyed hash without decrypting anything."""
        query = select(PersonalValue.subject).where(
            PersonalValue.centre_id == self._centre_id, PersonalValue.lookup == self._lookup(field, value)
        )
        with Session(self._engine) as session:
            return sorted(set(session.scalars(query)))

    def forget(self, subject: str) -> None:
        """Delete a subject's key: its values cannot be read again by anyone."""
        with Session(self._engine.execution_options(writes=True)) as session, session.begin():
            session.execute(
                delete(SubjectKey).where(SubjectKey.centre_id == self._centre_id, SubjectKey.subject == subject)
            )

    def _key_of(self, session: Session, subject: str, *, make: bool) -> bytes:
        row = session.scalar(
            select(SubjectKey).where(SubjectKey.centre_id == self._centre_id, SubjectKey.subject == subject)
        )
        if row is not None:
            return AESGCM(self._master).decrypt(
                row.wrapped[:_NONCE_BYTES], row.wrapped[_NONCE_BYTES:], subject.encode()
            )
        if not make:
            raise NotFound(f"The vault has no key for subject {subject}.")
        key, nonce = os.urandom(_KEY_BYTES), os.urandom(_NONCE_BYTES)
        wrapped = nonce + AESGCM(self._master).encrypt(nonce, key, subject.encode())
        session.add(SubjectKey(id=new_id(), centre_id=self._centre_id, subject=subject, wrapped=wrapped))
        return key

    def _open(self, key: bytes, row: PersonalValue) -> str:
        try:
            plain = AESGCM(key).decrypt(
                row.encrypted[:_NONCE_BYTES], row.encrypted[_NONCE_BYTES:], row.commitment.encode()
            )
        except InvalidTag as error:
            raise NotFound(f"Value {row.id} of the vault was changed or is under another key.") from error
        return plain[_KEY_BYTES:].decode()

    def _lookup(self, field: str, value: str) -> str:
        return hmac.digest(self._lookup_key, msgspec.json.encode([field, value]), "sha256").hex()


def commitment_to(salt: bytes, value: str) -> str:
    """The commitment (hex) to a value under a salt of 32 bytes."""
    return sha256(salt + canonical(value)).hexdigest()


def _load_or_make_key(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    if path.stat().st_mode & 0o077:
        raise UnsafeSettings(f"{path}: others may read the vault's master key; make it mode 0600.")
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise UnsafeSettings(f"{path} holds {len(key)} bytes; the vault's master key has {_KEY_BYTES}.")
    return key
