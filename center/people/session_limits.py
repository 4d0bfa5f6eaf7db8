"""How long a session lasts and what it is bound to. Pure.

A session ends after 30 minutes without a request and after 12 hours in any case (NIST SP 800-63B-3, 4.2.3, for two
factors). It is bound to the machine's address and the browser's name: a token copied to another machine of the hall is
refused and the session ended. It does not catch who takes over the very machine, or shares its address and browser.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly the last request is remembered, so that not every page is a write."""


class EndReason(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed_out"
    EVERYWHERE = "everywhere"
    IDLE = "idle"
    TOO_LONG = "too_long"
    OTHER_MACHINE = "other_machine"
    ACCOUNT_LOCKED = "account_locked"
    PASSKEY_REVOKED = "passkey_revoked"


def over(started_at: datetime, seen_at: datetime, now: datetime) -> EndReason | None:
    """Why the session is over by now; None while it lasts."""
    if now - started_at >= LONGEST:
        return EndReason.TOO_LONG
    return EndReason.IDLE if now - seen_at >= IDLE else None


def token_hash(token: str) -> str:
    """What is stored of a token of 256 random bits."""
    return sha256(b"speccenter session " + token.encode()).hexdigest()


def form_token(token: str) -> str:
    """What every form of this session carries; whoever does not know the token cannot make it."""
    return sha256(b"speccenter form " + token.encode()).hexdigest()


def binding(address: str, browser: str) -> str:
    """What a session is bound to, as a hash: the machine's network address and the browser's name for itself."""
    return sha256(f"speccenter machine {len(address)} {address} {browser}".encode()).hexdigest()
