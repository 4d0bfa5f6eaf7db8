"""Recording who a case is about: refused as a whole if it does not hold together, told to the case with its ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from center.casework import queries, services_file, vin
from center.casework.actions.acting import act
from center.casework.case import CaseState
from center.casework.commands import CaseCommand
from center.casework.fields import N_, BadFields, Fault
from center.casework.parties import kept, representation_law
from center.casework.parties.entries import REPRESENTATIVE, Entry, agent_refusal, faults
from center.casework.parties.kept import KeptParty
from center.casework.parties.persons import Firm
from center.casework.parties.representation import Deed, Law
from center.casework.parties.tables import CaseParty
from center.casework.services import Edition
from center.casework.tables import CaseAction
from center.database import Transaction, new_id
from center.errors import BadRequest
from center.journal.entries import append
from center.journal.vault import Vault
from center.people import queries as people
from center.people.powers import Actor

_APPLY = "apply"


@dataclass(frozen=True, slots=True)
class PartyRecord:
    """Who is recorded in which case, by a key that makes a second click the same."""

    case_id: str
    entries: tuple[Entry, ...]
    client_key: str
    vehicle: str = ""
    """VIN, for a service about one."""


def record(
    transaction: Transaction, vault: Vault, actor: Actor, asked: PartyRecord, *, at: datetime, on: date
) -> CaseState:
    """Record a case's parties, in place of those recorded before; the same key again changes nothing.

    ``on`` is the centre's date. Raises :class:`BadFields` with every fault of the parties, and what ``act`` raises.
    """
    state = queries.case_state(transaction, asked.case_id)
    law = representation_law.load(on)
    found = faults(law, asked.entries, Deed(_APPLY, state.service, on, asked.vehicle))
    found += vehicle_faults(services_file.load().named(state.edition), asked.vehicle)
    if found:
        raise BadFields(found)
    if (before := _repeated(transaction, asked)) is not None:
        return before
    planned = _planned(asked)
    numbers = [number for one in planned if (number := kept.number_of(one.about.party))]
    concerned = sorted(people.concerned(transaction, [vault.fingerprint(*number) for number in numbers]))
    firms = [one.party_id for one in planned if isinstance(one.about.party, Firm)]
    payload = {
        "parties": [one.party_id for one in planned],
        "concerned": concerned,
        "firms": firms,
        "acted_for": [one.side for one in asked.entries if one.agent is not None],
    }
    command = CaseCommand("parties.record", asked.client_key, asked.case_id, None, payload)
    state = act(transaction, actor, command, at)
    for row in kept.present_rows(transaction, asked.case_id):
        row.replaced_at = at
    for one in planned:
        _keep(transaction, vault, actor, asked.case_id, one, at)
    if asked.vehicle:
        _keep_vehicle(transaction, vault, actor, asked, at)
    return state


def vehicle_faults(edition: Edition, vehicle: str) -> list[Fault]:
    """What is wrong with the VIN that is given, or not given, for a service."""
    if not vehicle and not edition.about_vehicle:
        return []
    if not vehicle:
        return [Fault(kept.VIN, N_("This service is about a vehicle: its VIN is missing."))]
    if not edition.about_vehicle:
        return [Fault(kept.VIN, N_("This service is about no vehicle."))]
    try:
        vin.validate(vehicle)
    except BadRequest as error:
        return [Fault(kept.VIN, error.text)]
    return []


def refusals(transaction: Transaction, vault: Vault, case_id: str, deed: Deed, law: Law | None = None) -> list[Fault]:
    """Why those who stand at the window may not do a thing in this case now, such as agreeing or signing."""
    law = law or representation_law.load(deed.on)
    told = kept.entries(transaction, vault, case_id)
    return [fault for entry in told if (fault := agent_refusal(law, entry, deed))]


@dataclass(frozen=True, slots=True)
class _Planned:
    party_id: str
    side: str
    about: KeptParty
    represents: str | None


def _planned(asked: PartyRecord) -> list[_Planned]:
    found = []
    for entry in asked.entries:
        own = _Planned(new_id(), entry.side, KeptParty(entry.party), None)
        found.append(own)
        if entry.agent is not None:
            found.append(_Planned(new_id(), REPRESENTATIVE, KeptParty(entry.agent, entry.mandates), own.party_id))
    return found


def _repeated(transaction: Transaction, asked: PartyRecord) -> CaseState | None:
    """The case, if it was recorded under this key already; the parties' ids are new each time and cannot tell."""
    query = select(CaseAction.case_id).where(
        CaseAction.centre_id == transaction.centre_id,
        CaseAction.client_key == asked.client_key,
        CaseAction.kind == "parties.record",
        CaseAction.case_id == asked.case_id,
    )
    return None if transaction.scalar(query) is None else queries.case_state(transaction, asked.case_id)


def _keep(transaction: Transaction, vault: Vault, actor: Actor, case_id: str, one: _Planned, at: datetime) -> None:
    name = kept.field_of(one.party_id)
    values = {name: kept.written(one.about)}
    if number := kept.number_of(one.about.party):
        values[number[0]] = number[1]
    sealed = vault.seal(kept.subject_of(case_id), values, at)
    kind = "firm" if isinstance(one.about.party, Firm) else "person"
    transaction.add(
        CaseParty(
            id=one.party_id,
            centre_id=transaction.centre_id,
            case_id=case_id,
            side=one.side,
            kind=kind,
            represents=one.represents,
            commitment=sealed.commitments[name],
            recorded_at=at,
            recorded_by=actor.account_id,
        )
    )
    append(
        transaction,
        kind="party_kept",
        subject=kept.subject_of(case_id),
        actor=actor.account_id,
        occurred_at=at,
        recorded_at=at,
        facts={"party": one.party_id, "side": one.side, "kind": kind, "represents": one.represents},
        personal=sealed,
    )


def _keep_vehicle(transaction: Transaction, vault: Vault, actor: Actor, asked: PartyRecord, at: datetime) -> None:
    number = vin.validate(asked.vehicle)
    sealed = vault.seal(kept.subject_of(asked.case_id), {kept.VIN: number}, at)
    append(
        transaction,
        kind="vehicle_kept",
        subject=kept.subject_of(asked.case_id),
        actor=actor.account_id,
        occurred_at=at,
        recorded_at=at,
        facts={"check_digit_fits": vin.check_digit_fits(number)},
        personal=sealed,
    )
