"""The tables of the vault's own store: keys and encrypted values, and the two secrets that are not a subject's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from center.database import Owned, Utc


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


class VaultSecret(Owned, VaultBase):
    """``master``: the name of the key that everything is under. ``lookup``: the key of look-ups, wrapped."""

    __tablename__ = "vault_secrets"
    __table_args__ = (UniqueConstraint("centre_id", "name"),)

    name: Mapped[str] = mapped_column(String(32))
    value: Mapped[bytes] = mapped_column(LargeBinary)
