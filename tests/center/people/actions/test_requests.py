"""What takes two persons: one proposes, another one of another role confirms, and nobody does both."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from center.errors import BadRequest, CenterError, Conflict, Forbidden, NotFound
from center.people import details, queries
from center.people.actions import accounts, relatives, requests
from center.people.actions.accounts import NAME
from center.people.powers import Strength
from center.people.proposals import (
    AccountCreate,
    AccountUnlock,
    CertificateRecord,
    PasskeyReplace,
    PasswordReset,
    Proposal,
    RelativeWithdraw,
    RoleGrant,
)
from center.people.queries import subject_of
from tests.center.people.office_rig import Rig, rig, shared_rig

__all__ = ["rig", "shared_rig"]


def _roles(rig: Rig, account_id: str) -> frozenset[str]:
    with rig.office.database.reading() as transaction:
        return queries.open_roles(transaction, rig.office.powers, account_id, rig.office.today)


def test_a_confirmed_account_has_a_name_in_the_vault_and_no_role(rig: Rig) -> None:
    account_id, code = rig.newcomer()
    assert rig.office.vault.reveal(subject_of(account_id))[NAME] == "Жаңа Қызметкер"
    assert _roles(rig, account_id) == frozenset()
    assert len({code.first_half, code.second_half}) == 2


def test_until_it_is_confirmed_there_is_no_account(rig: Rig) -> None:
    proposed = requests.propose(rig.office, rig.administrator, AccountCreate(person := rig.person()))
    with rig.office.database.reading() as transaction:
        everybody = queries.accounts(transaction, rig.office.powers, rig.office.today)
    assert person.login not in {one.login for one in everybody}
    requests.decline(rig.office, rig.supervisor, proposed.request_id, "not needed")
    assert rig.office.vault.reveal(requests.vault_subject(proposed.request_id)) == {}


@pytest.mark.parametrize("login", ["akbota", "viktor", "gulnar", "marat", "oleg", "asel", "saule", "irina"])
def test_only_the_administrator_proposes_an_account(rig: Rig, login: str) -> None:
    with pytest.raises(Forbidden, match="administrator"):
        requests.propose(rig.office, rig.actor(login), AccountCreate(rig.person()))


@pytest.mark.parametrize(
    ("login", "may"), [("saule", True), ("irina", True), ("dauren", False), ("akbota", False), ("asel", False)]
)
def test_another_role_confirms(rig: Rig, login: str, may: bool) -> None:
    proposed = requests.propose(rig.office, rig.administrator, AccountCreate(rig.person()))
    if may:
        assert requests.confirm(rig.office, rig.actor(login), proposed.request_id).half
        return
    with pytest.raises(Forbidden):
        requests.confirm(rig.office, rig.actor(login), proposed.request_id)
    requests.decline(rig.office, rig.administrator, proposed.request_id, "only a try")


def test_without_a_passkey_nobody_proposes_or_confirms(rig: Rig) -> None:
    with pytest.raises(Forbidden, match="passkey"):
        requests.propose(rig.office, rig.actor("dauren", Strength.PASSWORD), AccountCreate(rig.person()))
    proposed = requests.propose(rig.office, rig.administrator, AccountCreate(rig.person()))
    with pytest.raises(Forbidden, match="passkey"):
        requests.confirm(rig.office, rig.actor("saule", Strength.PASSWORD), proposed.request_id)


def test_nobody_confirms_what_is_about_themselves(rig: Rig) -> None:
    supervisor = rig.supervisor
    proposed = requests.propose(rig.office, rig.administrator, PasskeyReplace(supervisor.account_id))
    with pytest.raises(Forbidden, match="about themselves"):
        requests.confirm(rig.office, supervisor, proposed.request_id)
    assert requests.confirm(rig.office, rig.actor("asel"), proposed.request_id).half, "the auditor may"


def test_one_who_holds_both_roles_cannot_do_both_halves(rig: Rig) -> None:
    officer = rig.actor("irina")
    both = type(officer)(officer.account_id, officer.roles | {"supervisor"}, officer.strength)
    account_id, _ = rig.newcomer()
    proposed = requests.propose(rig.office, both, PasskeyReplace(account_id))
    with pytest.raises(Forbidden, match="by two persons"):
        requests.confirm(rig.office, both, proposed.request_id)


def test_a_role_is_open_once_it_is_confirmed(rig: Rig) -> None:
    account_id, _ = rig.newcomer()
    rig.agree(RoleGrant(account_id, "operator"))
    assert _roles(rig, account_id) == {"operator"}


def test_a_certificate_that_has_expired_closes_the_role_until_a_new_one_is_recorded(rig: Rig) -> None:
    account_id, _ = rig.newcomer()
    rig.agree(RoleGrant(account_id, "police_inspector", (date(2026, 4, 1), date(2026, 4, 15))))
    assert _roles(rig, account_id) == {"police_inspector"}
    rig.later(days=1, hours=14.9)
    assert _roles(rig, account_id) == {"police_inspector"}, "its last day counts, by the centre's clock"
    rig.later(hours=0.2)
    assert _roles(rig, account_id) == frozenset()
    rig.agree(CertificateRecord(account_id, "police_inspector", (date(2026, 4, 16), date(2027, 4, 15))))
    assert _roles(rig, account_id) == {"police_inspector"}


@pytest.mark.parametrize(
    ("role", "certificate", "told"),
    [
        ("emperor", None, "no role 'emperor'"),
        ("police_inspector", None, "needs a staff certificate"),
        ("operator", (date(2026, 4, 1), date(2027, 4, 1)), "no use for"),
        ("examiner", (date(2026, 4, 15), date(2027, 4, 1)), "has not come yet"),
        ("examiner", (date(2026, 4, 1), date(2026, 3, 31)), "lies before its issue"),
        ("examiner", (date(2026, 4, 1), date(2037, 4, 1)), "more than 10 years"),
    ],
)
def test_a_role_that_cannot_be_is_not_proposed(
    rig: Rig, role: str, certificate: tuple[date, date] | None, told: str
) -> None:
    account_id, _ = rig.newcomer()
    with pytest.raises(BadRequest, match=told):
        requests.propose(rig.office, rig.administrator, RoleGrant(account_id, role, certificate))


@pytest.mark.parametrize("role", ["supervisor", "operator", "auditor", "safety_officer"])
def test_the_administrator_gets_no_other_role(rig: Rig, role: str) -> None:
    with pytest.raises(Conflict, match="Nobody has both these roles"):
        requests.propose(rig.office, rig.administrator, RoleGrant(rig.administrator.account_id, role))
    assert _roles(rig, rig.administrator.account_id) == {"administrator"}


def test_of_two_roles_that_exclude_each_other_only_the_first_is_granted(rig: Rig) -> None:
    account_id, _ = rig.newcomer()
    first, second = (
        requests.propose(rig.office, rig.administrator, RoleGrant(account_id, role))
        for role in ("operator", "document_issuer")
    )
    requests.confirm(rig.office, rig.supervisor, first.request_id)
    with pytest.raises(Conflict, match="Nobody has both these roles"):
        requests.confirm(rig.office, rig.supervisor, second.request_id)
    assert _roles(rig, account_id) == {"operator"}


@pytest.mark.parametrize("field", ["login", "iin"])
def test_a_person_has_one_account(rig: Rig, field: str) -> None:
    first, second = rig.person(), rig.person()
    twin = type(second)(**{"login": second.login, "name": second.name, "iin": second.iin, field: getattr(first, field)})
    waiting = requests.propose(rig.office, rig.administrator, AccountCreate(twin))
    rig.agree(AccountCreate(first))
    with pytest.raises(Conflict):
        requests.confirm(rig.office, rig.supervisor, waiting.request_id)
    with pytest.raises(Conflict):
        requests.propose(rig.office, rig.administrator, AccountCreate(twin))


def test_a_proposal_expires(rig: Rig) -> None:
    proposed = requests.propose(rig.office, rig.administrator, AccountCreate(rig.person()))
    rig.later(days=3)
    with pytest.raises(Conflict, match="expired"):
        requests.confirm(rig.office, rig.supervisor, proposed.request_id)
    assert requests.expire_old(rig.office) >= 1
    assert rig.office.vault.reveal(requests.vault_subject(proposed.request_id)) == {}
    with rig.office.database.reading() as transaction:
        assert proposed.request_id not in {one.request_id for one in details.requests(transaction, waiting=True)}


def test_what_is_decided_is_decided(rig: Rig) -> None:
    proposed = requests.propose(rig.office, rig.administrator, AccountCreate(rig.person()))
    requests.decline(rig.office, rig.administrator, proposed.request_id, "a mistake")
    with pytest.raises(Conflict, match="withdrawn already"):
        requests.confirm(rig.office, rig.supervisor, proposed.request_id)


@pytest.mark.parametrize("request_id", ["", "none", "x" * 500, "' OR 1=1"])
def test_what_was_never_proposed_is_not_found(rig: Rig, request_id: str) -> None:
    with pytest.raises(NotFound):
        requests.confirm(rig.office, rig.supervisor, request_id)


def test_of_two_who_confirm_at_once_one_does(rig: Rig) -> None:
    proposed = requests.propose(rig.office, rig.administrator, AccountCreate(rig.person()))
    who, outcomes = [rig.supervisor, rig.actor("irina")], []

    def confirm(number: int) -> None:
        try:
            outcomes.append(requests.confirm(rig.office, who[number], proposed.request_id).half is not None)
        except CenterError:
            outcomes.append(False)

    threads = [threading.Thread(target=confirm, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]


def test_a_locked_account_is_opened_by_two(rig: Rig) -> None:
    account_id, _ = rig.newcomer()
    with pytest.raises(Conflict, match="not locked"):
        requests.propose(rig.office, rig.administrator, AccountUnlock(account_id))
    with rig.office.database.writing() as transaction:
        accounts.lock(transaction, rig.office, account_id, rig.supervisor.account_id, "seen elsewhere")
    rig.agree(AccountUnlock(account_id))
    with rig.office.database.reading() as transaction:
        assert accounts.loaded(transaction, account_id).state == "active"


def test_a_declared_relative_is_struck_off_by_two_and_concerns_until_then(rig: Rig) -> None:
    account_id, _ = rig.newcomer()
    relative = rig.person().iin
    fingerprint = accounts.fingerprint_of(rig.office.vault, relative)
    with rig.office.database.writing() as transaction:
        relatives.declare(transaction, rig.office, account_id, relative)
    with rig.office.database.reading() as transaction:
        assert queries.concerned(transaction, [fingerprint]) == {account_id}
        ((relative_id, _),) = details.relatives(transaction, account_id)
    rig.agree(RelativeWithdraw(account_id, relative_id))
    with rig.office.database.reading() as transaction:
        assert queries.concerned(transaction, [fingerprint]) == frozenset()


def test_somebody_is_concerned_by_their_own_case(rig: Rig) -> None:
    account_id, _ = rig.agree(AccountCreate(person := rig.person()))
    with rig.office.database.reading() as transaction:
        own = accounts.fingerprint_of(rig.office.vault, person.iin)
        assert queries.concerned(transaction, [own, "another"]) == {account_id}


@pytest.mark.parametrize("kind", [PasskeyReplace, PasswordReset])
def test_nothing_is_proposed_about_nobody(rig: Rig, kind: type[Proposal]) -> None:
    with pytest.raises(NotFound):
        requests.propose(rig.office, rig.administrator, kind("none"))  # type: ignore[call-arg,arg-type]


def test_the_last_administrator_stays_one(rig: Rig) -> None:
    who = rig.administrator.account_id
    with rig.office.database.writing() as transaction, pytest.raises(Conflict, match="last administrator"):
        accounts.revoke_role(transaction, rig.office, who, "administrator", who, "leaving")
