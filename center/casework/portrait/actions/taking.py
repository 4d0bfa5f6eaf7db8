"""Taking a portrait into a case: only one that will do, and only as the fresh picture drawn from it."""

from __future__ import annotations

from datetime import date

from center.casework.documents.actions import receiving
from center.casework.documents.actions.receiving import Received
from center.casework.documents.office import DocumentOffice
from center.casework.documents.queries import ScanFacts
from center.casework.documents.scans import Media
from center.casework.fields import BadFields
from center.casework.portrait import limits
from center.casework.portrait.examination import examine
from center.people.powers import Actor


def take(office: DocumentOffice, actor: Actor, case_id: str, client_key: str, data: bytes, on: date) -> ScanFacts:
    """Take a portrait in; raises :class:`BadFields` with what is wrong with it, and what ``receive`` raises."""
    received = Received(case_id, receiving.PORTRAIT, client_key, data)
    before = receiving.check(office, actor, received)
    if before is not None:
        return before
    portrait = examine(data, limits.load(on))
    if portrait.faults:
        raise BadFields(portrait.faults)
    return receiving.keep(office, actor, received, Media.JPEG, portrait.jpeg, [portrait.jpeg])
