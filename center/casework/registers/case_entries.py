"""What questions to registers tell the case and the journal, always in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from center.casework.actions.acting import act
from center.casework.commands import CaseCommand, System, Who
from center.casework.registers.office import SYSTEM
from center.casework.registers.tables import DataView, PoliceAlert, RegisterRead
from center.database import Transaction
from center.journal.entries import NOTHING_PERSONAL, Sealed, append

REGISTERS: Final = System(SYSTEM)


def asked(transaction: Transaction, read: RegisterRead, who: Who, now: datetime) -> None:
    """A register is about to be asked; raises what :func:`act` raises for who may not ask, or a case that is over."""
    told = {"register": read.register, "purpose": read.purpose, "request": read.id, "party": read.party}
    act(transaction, who, CaseCommand("register.asked", f"{read.id}-asked", read.case_id, None, told), now)


def answered(
    transaction: Transaction, read: RegisterRead, found: bool | None, commitment: str | None, now: datetime
) -> None:
    """It answered; what, only the vault knows."""
    told: dict[str, Any] = {"register": read.register, "request": read.id, "party": read.party}
    if found is not None:
        told["found"] = found
    if commitment is not None:
        told["commitment"] = commitment
    act(transaction, REGISTERS, CaseCommand("register.answered", f"{read.id}-ended", read.case_id, None, told), now)


def silent(transaction: Transaction, read: RegisterRead, now: datetime) -> None:
    """It does not answer."""
    told = {"register": read.register, "reason": read.reason, "party": read.party}
    act(transaction, REGISTERS, CaseCommand("register.silent", f"{read.id}-ended", read.case_id, None, told), now)


def shown(transaction: Transaction, view: DataView) -> None:
    """Somebody looks at what was fetched."""
    facts = {"view": view.id, "registers": view.what, "purpose": view.purpose, "role": view.role}
    _journal(transaction, "fetched_data_shown", f"case:{view.case_id}", view.officer, view.shown_at, facts)


def police_alerted(transaction: Transaction, alert: PoliceAlert, sealed: Sealed, now: datetime) -> None:
    """A wanted vehicle: under a subject of its own, which no page of the case shows."""
    facts = {"alert": alert.id, "read": alert.read_id}
    _journal(transaction, "police_alerted", f"police:{alert.case_id}", SYSTEM, now, facts, sealed)


def alert_seen(transaction: Transaction, alert: PoliceAlert) -> None:
    """An officer of the police has seen it."""
    assert alert.seen_at is not None
    assert alert.seen_by is not None
    facts = {"alert": alert.id}
    _journal(transaction, "police_alert_seen", f"police:{alert.case_id}", alert.seen_by, alert.seen_at, facts)


def alert_acknowledged(transaction: Transaction, alert: PoliceAlert, sealed: Sealed) -> None:
    """An officer of the police has said what is done about it."""
    assert alert.acknowledged_at is not None
    assert alert.acknowledged_by is not None
    subject, by, at = f"police:{alert.case_id}", alert.acknowledged_by, alert.acknowledged_at
    _journal(transaction, "police_alert_acknowledged", subject, by, at, {"alert": alert.id}, sealed)


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
