"""What is asked about registers; every answer is plain frozen data, and none says what a register said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from center.casework.register_kinds import Register
from center.casework.registers.tables import DataView, PoliceAlert, RegisterRead
from center.database import Transaction
from center.errors import NotFound


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """One question to a register, as operator and applicant may see it: the same whether something was found or not."""

    read_id: str
    case_id: str
    register: Register
    party: str
    """The party of the case that it is about; empty: the case as a whole."""
    purpose: str
    officer: str
    role: str
    consent: str | None
    asked_at: datetime
    ended_at: datetime | None
    outcome: str
    """``asked``, ``answered`` or ``silent``."""
    reason: str | None
    attempts: int

    @property
    def is_silent(self) -> bool:
        """Whether the register did not answer, so that nothing is known."""
        return self.outcome == "silent"


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the list of who read somebody's data."""

    at: datetime
    officer: str
    role: str
    purpose: str
    case_id: str
    registers: tuple[str, ...]
    how: str
    """``asked``: fetched from the registers; ``shown``: looked at afterwards."""
    outcome: str


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """A wanted vehicle in a case, for the police."""

    alert_id: str
    case_id: str
    read_id: str
    raised_at: datetime
    seen_by: str | None
    seen_at: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None


def read(transaction: Transaction, read_id: str) -> ReadFacts:
    """One question; raises :class:`NotFound`."""
    row = transaction.get(RegisterRead, read_id)
    if row is None or row.centre_id != transaction.centre_id:
        raise NotFound(f"There is no question {read_id[:36]!r} to a register.")
    return _facts(row)


def with_key(transaction: Transaction, case_id: str, client_key: str) -> ReadFacts | None:
    """The question that a client's key made."""
    query = select(RegisterRead).where(RegisterRead.case_id == case_id, RegisterRead.client_key == client_key)
    row = transaction.scalar(query)
    return None if row is None else _facts(row)


def of_case(transaction: Transaction, case_id: str) -> list[ReadFacts]:
    """A case's questions, oldest first."""
    query = select(RegisterRead).where(RegisterRead.centre_id == transaction.centre_id, RegisterRead.case_id == case_id)
    return [_facts(row) for row in transaction.scalars(query.order_by(RegisterRead.id))]


def under_way_since(transaction: Transaction, before: datetime) -> list[ReadFacts]:
    """Questions without an end that were asked before an instant: their process is gone."""
    query = select(RegisterRead).where(
        RegisterRead.centre_id == transaction.centre_id,
        RegisterRead.outcome == "asked",
        RegisterRead.asked_at < before,
    )
    return [_facts(row) for row in transaction.scalars(query.order_by(RegisterRead.id))]


def accesses_in_case(transaction: Transaction, case_id: str) -> list[Access]:
    """Who read the data of a case's applicant in this case, oldest first."""
    return _accesses(transaction, RegisterRead.case_id == case_id, DataView.case_id == case_id)


def accesses_to_person(transaction: Transaction, fingerprint: str) -> list[Access]:
    """Who read somebody's data in any case, also in those whose data is gone by now, oldest first."""
    return _accesses(transaction, RegisterRead.person == fingerprint, DataView.person == fingerprint)


def open_alerts(transaction: Transaction) -> list[AlertFacts]:
    """Alerts that no officer of the police has acknowledged yet, oldest first. For the police only."""
    query = select(PoliceAlert).where(
        PoliceAlert.centre_id == transaction.centre_id, PoliceAlert.acknowledged_at.is_(None)
    )
    return [_alert(row) for row in transaction.scalars(query.order_by(PoliceAlert.id))]


def acknowledged_alerts(transaction: Transaction, limit: int = 100) -> list[AlertFacts]:
    """Alerts that were acknowledged, newest first. For the police only."""
    query = select(PoliceAlert).where(
        PoliceAlert.centre_id == transaction.centre_id, PoliceAlert.acknowledged_at.is_not(None)
    )
    return [_alert(row) for row in transaction.scalars(query.order_by(PoliceAlert.id.desc()).limit(limit))]


def alert(transaction: Transaction, alert_id: str) -> AlertFacts:
    """One alert, for the police only; raises :class:`NotFound`."""
    row = transaction.get(PoliceAlert, alert_id)
    if row is None or row.centre_id != transaction.centre_id:
        raise NotFound(f"There is no alert {alert_id[:36]!r}.")
    return _alert(row)


def alerts_of_case(transaction: Transaction, case_id: str) -> list[AlertFacts]:
    """A case's alerts. For the police only."""
    query = select(PoliceAlert).where(PoliceAlert.centre_id == transaction.centre_id, PoliceAlert.case_id == case_id)
    return [_alert(row) for row in transaction.scalars(query.order_by(PoliceAlert.id))]


def _accesses(transaction: Transaction, of_reads: ColumnElement[bool], of_views: ColumnElement[bool]) -> list[Access]:
    centre = transaction.centre_id
    # Whether the police looked for a vehicle is not a reading of the applicant's data, and would tell that they did.
    reads = select(RegisterRead).where(RegisterRead.centre_id == centre, of_reads, RegisterRead.register != "wanted")
    views = select(DataView).where(DataView.centre_id == centre, of_views)
    told = [
        Access(row.asked_at, row.officer, row.role, row.purpose, row.case_id, (row.register,), "asked", row.outcome)
        for row in transaction.scalars(reads)
    ]
    told += [
        Access(row.shown_at, row.officer, row.role, row.purpose, row.case_id, tuple(row.what), "shown", "shown")
        for row in transaction.scalars(views)
    ]
    return sorted(told, key=lambda one: one.at)


def _facts(row: RegisterRead) -> ReadFacts:
    return ReadFacts(
        read_id=row.id,
        case_id=row.case_id,
        register=Register(row.register),
        party=row.party or "",
        purpose=row.purpose,
        officer=row.officer,
        role=row.role,
        consent=row.consent,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        reason=row.reason,
        attempts=row.attempts,
    )


def _alert(row: PoliceAlert) -> AlertFacts:
    return AlertFacts(
        row.id,
        row.case_id,
        row.read_id,
        row.raised_at,
        row.seen_by,
        row.seen_at,
        row.acknowledged_by,
        row.acknowledged_at,
    )
