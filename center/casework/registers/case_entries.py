"""What questions to registers tell the case and the journal, always in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from center.casework.registers.tables import DataView, PoliceAlert, RegisterRead
from center.database import Transaction
from center.journal.entries import NOTHING_PERSONAL, Sealed, append


def asked(transaction: Transaction, read: RegisterRead, now: datetime) -> None:
    """A register is about to be asked."""
    facts = {
        "read": read.id,
        "register": read.register,
        "purpose": read.purpose,
        "role": read.role,
        "consent": read.consent,
    }
    _journal(transaction, "register_asked", f"case:{read.case_id}", read.officer, now, facts)


def answered(transaction: Transaction, read: RegisterRead, sealed: Sealed, now: datetime) -> None:
    """It answered; what, only the vault knows."""
    facts = {"read": read.id, "register": read.register}
    _journal(transaction, "register_answered", f"case:{read.case_id}", read.officer, now, facts, sealed)


def silent(transaction: Transaction, read: RegisterRead, now: datetime, by: str) -> None:
    """It does not answer."""
    facts = {"read": read.id, "register": read.register, "reason": read.reason, "attempts": read.attempts}
    _journal(transaction, "register_silent", f"case:{read.case_id}", by, now, facts)


def shown(transaction: Transaction, view: DataView) -> None:
    """Somebody looks at what was fetched."""
    facts = {"view": view.id, "registers": view.what, "purpose": view.purpose, "role": view.role}
    _journal(transaction, "fetched_data_shown", f"case:{view.case_id}", view.officer, view.shown_at, facts)


def police_alerted(transaction: Transaction, alert: PoliceAlert, sealed: Sealed, now: datetime) -> None:
    """A wanted vehicle: under a subject of its own, which no page of the case shows."""
    facts = {"alert": alert.id, "read": alert.read_id}
    _journal(transaction, "police_alerted", f"police:{alert.case_id}", "system:registers", now, facts, sealed)


def alert_seen(transaction: Transaction, alert: PoliceAlert) -> None:
    """An officer of the police has seen it."""
    assert alert.seen_at is not None
    assert alert.seen_by is not None
    facts = {"alert": alert.id}
    _journal(transaction, "police_alert_seen", f"police:{alert.case_id}", alert.seen_by, alert.seen_at, facts)


def _journal(
    transaction: Transaction,
    kind: str,
    subject: str,
    by: str,
    now: datetime,
    facts: Mapping[str, Any],
    sealed: Sealed = NOTHING_PERSONAL,
) -> None:
    append(
        transaction,
        kind=kind,
        subject=subject,
        actor=by,
        occurred_at=now,
        recorded_at=now,
        facts=facts,
        personal=sealed,
    )
