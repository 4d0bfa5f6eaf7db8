"""A supervisor gives a step only to whoever could complete it, at the moment in which it is given."""

from __future__ import annotations

from datetime import date

import pytest

from center.casework import holders, queries
from center.casework.case import CaseState, Holder, HolderKind
from center.casework.fields import BadFields
from center.database import Database
from center.errors import Conflict
from center.people import powers_file
from center.people.tables import Account, AccountState
from tests.center.casework.sample_cases import (
    AKBOTA,
    MORNING,
    REASON,
    SUPERVISOR,
    command,
    do,
    open_case,
    staff,
    walk,
)
from tests.center.people.staff import add_account

TODAY = date(2026, 4, 14)


def _account(database: Database, login: str, *roles: str, until: date | None = None) -> str:
    with database.writing() as transaction:
        return add_account(transaction, login, *roles, until=until)


def _give(database: Database, case_id: str, step: str, account: str) -> CaseState:
    return do(database, SUPERVISOR, command("step.reassign", case_id, step, to=account, reason=REASON))


def _offered(database: Database, case_id: str, step: str) -> list[str]:
    """What the supervisor's page offers."""
    with database.reading() as transaction:
        edition = queries.edition_of(queries.case_row(transaction, case_id))
        state = queries.case_state(transaction, case_id)
        return holders.who_may_hold(transaction, powers_file.load(), state, edition.step(step), TODAY)


def test_a_step_goes_from_one_person_to_another(own_centre: Database) -> None:
    state = walk(own_centre, open_case(own_centre), 1)
    bolat = _account(own_centre, "bolat", "operator")
    assert _offered(own_centre, state.case_id, "accept") == [bolat]
    state = _give(own_centre, state.case_id, "accept", bolat)
    assert state.holder_of("accept") == Holder(HolderKind.PERSON, bolat)
    with pytest.raises(Conflict, match="somebody else"):
        do(own_centre, AKBOTA, command("step.release", state.case_id, "accept"))


def test_who_lacks_the_role_gets_nothing(own_centre: Database) -> None:
    state = open_case(own_centre)
    issuer = _account(own_centre, "ilyas", "document_issuer")
    for account in (issuer, "nobody-at-all"):
        with pytest.raises(BadFields, match="not active, or its role"):
            _give(own_centre, state.case_id, "accept", account)
    assert _offered(own_centre, state.case_id, "accept") == []


def test_who_is_locked_out_gets_nothing(own_centre: Database) -> None:
    state = open_case(own_centre)
    bolat = _account(own_centre, "bolat", "operator")
    with own_centre.writing() as transaction:
        transaction.get_one(Account, bolat).state = AccountState.LOCKED
    with pytest.raises(BadFields, match="not active"):
        _give(own_centre, state.case_id, "accept", bolat)


def test_who_did_what_excludes_the_step_gets_nothing(own_centre: Database) -> None:
    # Somebody whose role was changed in the course of the day.
    bolat = _account(own_centre, "bolat", "operator", "document_issuer")
    state = open_case(own_centre, staff(bolat, "operator"))
    papers = {"documents": ["identity"], "consent": ["persons"]}
    for kind, payload in (("step.take", {}), ("step.complete", papers)):
        do(own_centre, staff(bolat, "operator"), command(kind, state.case_id, "accept", **payload))
    do(own_centre, AKBOTA, command("case.correct", state.case_id, "accept", reason=REASON))
    other = open_case(own_centre)
    assert _offered(own_centre, state.case_id, "accept") == [bolat]
    assert _offered(own_centre, state.case_id, "produce") == []
    assert _offered(own_centre, other.case_id, "produce") == [bolat]


def test_a_party_or_a_relative_of_one_gets_nothing(own_centre: Database) -> None:
    state = open_case(own_centre)
    bolat = _account(own_centre, "bolat", "operator")
    told = command("parties.record", state.case_id, parties=["p-1"], concerned=[bolat])
    do(own_centre, AKBOTA, told)
    with pytest.raises(BadFields, match="party to this case"):
        _give(own_centre, state.case_id, "accept", bolat)
    assert _offered(own_centre, state.case_id, "accept") == []


def test_a_certificate_is_looked_at_by_the_centres_date(own_centre: Database) -> None:
    state = do(own_centre, AKBOTA, command("case.open", service="vehicle_inspection"), MORNING)
    last_day = _account(own_centre, "viktor", "police_inspector", until=TODAY)
    _account(own_centre, "natalya", "police_inspector", until=date(2026, 4, 13))
    assert _offered(own_centre, state.case_id, "inspect") == [last_day]


def test_while_the_case_is_suspended_a_step_is_given_on_for_when_it_goes_on(own_centre: Database) -> None:
    state = walk(own_centre, open_case(own_centre), 1)
    bolat = _account(own_centre, "bolat", "operator")
    do(own_centre, SUPERVISOR, command("case.suspend", state.case_id, reference="police-1", reason=REASON))
    state = _give(own_centre, state.case_id, "accept", bolat)
    assert state.holder_of("accept") == Holder(HolderKind.PERSON, bolat)
