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
from center.casework.portrait.examination import Portrait, examine
from center.casework.services import PORTRAIT
from center.people.powers import Actor


class PoorPortrait(BadFields):
    """A picture that will not do, with all that was measured of it."""

    def __init__(self, portrait: Portrait) -> None:
        super().__init__(portrait.faults)
        self.portrait = portrait


def look(office: DocumentOffice, actor: Actor, case_id: str, client_key: str, data: bytes, on: date) -> Portrait:
    """What a picture is worth, before it is taken in or not; nothing is kept. Raises as ``take`` but for that."""
    receiving.check(office, actor, Received(case_id, PORTRAIT, client_key, data))
    return examine(data, limits.load(on))


def take(office: DocumentOffice, actor: Actor, case_id: str, client_key: str, data: bytes, on: date) -> ScanFacts:
    """Take a portrait in; raises :class:`PoorPortrait`, :class:`BadScan` for no picture, and what ``act`` raises."""
    received = Received(case_id, PORTRAIT, client_key, data)
    before = receiving.check(office, actor, received)
    if before is not None:
        return before
    portrait = examine(data, limits.load(on))
    if portrait.faults:
        raise PoorPortrait(portrait)
    return receiving.keep(office, actor, received, Media.JPEG, portrait.jpeg, [portrait.jpeg])
