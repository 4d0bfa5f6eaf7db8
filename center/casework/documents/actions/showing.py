"""Showing scans: noted in the journal first, as drawn pages to browsers, as the file itself only to be kept."""

from __future__ import annotations

from typing import Final

from center.casework import queries as cases
from center.casework.documents import queries
from center.casework.documents.office import DocumentOffice
from center.casework.documents.queries import ScanFacts
from center.casework.documents.tables import CaseScan, ScanState
from center.casework.permission import facts_of
from center.casework.services import PORTRAIT
from center.errors import NotFound
from center.journal.entries import append
from center.people import powers_file
from center.people.powers import Actor

SEE_SCAN: Final = "scan.see"
SEE_PORTRAIT: Final = "portrait.see"


def page(office: DocumentOffice, actor: Actor, case_id: str, scan_id: str, number: int, purpose: str) -> bytes:
    """A page (from 1) of a case's scan as a JPEG; raises :class:`Forbidden`, :class:`NotFound`."""
    row = _noted(office, actor, case_id, scan_id, purpose)
    if not 1 <= number <= len(row.pages):
        raise NotFound(f"This scan has {len(row.pages)} pages.")
    return office.store.get(row.pages[number - 1], office.key_of(row.case_id, row.id))


def original(
    office: DocumentOffice, actor: Actor, case_id: str, scan_id: str, purpose: str
) -> tuple[ScanFacts, bytes]:  # fmt: skip
    """The very file, to be saved and never to be opened by this site's pages."""
    row = _noted(office, actor, case_id, scan_id, purpose)
    return queries.facts(row), office.store.get(row.address, office.key_of(row.case_id, row.id))


def _noted(office: DocumentOffice, actor: Actor, case_id: str, scan_id: str, purpose: str) -> CaseScan:
    powers, now = powers_file.load(), office.now()
    with office.database.writing() as transaction:
        row = queries.of_case(transaction, case_id, scan_id)
        action = SEE_PORTRAIT if row.requirement == PORTRAIT else SEE_SCAN
        refusal = powers.may(actor, action, facts=facts_of(cases.case_state(transaction, row.case_id)))
        if refusal is not None:
            raise refusal.error()
        if row.state == ScanState.SHREDDED:
            raise NotFound("This scan is not kept any more.")
        append(
            transaction,
            kind="scan_shown",
            subject=f"case:{row.case_id}",
            actor=actor.account_id,
            occurred_at=now,
            recorded_at=now,
            facts={"scan": row.id, "role": powers.acting_role(actor, action), "purpose": purpose[:64]},
        )
        return row
