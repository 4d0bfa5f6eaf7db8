"""The vault: personal values under a key per subject, in another store than the journal that commits to them.

A commitment is SHA-256(salt ‖ canonical value) with 32 random bytes of salt. Salt and value lie here, encrypted with
AES-256-GCM under the subject's key, which lies here wrapped under the master key (a file). Deleting a subject's key
makes its values unreadable, and the journal stays whole. Shredding also replaces the master key, so that no backup, log
or copy of the store from before gives a shredded value back. Look-ups go by HMAC-SHA256 under a key of their own.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from center.database import lock_until_commit, new_id, open_engine
from center.errors import NotFound
from center.journal.entries import Sealed, canonical
from center.journal.master_key import KEY_BYTES, MasterKeyFile, key_name
from center.journal.vault_tables import PersonalValue, SubjectKey, VaultBase, VaultSecret

_NONCE_BYTES: Final = 12
_LOOKUP: Final = "lookup"
_MASTER: Final = "master"


class Vault:
    """Keeps and shows personal values of one centre."""

    def __init__(self, url: str, key_file: Path, centre_id: str) -> None:
        self._file = MasterKeyFile(key_file)
        self._master = self._file.load_or_make()
        self._lookup_key = b""
        self._centre_id = centre_id
        self._engine: Engine = open_engine(url)
        self._writers = self._engine.execution_options(writes=True)

    def create(self) -> None:
        """Make the store's tables if they are not there, and take up the keys that it is under."""
        with self._writers.begin() as connection:
            VaultBase.metadata.create_all(connection)
        with Session(self._writers) as session, session.begin():
            self._alone(session)
            if self._secret(session, _MASTER) is None:
                lookup = hmac.digest(self._master, b"speccenter vault look-up v1", "sha256")
                self._keep_secret(session, _LOOKUP, _wrap(self._master, lookup, _LOOKUP))
                self._keep_secret(session, _MASTER, key_name(self._master).encode())
            in_force = (self._secret(session, _MASTER) or b"").decode()
            self._master = self._file.load(in_force)
            self._lookup_key = _unwrap(self._master, self._secret(session, _LOOKUP) or b"", _LOOKUP)
        self._file.settle(self._in_force)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def seal(self, subject: str, values: Mapping[str, str], sealed_at: datetime) -> Sealed:
        """Keep values and give the commitments for the journal.

        Written before the journal's transaction commits: should that fail, values without an entry stay here unseen.
        """
        commitments = {}
        with Session(self._writers) as session, session.begin():
            key = self._key_of(session, subject, make=True)
            for name, value in values.items():
                salt = os.urandom(KEY_BYTES)
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
        """Delete a subject's key: its values cannot be read from this store again by anyone."""
        with Session(self._writers) as session, session.begin():
            session.execute(
                delete(SubjectKey).where(SubjectKey.centre_id == self._centre_id, SubjectKey.subject == subject)
            )

    def shred(self, subjects: Collection[str]) -> None:
        """Delete subjects with all their values, and put the rest under a new master key.

        Afterwards neither this store nor any older copy of it (backup, write-ahead log, replica, dead rows) gives a
        value of them back: what they were wrapped under is destroyed. Backups from before are void for the rest too;
        the next one must follow.
        """
        self._file.replace(lambda fresh: self._rewrap(frozenset(subjects), fresh))
        self._scrub()

    def _rewrap(self, subjects: frozenset[str], fresh: bytes) -> None:
        with Session(self._writers) as session, session.begin():
            self._alone(session)
            self._reload(session)
            for table in (SubjectKey, PersonalValue):
                session.execute(delete(table).where(table.centre_id == self._centre_id, table.subject.in_(subjects)))
            for row in session.scalars(select(SubjectKey).where(SubjectKey.centre_id == self._centre_id)):
                row.wrapped = _wrap(fresh, _unwrap(self._master, row.wrapped, row.subject), row.subject)
            self._keep_secret(session, _LOOKUP, _wrap(fresh, self._lookup_key, _LOOKUP))
            self._keep_secret(session, _MASTER, key_name(fresh).encode())
        self._master = fresh

    def _scrub(self) -> None:
        """Let the store itself hold nothing of what was deleted, as far as it lets us."""
        sqlite = self._engine.dialect.name == "sqlite"
        statements = ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)") if sqlite else ("VACUUM",)
        with self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            connection.rollback()
            if not sqlite:
                raw.autocommit = True
            try:
                for statement in statements:
                    raw.execute(statement)
            finally:
                if not sqlite:
                    raw.autocommit = False

    def _key_of(self, session: Session, subject: str, *, make: bool) -> bytes:
        row = session.scalar(
            select(SubjectKey).where(SubjectKey.centre_id == self._centre_id, SubjectKey.subject == subject)
        )
        if row is not None:
            return self._unwrapped(session, row)
        if not make:
            raise NotFound(f"The vault has no key for subject {subject}.")
        # A key wrapped under a master that is being replaced would be lost with it.
        self._alone(session)
        self._reload(session)
        key = os.urandom(KEY_BYTES)
        wrapped = _wrap(self._master, key, subject)
        session.add(SubjectKey(id=new_id(), centre_id=self._centre_id, subject=subject, wrapped=wrapped))
        return key

    def _unwrapped(self, session: Session, row: SubjectKey) -> bytes:
        try:
            return _unwrap(self._master, row.wrapped, row.subject)
        except InvalidTag:
            # Another process has replaced the master key since we read it.
            self._reload(session)
            return _unwrap(self._master, row.wrapped, row.subject)

    def _in_force(self) -> str:
        with Session(self._engine) as session:
            return (self._secret(session, _MASTER) or b"").decode()

    def _reload(self, session: Session) -> None:
        name = (self._secret(session, _MASTER) or b"").decode()
        if name and name != key_name(self._master):
            self._master = self._file.load(name)

    def _alone(self, session: Session) -> None:
        """One at a time makes keys or replaces the master; SQLite's writers are alone anyhow."""
        if self._engine.dialect.name == "postgresql":
            lock_until_commit(session, "vault keys")

    def _secret(self, session: Session, name: str) -> bytes | None:
        query = select(VaultSecret.value).where(VaultSecret.centre_id == self._centre_id, VaultSecret.name == name)
        return session.scalar(query)

    def _keep_secret(self, session: Session, name: str, value: bytes) -> None:
        session.execute(delete(VaultSecret).where(VaultSecret.centre_id == self._centre_id, VaultSecret.name == name))
        session.add(VaultSecret(id=new_id(), centre_id=self._centre_id, name=name, value=value))
        session.flush()

    def _open(self, key: bytes, row: PersonalValue) -> str:
        try:
            plain = AESGCM(key).decrypt(
                row.encrypted[:_NONCE_BYTES], row.encrypted[_NONCE_BYTES:], row.commitment.encode()
            )
        except InvalidTag as error:
            raise NotFound(f"Value {row.id} of the vault was changed or is under another key.") from error
        return plain[KEY_BYTES:].decode()

    def _lookup(self, field: str, value: str) -> str:
        return hmac.digest(self._lookup_key, msgspec.json.encode([field, value]), "sha256").hex()


def commitment_to(salt: bytes, value: str) -> str:
    """The commitment (hex) to a value under a salt of 32 bytes."""
    return sha256(salt + canonical(value)).hexdigest()


def _wrap(master: bytes, key: bytes, subject: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, key, subject.encode())


def _unwrap(master: bytes, wrapped: bytes, subject: str) -> bytes:
    return AESGCM(master).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], subject.encode())
