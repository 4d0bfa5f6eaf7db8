"""Taking a scan in: examined, drawn, encrypted and on the disk before the case hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from center.casework import permission, queries
from center.casework.actions.acting import act
from center.casework.commands import CaseCommand
from center.casework.documents import preview, scans
from center.casework.documents import queries as scan_queries
from center.casework.documents.office import DocumentOffice
from center.casework.documents.queries import ScanFacts
from center.casework.documents.scans import Media
from center.casework.documents.store import new_key
from center.casework.documents.tables import CaseScan, ScanState
from center.casework.services import PORTRAIT
from center.database import Transaction, new_id
from center.errors import N_, BadRequest, CenterError, Conflict
from center.people import powers_file
from center.people.powers import Actor

MOST_SCANS = 60
_KIND = "document.scan"


@dataclass(frozen=True, slots=True)
class Received:
    """What was handed in: for which requirement of which case, by a key that makes a second click the same."""

    case_id: str
    requirement: str
    client_key: str
    data: bytes


def receive(office: DocumentOffice, actor: Actor, received: Received) -> ScanFacts:
    """Take a scan in; raises :class:`BadScan` for what is none, and what ``act`` raises.

    Everything that can be refused is refused before anything is written.
    """
    if received.requirement == PORTRAIT:
        raise BadRequest(N_("A portrait is taken as one, and its quality examined; it is no scan."))
    before = check(office, actor, received)
    if before is not None:
        return before
    examined = scans.examine(received.data)
    pages = preview.draw(received.data, examined.media)
    return keep(office, actor, received, examined.media, received.data, pages)


def check(office: DocumentOffice, actor: Actor, received: Received) -> ScanFacts | None:
    """What came under this key before; raises if the actor may not, or the service asks for no such thing."""
    with office.database.reading() as transaction:
        before = _known(transaction, received)
        if before is not None:
            return before
        edition = queries.edition_of(queries.case_row(transaction, received.case_id))
        state = queries.case_state(transaction, received.case_id)
        refused = permission.refusal(powers_file.load(), edition, state, actor, _KIND, None)
        if refused is not None:
            raise refused
        if len(scan_queries.scans(transaction, received.case_id)) >= MOST_SCANS:
            raise Conflict(N_("A case has at most %(most)s scans."), most=MOST_SCANS)
    asked = {document.id for document in edition.documents} | ({PORTRAIT} if edition.wants_portrait else set())
    if received.requirement not in asked:
        raise BadRequest(
            N_("The service asks for no '%(requirement)s'; it asks for %(asked)s."),
            requirement=received.requirement[:64],
            asked=", ".join(sorted(asked)),
        )
    return None


def keep(
    office: DocumentOffice, actor: Actor, received: Received, media: Media, data: bytes, pages: Sequence[bytes]
) -> ScanFacts:
    """Encrypt and store what was examined, then tell the case."""
    scan_id, key, now = new_id(), new_key(), office.now()
    # The files come first: a row without its file would be a lost document. What a crash leaves between the two stays
    # on the disk, unreadable once the case's key is shredded. Nothing looks for files that no row names: after a
    # restore from an older backup those are documents.
    addresses = [office.store.put(one, key) for one in (data, *pages)]
    office.keep_key(received.case_id, scan_id, key)
    row = CaseScan(
        id=scan_id,
        case_id=received.case_id,
        requirement=received.requirement,
        state=ScanState.KEPT,
        media=media,
        size_bytes=len(data),
        address=addresses[0],
        pages=addresses[1:],
        client_key=received.client_key,
        received_by=actor.account_id,
        received_at=now,
    )
    try:
        with office.database.writing() as transaction:
            told = _tell(transaction, actor, received, row)
    except CenterError:
        # Refused before anything was committed: no row names the files. After another error one may.
        _remove(office, addresses)
        raise
    if told.scan_id != scan_id:
        _remove(office, addresses)
    return told


def _tell(transaction: Transaction, actor: Actor, received: Received, row: CaseScan) -> ScanFacts:
    """The case, that it has the scan; or what the same client's key gave before."""
    before = _known(transaction, received)
    if before is not None:
        return before
    payload = {"requirement": received.requirement, "scan": row.id, "sha256": row.address}
    command = CaseCommand(_KIND, received.client_key, received.case_id, None, payload)
    act(transaction, actor, command, row.received_at)
    row.centre_id = transaction.centre_id
    transaction.add(row)
    transaction.flush()
    return scan_queries.facts(row)


def _remove(office: DocumentOffice, addresses: Sequence[str]) -> None:
    for address in addresses:
        office.store.remove(address)


def _known(transaction: Transaction, received: Received) -> ScanFacts | None:
    query = select(CaseScan).where(
        CaseScan.centre_id == transaction.centre_id, CaseScan.client_key == received.client_key
    )
    row = transaction.scalar(query)
    if row is None:
        return None
    if (row.case_id, row.requirement) != (received.case_id, received.requirement):
        raise Conflict(N_("This client key belongs to another scan already."))
    return scan_queries.facts(row)
