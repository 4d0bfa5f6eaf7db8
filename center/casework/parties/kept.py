"""How a case's parties lie in the vault, and how they are read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select

from center.casework.parties.entries import Entry
from center.casework.parties.persons import Firm, Party, Person
from center.casework.parties.representation import Mandate
from center.casework.parties.tables import CaseParty
from center.database import Transaction
from center.journal.vault import Vault

VIN: Final = "vin"
"""The field in the vault under which a case keeps its vehicle."""


class KeptParty(msgspec.Struct, frozen=True):
    """What the vault holds about one party: who it is, and for a representative by what right."""

    party: Party
    mandates: tuple[Mandate, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A party of a case; ``kept`` is None once the case was shredded."""

    party_id: str
    side: str
    kind: str
    represents: str | None
    recorded_at: datetime
    kept: KeptParty | None


def subject_of(case_id: str) -> str:
    """The case in the vault."""
    return f"case:{case_id}"


def field_of(party_id: str) -> str:
    """The party in the case."""
    return f"party:{party_id}"


def vehicle(vault: Vault, case_id: str) -> str:
    """The VIN of a case's vehicle; empty for none, and once the case was shredded."""
    return vault.reveal(subject_of(case_id)).get(VIN, "")


def written(kept: KeptParty) -> str:
    """As the vault keeps it."""
    return msgspec.json.encode(kept).decode()


def number_of(party: Party) -> tuple[str, str] | None:
    """Field and value under which a party is found again; None for a foreigner without an IIN."""
    if isinstance(party, Firm):
        return "bin", party.bin
    return ("iin", party.iin) if party.iin else None


def parties(transaction: Transaction, vault: Vault, case_id: str) -> list[PartyFacts]:
    """A case's present parties."""
    rows = present_rows(transaction, case_id)
    values = vault.reveal(subject_of(case_id)) if rows else {}
    found = []
    for row in rows:
        text = values.get(field_of(row.id))
        kept = None if text is None else msgspec.json.decode(text, type=KeptParty)
        found.append(PartyFacts(row.id, row.side, row.kind, row.represents, row.recorded_at, kept))
    return found


def entries(transaction: Transaction, vault: Vault, case_id: str) -> list[Entry]:
    """A case's parties as they were entered, for deciding who may do the next thing; without those shredded."""
    return entries_of(parties(transaction, vault, case_id))


def entries_of(told: Sequence[PartyFacts]) -> list[Entry]:
    """The same of parties that are at hand."""
    agents = {one.represents: one.kept for one in told if one.represents and one.kept}
    found = []
    for one in told:
        if one.represents is not None or one.kept is None:
            continue
        agent = agents.get(one.party_id)
        person = agent.party if agent and isinstance(agent.party, Person) else None
        found.append(Entry(one.side, one.kept.party, person, agent.mandates if agent else ()))
    return found


def roles(transaction: Transaction, case_id: str) -> dict[str, str]:
    """What each present party is in a case: its side, or ``SIDE_representative`` for who acts for that side's party."""
    rows = present_rows(transaction, case_id)
    sides = {row.id: row.side for row in rows}
    return {row.id: f"{sides[row.represents]}_{row.side}" if row.represents else row.side for row in rows}


def present_rows(transaction: Transaction, case_id: str) -> list[CaseParty]:
    """The rows of the present parties, in their order."""
    query = select(CaseParty).where(
        CaseParty.centre_id == transaction.centre_id, CaseParty.case_id == case_id, CaseParty.replaced_at.is_(None)
    )
    return list(transaction.scalars(query.order_by(CaseParty.id)))
