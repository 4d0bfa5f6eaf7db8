"""Sessions: opened at sign-in, found again by their token, ended by their owner, by time, or by suspicion."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from center.database import Database, Transaction
from center.journal import entries
from center.people import queries
from center.people.powers import Actor, Powers, Strength
from center.people.session_limits import SEEN_EVERY, EndReason, form_token, over, token_hash
from center.people.tables import Account, AccountState, StaffSession

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever asks: what they may act as, and what their forms must carry."""

    session_id: str
    login: str
    actor: Actor
    form_token: str
    simulated: bool

    @property
    def account_id(self) -> str:
        """Of the person."""
        return self.actor.account_id


@dataclass(frozen=True, slots=True)
class Proof:
    """How the person has just proved who they are; no passkey: by password."""

    account_id: str
    passkey_id: str | None
    simulated_key: bool = False


def start(transaction: Transaction, proof: Proof, binding: str, now: datetime) -> str:
    """Open a session; gives the token, which is stored nowhere."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session = StaffSession(
        centre_id=transaction.centre_id,
        account_id=proof.account_id,
        token_sha256=token_hash(token),
        passkey_id=proof.passkey_id,
        simulated_key=proof.simulated_key,
        binding_sha256=binding,
        started_at=now,
        seen_at=now,
        ended_at=None,
        end_reason=None,
    )
    transaction.add(session)
    transaction.flush()
    strength = Strength.PASSKEY if proof.passkey_id else Strength.PASSWORD
    facts = {"session": session.id, "strength": strength, "simulated_key": proof.simulated_key}
    _note(transaction, "session.started", proof.account_id, now, facts)
    return token


def find(
    database: Database, powers: Powers, token: str, binding: str, *, now: datetime, today: date
) -> SignedIn | None:
    """Whose session this is; None if it is none or over. What looks stolen is ended on the spot."""
    with database.reading() as transaction:
        row = _open_session(transaction, token)
        if row is None:
            return None
        session, account = row
        why = _why_over(session, account, binding, now)
        if why is None and now - session.seen_at < SEEN_EVERY:
            return _signed_in(transaction, powers, session, account, token, today)
    with database.writing() as transaction:
        row = _open_session(transaction, token)
        if row is None:
            return None
        session, account = row
        why = _why_over(session, account, binding, now)
        if why is not None:
            _end(transaction, session, why, now)
            return None
        session.seen_at = now
        return _signed_in(transaction, powers, session, account, token, today)


def end(transaction: Transaction, session_id: str, now: datetime) -> None:
    """Sign out."""
    session = transaction.get(StaffSession, session_id)
    if session is not None and session.ended_at is None:
        _end(transaction, session, EndReason.SIGNED_OUT, now)


def end_all(
    transaction: Transaction, account_id: str, reason: EndReason, now: datetime, *, passkey_id: str = ""
) -> int:
    """End all sessions of an account (or only those that one passkey opened); returns how many."""
    query = update(StaffSession).where(StaffSession.account_id == account_id, StaffSession.ended_at.is_(None))
    if passkey_id:
        query = query.where(StaffSession.passkey_id == passkey_id)
    ended = transaction.execute(query.values(ended_at=now, end_reason=reason))
    return int(getattr(ended, "rowcount", 0))


def _open_session(transaction: Transaction, token: str) -> tuple[StaffSession, Account] | None:
    query = (
        select(StaffSession, Account)
        .join(Account, Account.id == StaffSession.account_id)
        .where(
            StaffSession.centre_id == transaction.centre_id,
            StaffSession.token_sha256 == token_hash(token),
            StaffSession.ended_at.is_(None),
        )
    )
    row = transaction.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def _why_over(session: StaffSession, account: Account, binding: str, now: datetime) -> EndReason | None:
    if account.state != AccountState.ACTIVE:
        return EndReason.ACCOUNT_LOCKED
    if not secrets.compare_digest(session.binding_sha256, binding):
        return EndReason.OTHER_MACHINE
    return over(session.started_at, session.seen_at, now)


def _end(transaction: Transaction, session: StaffSession, reason: EndReason, now: datetime) -> None:
    session.ended_at, session.end_reason = now, reason
    facts = {"session": session.id, "reason": reason}
    _note(transaction, "session.ended", session.account_id, now, facts)


def _signed_in(
    transaction: Transaction, powers: Powers, session: StaffSession, account: Account, token: str, today: date
) -> SignedIn:
    strength = Strength.PASSKEY if session.passkey_id else Strength.PASSWORD
    roles = queries.open_roles(transaction, powers, account.id, today)
    actor = Actor(account.id, roles, strength, session.simulated_key)
    return SignedIn(session.id, account.login, actor, form_token(token), account.simulated)


def _note(transaction: Transaction, kind: str, account_id: str, now: datetime, facts: Mapping[str, object]) -> None:
    subject = queries.subject_of(account_id)
    entries.append(
        transaction, kind=kind, subject=subject, actor=subject, occurred_at=now, recorded_at=now, facts=facts
    )
