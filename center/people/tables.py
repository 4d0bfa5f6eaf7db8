"""The tables of the staff. Names and numbers of persons lie in the vault, under ``staff:<account id>``."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc


class AccountState(StrEnum):
    """Whether an account may be used."""

    ACTIVE = "active"
    LOCKED = "locked"


class RequestState(StrEnum):
    """Where a proposal stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Account(Owned, Base):
    """One person of the staff."""

    __tablename__ = "staff_accounts"
    __table_args__ = (UniqueConstraint("centre_id", "login"), UniqueConstraint("centre_id", "iin_fingerprint"))

    login: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    """argon2id in PHC form; None until the person has set one."""
    iin_fingerprint: Mapped[str] = mapped_column(String(64))
    """Keyed hash: finds that a party to a case is this very person."""
    simulated: Mapped[bool] = mapped_column(Boolean)
    """One of the demo's people, who sign in by one click."""
    created_at: Mapped[datetime] = mapped_column(Utc)
    failures: Mapped[int] = mapped_column(Integer)
    """Wrong passwords in a row."""
    blocked_until: Mapped[datetime | None] = mapped_column(Utc)


class RoleGrant(Owned, Base):
    """A role that an account has or had."""

    __tablename__ = "staff_roles"
    __table_args__ = (Index("staff_roles_by_account", "account_id"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"))
    role: Mapped[str] = mapped_column(String(32))
    granted_at: Mapped[datetime] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)


class StaffCertificate(Owned, Base):
    """The certificate under which an account may act in a role; the newest counts."""

    __tablename__ = "staff_certificates"
    __table_args__ = (Index("staff_certificates_by_account", "account_id"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"))
    role: Mapped[str] = mapped_column(String(32))
    issued_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date)
    """Its last day."""
    recorded_at: Mapped[datetime] = mapped_column(Utc)


class Passkey(Owned, Base):
    """A WebAuthn credential."""

    __tablename__ = "staff_passkeys"
    __table_args__ = (UniqueConstraint("credential_id"), Index("staff_passkeys_by_account", "account_id"))

    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"))
    credential_id: Mapped[str] = mapped_column(String(1364))
    """base64url"""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    """COSE"""
    sign_count: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    simulated: Mapped[bool] = mapped_column(Boolean)
    enrolled_at: Mapped[datetime] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)


class StaffSession(Owned, Base):
    """Somebody signed in; the browser's token itself is nowhere here."""

    __tablename__ = "staff_sessions"
    __table_args__ = (UniqueConstraint("token_sha256"), Index("staff_sessions_by_account", "account_id"))

    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"))
    token_sha256: Mapped[str] = mapped_column(String(64))
    passkey_id: Mapped[str | None] = mapped_column(ForeignKey("staff_passkeys.id"))
    """None: opened by password."""
    simulated_key: Mapped[bool] = mapped_column(Boolean)
    binding_sha256: Mapped[str] = mapped_column(String(64))
    """Of the machine's address and browser."""
    started_at: Mapped[datetime] = mapped_column(Utc)
    seen_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    end_reason: Mapped[str | None] = mapped_column(String(32))


class Challenge(Owned, Base):
    """What a passkey is to sign, once."""

    __tablename__ = "staff_challenges"

    purpose: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("staff_accounts.id"))
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Utc)


class Relative(Owned, Base):
    """A relative that somebody of the staff has declared, by the keyed hash of the relative's IIN."""

    __tablename__ = "staff_relatives"
    __table_args__ = (
        Index("staff_relatives_by_account", "account_id"),
        Index("staff_relatives_by_fingerprint", "fingerprint"),
    )

    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    declared_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)


class StaffRequest(Owned, Base):
    """What one person proposed and another one confirms, declines or lets expire."""

    __tablename__ = "staff_requests"
    __table_args__ = (Index("staff_requests_by_state", "centre_id", "state"),)

    action: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("staff_accounts.id"))
    """Whom it is about; None until the account exists."""
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Login, role, dates; what is personal lies in the vault under ``request:<id>``."""
    proposer_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"))
    proposer_role: Mapped[str] = mapped_column(String(32))
    proposed_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(16))
    decider_id: Mapped[str | None] = mapped_column(ForeignKey("staff_accounts.id"))
    decider_role: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str | None] = mapped_column(String(255))
    half_sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the proposer's half of the slip that this request gives, if it gives one."""


class Slip(Owned, Base):
    """A one-time code with which a person sets a password or enrols a passkey: one half from each who agreed to it."""

    __tablename__ = "staff_slips"
    __table_args__ = (UniqueConstraint("code_sha256"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"))
    sets_password: Mapped[bool] = mapped_column(Boolean)
    enrols_passkey: Mapped[bool] = mapped_column(Boolean)
    replaces: Mapped[bool] = mapped_column(Boolean)
    """Whether the passkeys before it are revoked when it is used."""
    code_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    password_set_at: Mapped[datetime | None] = mapped_column(Utc)
    passkey_enrolled_at: Mapped[datetime | None] = mapped_column(Utc)


class RemoteFailures(Owned, Base):
    """Failed sign-ins from one machine, so that one machine cannot try many accounts."""

    __tablename__ = "staff_remote_failures"
    __table_args__ = (UniqueConstraint("centre_id", "remote_sha256"),)

    remote_sha256: Mapped[str] = mapped_column(String(64))
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Utc)
