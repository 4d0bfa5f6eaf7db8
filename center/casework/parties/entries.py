"""Who is to be recorded in a case, and whether it holds together: sides, representatives, ages, mandates. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from center.casework.fields import N_, Fault
from center.casework.parties.persons import Firm, Party, Person
from center.casework.parties.representation import (
    Basis,
    Deed,
    Law,
    Mandate,
    both_sides_refusal,
    last_day,
    refusal,
)
from center.casework.services import CONTRACT

SIDES: Final = ("applicant", *CONTRACT)
REPRESENTATIVE: Final = "representative"


@dataclass(frozen=True, slots=True)
class Entry:
    """One party on one side, and who acts for it if it does not act itself."""

    side: str
    party: Party
    agent: Person | None = None
    mandates: tuple[Mandate, ...] = ()
    """From the party's own to the last delegation."""


def faults(law: Law, entries: Sequence[Entry], deed: Deed) -> list[Fault]:
    """What is wrong with the parties of a case in which somebody does the deed; nothing: all may."""
    found = _side_faults(entries)
    for entry in entries:
        fault = agent_refusal(law, entry, deed)
        if fault is not None:
            found.append(Fault(_field(entry.side), fault.text, fault.values))
    by_side = {entry.side: entry for entry in entries}
    if set(CONTRACT) <= set(by_side):
        names = {_key(entry.party): _key(entry.agent or entry.party) for entry in entries}
        sides = (_key(by_side["seller"].party), _key(by_side["buyer"].party))
        if sides[0] == sides[1]:
            found.append(Fault("buyer", N_("The two sides of a contract are two.")))
        elif fault := both_sides_refusal(law, names, sides):
            found.append(Fault("buyer", fault.text, fault.values))
    return found


def agent_refusal(law: Law, entry: Entry, deed: Deed) -> Fault | None:
    """Why the entry's party, or who acts for it, may not do the deed.

    Mandates without an agent: the party itself has come, though somebody may act for it.
    """
    if entry.agent is None:
        return _own_refusal(law, entry, deed.on)
    if _key(entry.agent) == _key(entry.party):
        return Fault(REPRESENTATIVE, N_("Nobody represents themselves."))
    age = None if isinstance(entry.party, Firm) else entry.party.age_on(deed.on)
    agent_age = entry.agent.age_on(deed.on)
    return refusal(law, entry.mandates, deed, agent_age_years=agent_age, principal_age_years=age)


def _own_refusal(law: Law, entry: Entry, on: date) -> Fault | None:
    party = entry.party
    if isinstance(party, Firm):
        return Fault(REPRESENTATIVE, N_("A firm acts through somebody: its head, or whom an order or power names."))
    if party.age_on(on) < law.own_hand_from_years:
        text = N_("Somebody under %(years)s is represented by a parent or guardian.")
        return Fault(REPRESENTATIVE, text, {"years": law.own_hand_from_years})
    if party.age_on(on) >= law.adult_from_years and any(_is_guardians(law, one, on) for one in entry.mandates[:1]):
        return Fault(REPRESENTATIVE, N_("A court has appointed a guardian for this person, who acts for them."))
    return None


def _is_guardians(law: Law, mandate: Mandate, on: date) -> bool:
    """Whether a guardian is in office on a day."""
    ends_on = last_day(law, mandate)
    is_over = (ends_on is not None and ends_on < on) or (mandate.revoked_on is not None and mandate.revoked_on <= on)
    return mandate.basis is Basis.GUARDIAN and not is_over


def _side_faults(entries: Sequence[Entry]) -> list[Fault]:
    sides = [entry.side for entry in entries]
    unknown = [side for side in sides if side not in SIDES]
    found = [Fault("side", N_("There is no side %(side)s."), {"side": side[:40]}) for side in unknown]
    if len(set(sides)) != len(sides):
        found.append(Fault("side", N_("Each side has one party.")))
    if "applicant" not in sides and not set(CONTRACT) & set(sides):
        found.append(Fault("side", N_("Somebody must apply.")))
    if len(set(CONTRACT) & set(sides)) == 1:
        found.append(Fault("side", N_("A contract has a seller and a buyer.")))
    return found


def _field(side: str) -> str:
    """At which field it is told what is wrong with whoever acts for a side."""
    return f"{side}_{REPRESENTATIVE}" if side in CONTRACT else REPRESENTATIVE


def _key(party: Party) -> str:
    """The same person twice is the same key; a foreigner without an IIN is known by the document."""
    if isinstance(party, Firm):
        return f"bin {party.bin}"
    return f"iin {party.iin}" if party.iin else f"{party.citizenship} {party.document.kind} {party.document.number}"
