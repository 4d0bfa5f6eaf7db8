"""Showing scans: noted in the journal first, as drawn pages to browsers, as the file itself only to be kept."""

from __future__ import annotations

from center.casework.documents import queries
from center.casework.documents.office import DocumentOffice
from center.casework.documents.queries import ScanFacts
from center.casework.documents.tables import CaseScan, ScanState
from center.errors import Forbidden, NotFound
from center.journal.entries import append
from center.people import powers_file
from center.people.powers import Actor, CaseFacts

_VIEW = "case.view"


def page(office: DocumentOffice, actor: Actor, scan_id: str, number: int, purpose: str, facts: CaseFacts) -> bytes:
    """A page (from 1) as a JPEG; raises :class:`Forbidden`, :class:`NotFound`."""
    row = _noted(office, actor, scan_id, purpose, facts)
    if not 1 <= number <= len(row.pages):
        raise NotFound(f"This scan has {len(row.pages)} pages.")
    return office.store.get(row.pages[number - 1], office.key_of(row.case_id, row.id))


def original(
    office: DocumentOffice, actor: Actor, scan_id: str, purpose: str, facts: CaseFacts
) -> tuple[ScanFacts, bytes]:
    """The very file, to be saved and never to be opened by this site's pages."""
    row = _noted(office, actor, scan_id, purpose, facts)
    return queries.facts(row), office.store.get(row.address, office.key_of(row.case_id, row.id))


def _noted(office: DocumentOffice, actor: Actor, scan_id: str, purpose: str, facts: CaseFacts) -> CaseScan:
    powers = powers_file.load()
    refusal = powers.may(actor, _VIEW, facts=facts)
    if refusal is not None:
        raise Forbidden(refusal.sentence)
    now = office.now()
    with office.database.writing() as transaction:
        row = queries.row(transaction, scan_id)
        if row.state == ScanState.SHREDDED:
            raise NotFound("This scan is not kept any more.")
        append(
            transaction,
            kind="scan_shown",
            subject=f"case:{row.case_id}",
            actor=actor.account_id,
            occurred_at=now,
            recorded_at=now,
            facts={"scan": row.id, "role": powers.acting_role(actor, _VIEW), "purpose": purpose[:64]},
        )
        return row
