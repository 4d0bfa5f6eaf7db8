"""Parties are recorded as ids in the case and as values in the vault alone, and whom they concern may not act."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from center.casework.case import CaseState
from center.casework.fields import BadFields
from center.casework.parties import kept
from center.casework.parties.actions.recording import PartyRecord, record, refusals
from center.casework.parties.entries import Entry
from center.casework.parties.representation import Deed
from center.casework.parties.tables import CaseParty
from center.casework.tables import CaseAction
from center.database import Database
from center.errors import Conflict, Forbidden
from center.journal.tables import JournalEntry
from center.journal.vault import Vault
from center.people.powers import Actor
from center.people.tables import Account, Relative
from tests.center.casework.parties.people import AIGERIM, DENIS, GRANDMOTHER, power
from tests.center.casework.sample_cases import AKBOTA, ISSUER, MORNING, command, do, key, open_case, staff
from tests.center.people.staff import add_account

DAY = date(2026, 4, 14)
ALONE = (Entry("applicant", AIGERIM),)
BY_GRANDMOTHER = (Entry("applicant", AIGERIM, GRANDMOTHER, (power("apply"),)),)


@pytest.fixture
def vault(own_centre: Database, tmp_path: Path) -> Iterator[Vault]:
    opened = Vault(f"sqlite:///{tmp_path / 'vault.sqlite3'}", tmp_path / "master.key", own_centre.centre_id)
    opened.create()
    yield opened
    opened.close()


def _record(
    database: Database,
    vault: Vault,
    case_id: str,
    entries: tuple[Entry, ...] = ALONE,
    *,
    actor: Actor = AKBOTA,
    client_key: str | None = None,
    vehicle: str = "",
) -> CaseState:
    with database.writing() as transaction:
        asked = PartyRecord(case_id, entries, client_key or key(), vehicle)
        return record(transaction, vault, actor, asked, at=MORNING, on=DAY)


def test_a_party_comes_back_from_the_vault(own_centre: Database, vault: Vault) -> None:
    case = open_case(own_centre)
    _record(own_centre, vault, case.case_id, BY_GRANDMOTHER)
    with own_centre.reading() as transaction:
        applicant, agent = kept.parties(transaction, vault, case.case_id)
        assert applicant.kept is not None
        assert agent.kept is not None
        assert (applicant.kept.party, applicant.side) == (AIGERIM, "applicant")
        assert (agent.kept.party, agent.represents) == (GRANDMOTHER, applicant.party_id)
        assert kept.entries(transaction, vault, case.case_id) == list(BY_GRANDMOTHER)
    assert vault.subjects_with("iin", AIGERIM.iin) == [f"case:{case.case_id}"]
    assert vault.subjects_with("iin", GRANDMOTHER.iin) == [f"case:{case.case_id}"]


def test_nothing_personal_lies_in_the_database(own_centre: Database, vault: Vault) -> None:
    case = open_case(own_centre)
    _record(own_centre, vault, case.case_id, BY_GRANDMOTHER)
    with own_centre.reading() as transaction:
        for table in (CaseParty, CaseAction, JournalEntry):
            rows = transaction.scalars(select(table).where(table.centre_id == transaction.centre_id)).all()
            assert rows
            told = repr([vars(row) for row in rows])
            for value in (AIGERIM.iin, GRANDMOTHER.iin, "Айгерім", "Бибігүл", "17-204", AIGERIM.iin.encode().hex()):
                assert value not in told


def test_after_shredding_the_case_knows_ids_only(own_centre: Database, vault: Vault) -> None:
    case = open_case(own_centre)
    _record(own_centre, vault, case.case_id)
    vault.forget(f"case:{case.case_id}")
    with own_centre.reading() as transaction:
        (party,) = kept.parties(transaction, vault, case.case_id)
        assert party.kept is None
        assert kept.entries(transaction, vault, case.case_id) == []


def test_whoever_is_a_party_or_their_relative_may_not_act(own_centre: Database, vault: Vault) -> None:
    case = open_case(own_centre)
    fingerprint = vault.fingerprint("iin", AIGERIM.iin)
    with own_centre.writing() as transaction:
        kin = add_account(transaction, "ilyas", "document_issuer")
        herself = add_account(transaction, "aigerim", "operator")
        transaction.get_one(Account, herself).iin_fingerprint = fingerprint
        owned = {"centre_id": transaction.centre_id, "account_id": kin}
        transaction.add(Relative(**owned, fingerprint=fingerprint, declared_at=MORNING, ended_at=None))
    state = _record(own_centre, vault, case.case_id)
    assert state.concerned == {kin, herself}
    with pytest.raises(Forbidden, match="a party"):
        do(own_centre, staff(herself, "operator"), command("step.take", case.case_id, "accept"))


def test_the_same_key_again_records_nothing_more(own_centre: Database, vault: Vault) -> None:
    case, once = open_case(own_centre), key()
    first = _record(own_centre, vault, case.case_id, client_key=once)
    assert _record(own_centre, vault, case.case_id, client_key=once).ordinal == first.ordinal
    with own_centre.reading() as transaction:
        assert len(kept.parties(transaction, vault, case.case_id)) == 1


def test_a_key_of_another_action_is_refused(own_centre: Database, vault: Vault) -> None:
    case, once = open_case(own_centre), command("step.take", "", "accept")
    do(own_centre, AKBOTA, command("step.take", case.case_id, "accept"))
    taken = command("step.release", case.case_id, "accept")
    do(own_centre, AKBOTA, taken)
    with pytest.raises(Conflict, match="another action"):
        _record(own_centre, vault, case.case_id, client_key=taken.client_key)
    assert once.kind == "step.take"


def test_a_correction_takes_the_place_of_what_was_recorded(own_centre: Database, vault: Vault) -> None:
    case = open_case(own_centre)
    _record(own_centre, vault, case.case_id)
    _record(own_centre, vault, case.case_id, (Entry("applicant", DENIS),))
    with own_centre.reading() as transaction:
        (party,) = kept.parties(transaction, vault, case.case_id)
        assert party.kept is not None
        assert party.kept.party == DENIS


def test_parties_that_do_not_hold_together_are_refused_and_nothing_is_kept(own_centre: Database, vault: Vault) -> None:
    case = open_case(own_centre)
    with pytest.raises(BadFields, match="no paper"):
        _record(own_centre, vault, case.case_id, (Entry("applicant", AIGERIM, GRANDMOTHER),))
    assert vault.subjects_with("iin", AIGERIM.iin) == []
    with own_centre.reading() as transaction:
        assert kept.parties(transaction, vault, case.case_id) == []


def test_only_an_operator_records_parties(own_centre: Database, vault: Vault) -> None:
    case = open_case(own_centre)
    with pytest.raises(Forbidden):
        _record(own_centre, vault, case.case_id, actor=ISSUER)
    assert vault.subjects_with("iin", AIGERIM.iin) == []


def test_a_power_to_apply_is_none_to_receive(own_centre: Database, vault: Vault) -> None:
    case = open_case(own_centre)
    _record(own_centre, vault, case.case_id, BY_GRANDMOTHER)
    with own_centre.reading() as transaction:
        receive = Deed("receive_document", "records_certificate", DAY)
        told = refusals(transaction, vault, case.case_id, receive)
        assert [fault.sentence for fault in told] == ["The paper does not cover this act."]
        assert refusals(transaction, vault, case.case_id, Deed("apply", "records_certificate", DAY)) == []


def test_a_vehicle_lies_in_the_vault_alone_and_whether_its_check_digit_fits_in_the_journal(
    own_centre: Database, vault: Vault
) -> None:
    case = do(own_centre, AKBOTA, command("case.open", service="vehicle_inspection"), MORNING)
    _record(own_centre, vault, case.case_id, vehicle="xta212140 c9990002")
    assert kept.vehicle(vault, case.case_id) == "XTA212140C9990002"
    with own_centre.reading() as transaction:
        entries = transaction.scalars(select(JournalEntry).where(JournalEntry.subject == f"case:{case.case_id}")).all()
    (told,) = [one.data for one in entries if one.kind == "vehicle_kept"]
    assert json.loads(told)["facts"] == {"check_digit_fits": False}
    assert not any(b"XTA212140C9990002" in one.data.upper() for one in entries)


@pytest.mark.parametrize(
    ("service", "vehicle", "told"),
    [
        ("vehicle_inspection", "", "its VIN is missing"),
        ("vehicle_inspection", "XTA21214OC9990002", "never I, O or Q"),
        ("records_certificate", "XTA212140C9990002", "about no vehicle"),
    ],
)
def test_a_vehicle_is_named_where_the_service_is_about_one_and_nowhere_else(
    own_centre: Database, vault: Vault, service: str, vehicle: str, told: str
) -> None:
    case = do(own_centre, AKBOTA, command("case.open", service=service), MORNING)
    with pytest.raises(BadFields, match=told):
        _record(own_centre, vault, case.case_id, vehicle=vehicle)
    assert kept.vehicle(vault, case.case_id) == ""
