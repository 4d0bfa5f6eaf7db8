"""What is asked about scans; every answer is plain frozen data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from center.casework.documents.tables import CaseScan, ScanState
from center.database import Transaction
from center.errors import NotFound

_ID: Final = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """A scan without its content."""

    scan_id: str
    case_id: str
    requirement: str
    state: ScanState
    media: str
    size_bytes: int
    pages: int
    received_by: str
    received_at: datetime
    refused_reason: str | None


def scans(transaction: Transaction, case_id: str) -> list[ScanFacts]:
    """A case's scans in the order of their coming."""
    query = select(CaseScan).where(CaseScan.centre_id == transaction.centre_id, CaseScan.case_id == case_id)
    return [facts(row) for row in transaction.scalars(query.order_by(CaseScan.id))]


def row(transaction: Transaction, scan_id: str) -> CaseScan:
    """One scan's row; raises :class:`NotFound`."""
    found = transaction.get(CaseScan, scan_id) if _ID.fullmatch(scan_id) else None
    if found is None or found.centre_id != transaction.centre_id:
        raise NotFound("There is no such scan.")
    return found


def of_case(transaction: Transaction, case_id: str, scan_id: str) -> CaseScan:
    """One scan's row, if it is this case's; raises :class:`NotFound`."""
    found = row(transaction, scan_id)
    if found.case_id != case_id:
        raise NotFound("There is no such scan in this case.")
    return found


def facts(found: CaseScan) -> ScanFacts:
    """A row as plain data."""
    return ScanFacts(
        scan_id=found.id,
        case_id=found.case_id,
        requirement=found.requirement,
        state=ScanState(found.state),
        media=found.media,
        size_bytes=found.size_bytes,
        pages=len(found.pages),
        received_by=found.received_by,
        received_at=found.received_at,
        refused_reason=found.refused_reason,
    )
