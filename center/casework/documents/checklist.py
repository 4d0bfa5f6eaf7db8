"""What an applicant still has to show, by service and kind of applicant; a register's answer is never on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from center.casework.documents.queries import ScanFacts
from center.casework.documents.tables import ScanState
from center.casework.services import Document


class ItemState(StrEnum):
    """Where one paper stands."""

    SEEN = "seen"
    """At the window, or as a scan that counts."""
    REFUSED = "refused"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Item:
    """One paper of the list."""

    requirement: str
    title: Mapping[str, str]
    optional: bool
    state: ItemState
    refused_reason: str | None = None


def checklist(asked: Iterable[Document], scans: Iterable[ScanFacts], seen: Iterable[str]) -> list[Item]:
    """How the papers that are asked for stand; ``seen`` are those that the case says were shown."""
    newest = {scan.requirement: scan for scan in scans}
    shown = set(seen)
    found = []
    for document in asked:
        scan = newest.get(document.id)
        if scan is not None and scan.state is ScanState.REFUSED:
            state, reason = ItemState.REFUSED, scan.refused_reason
        else:
            is_seen = document.id in shown or (scan is not None and scan.state is ScanState.KEPT)
            state, reason = (ItemState.SEEN if is_seen else ItemState.MISSING), None
        found.append(Item(document.id, document.title, document.optional, state, reason))
    return found


def is_complete(items: Iterable[Item]) -> bool:
    """Whether nothing is missing that must be shown."""
    return all(item.optional or item.state is ItemState.SEEN for item in items)
