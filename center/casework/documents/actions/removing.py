"""A scan refused at the desk; a case's scans destroyed when its time is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from center.casework.actions.acting import act
from center.casework.commands import CaseCommand
from center.casework.documents import queries
from center.casework.documents.office import DocumentOffice
from center.casework.documents.queries import ScanFacts
from center.casework.documents.tables import CaseScan, ScanState
from center.casework.fields import Fields
from center.casework.tables import CaseShredding
from center.database import Transaction
from center.errors import N_, Conflict
from center.journal.entries import append
from center.people.powers import Actor

SYSTEM = "system:documents"
_REFUSE = "document.refuse"
_LONGEST_REASON = 500


def refuse(
    office: DocumentOffice, actor: Actor, case_id: str, scan_id: str, client_key: str, given: Mapping[str, str]
) -> ScanFacts:
    """The scan shows the wrong paper, or nothing that can be read: it does not count, and why (``reason``) stays.

    Raises :class:`BadFields`, :class:`Conflict` for one that counts no more, and what ``act`` raises.
    """
    form = Fields(given)
    reason = form.reason("reason", at_most=_LONGEST_REASON)
    form.finish()
    with office.database.writing() as transaction:
        row, now = queries.of_case(transaction, case_id, scan_id), office.now()
        if row.state == ScanState.SHREDDED:
            raise Conflict(N_("This scan is not kept any more."))
        payload = {"requirement": row.requirement, "scan": row.id, "reason": reason}
        refused_before = row.state == ScanState.REFUSED
        if refused_before and row.refused_reason != reason:
            raise Conflict(N_("This scan was refused already."))
        if not refused_before:
            act(transaction, actor, CaseCommand(_REFUSE, client_key, case_id, None, payload), now)
            row.state, row.refused_by, row.refused_at = ScanState.REFUSED, actor.account_id, now
            row.refused_reason = reason
        return queries.facts(row)


def shred(office: DocumentOffice, case_id: str) -> int:
    """Delete the files of a case whose key in the vault was destroyed, or is about to be; returns how many scans."""
    with office.database.writing() as transaction:
        now = office.now()
        query = select(CaseScan).where(
            CaseScan.centre_id == transaction.centre_id,
            CaseScan.case_id == case_id,
            CaseScan.state != ScanState.SHREDDED,
        )
        rows = list(transaction.scalars(query))
        addresses = [address for row in rows for address in (row.address, *row.pages)]
        for row in rows:
            row.state, row.pages = ScanState.SHREDDED, []
            _note(transaction, "scan_shredded", row, SYSTEM, now)
    for address in addresses:
        office.store.remove(address)
    return len(rows)


def shred_over(office: DocumentOffice) -> int:
    """Delete the files of all cases whose data the vault has destroyed, however long ago; returns how many scans."""
    with office.database.reading() as transaction:
        query = select(CaseScan.case_id).join(CaseShredding, CaseShredding.case_id == CaseScan.case_id)
        over = transaction.scalars(
            query.where(CaseScan.centre_id == transaction.centre_id, CaseScan.state != ScanState.SHREDDED).distinct()
        ).all()
    return sum(shred(office, case_id) for case_id in over)


def _note(transaction: Transaction, kind: str, row: CaseScan, actor: str, now: datetime) -> None:
    append(
        transaction,
        kind=kind,
        subject=f"case:{row.case_id}",
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        facts={"scan": row.id, "requirement": row.requirement, "reason": row.refused_reason},
    )
