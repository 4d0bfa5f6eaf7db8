"""A proposed refund lies with a supervisor whom the case lets confirm it, else with the safety officer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from center.casework import permission
from center.casework.commands import System
from center.casework.payments.actions import catching_up
from center.casework.payments.actions.asking import ask
from center.casework.payments.actions.proposing_refunds import confirm, decline, propose
from center.casework.payments.actions.refunding import RefundOrder
from center.casework.payments.confirmers import CONFIRM, confirmers
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.casework.queries import actions, case_state
from center.database import Database
from center.errors import Forbidden
from center.people import powers_file
from center.people.powers import Actor
from tests.center.casework.payments.offices import AMOUNT, office, pays, request
from tests.center.casework.sample_cases import AKBOTA, command, do, staff
from tests.center.people.staff import TODAY, add_account
from tests.services.outside_systems import OutsideSystem

POWERS = powers_file.load()
REASON = "The document was made."


@pytest.fixture
def at(own_centre: Database, gateway: OutsideSystem) -> PaymentOffice:
    return office(own_centre, gateway)


@pytest.fixture
def paid(at: PaymentOffice, gateway: OutsideSystem) -> IntentFacts:
    intent = ask(at, request(at))
    pays(gateway, intent)
    catching_up.catch_up(at)
    return intent


def _person(at: PaymentOffice, login: str, *roles: str) -> Actor:
    with at.database.writing() as transaction:
        return staff(add_account(transaction, login, *roles), *roles)


def _order(paid: IntentFacts, who: Actor = AKBOTA, amount: int = AMOUNT, key: str = "click-1") -> RefundOrder:
    return RefundOrder(paid.intent_id, amount, "paid_in_error", key, who)


def _is_a_party(at: PaymentOffice, who: Actor, case_id: str) -> None:
    told = command("parties.record", case_id, parties=["p-1"], concerned=[who.account_id])
    do(at.database, System("parties"), told)


def _lies_with(at: PaymentOffice, case_id: str) -> tuple[str, bool]:
    with at.database.reading() as transaction:
        found = confirmers(transaction, POWERS, [case_id], TODAY)[case_id]
        facts = permission.facts_of(case_state(transaction, case_id))
    # Whom the case bars here is whom the table of powers refuses in it.
    for account in found.barred:
        assert POWERS.may(staff(account, "supervisor"), CONFIRM, facts=facts) is not None
    return found.role, found.nobody


def test_while_a_supervisor_may_it_lies_with_the_supervisors_alone(at: PaymentOffice, paid: IntentFacts) -> None:
    supervisor, safety = _person(at, "saule", "supervisor"), _person(at, "irina", "safety_officer")
    proposed = propose(at, _order(paid))
    assert _lies_with(at, paid.case_id) == ("supervisor", False)
    for decided in (lambda: confirm(at, safety, proposed.refund_id),
                    lambda: decline(at, safety, proposed.refund_id, REASON)):  # fmt: skip
        with pytest.raises(Forbidden, match="the safety officer decides only where no supervisor may"):
            decided()
    with at.database.reading() as transaction:
        assert actions(transaction, paid.case_id)[-1].kind == "propose:fee.refund"
    assert confirm(at, supervisor, proposed.refund_id).state == "done"


def test_where_the_only_supervisor_is_a_party_the_safety_officer_confirms(at: PaymentOffice, paid: IntentFacts) -> None:
    supervisor, safety = _person(at, "saule", "supervisor"), _person(at, "irina", "safety_officer")
    proposed = propose(at, _order(paid))
    _is_a_party(at, supervisor, paid.case_id)
    assert _lies_with(at, paid.case_id) == ("safety_officer", False)
    with pytest.raises(Forbidden, match="a party"):
        confirm(at, supervisor, proposed.refund_id)
    assert confirm(at, safety, proposed.refund_id).decided_by == safety.account_id
    with at.database.reading() as transaction:
        (told,) = [one for one in actions(transaction, paid.case_id) if one.kind == CONFIRM]
    assert (told.actor, told.role) == (safety.account_id, "safety_officer")


def test_where_the_only_supervisor_proposed_it_the_safety_officer_declines(
    at: PaymentOffice, paid: IntentFacts
) -> None:
    both, safety = _person(at, "saule", "operator", "supervisor"), _person(at, "irina", "safety_officer")
    proposed = propose(at, _order(paid, both))
    assert _lies_with(at, paid.case_id) == ("safety_officer", False)
    assert decline(at, safety, proposed.refund_id, REASON).state == "declined"


def test_a_second_supervisor_has_it_before_the_safety_officer(at: PaymentOffice, paid: IntentFacts) -> None:
    first, second = (_person(at, login, "supervisor") for login in ("saule", "gulnar"))
    safety = _person(at, "irina", "safety_officer")
    proposed = propose(at, _order(paid))
    _is_a_party(at, first, paid.case_id)
    assert _lies_with(at, paid.case_id) == ("supervisor", False)
    with pytest.raises(Forbidden):
        confirm(at, safety, proposed.refund_id)
    assert confirm(at, second, proposed.refund_id).state == "done"


def test_where_nobody_may_it_is_said_and_whoever_is_given_the_role_can(at: PaymentOffice, paid: IntentFacts) -> None:
    one = _person(at, "saule", "supervisor", "safety_officer")
    proposed = propose(at, _order(paid))
    _is_a_party(at, one, paid.case_id)
    assert _lies_with(at, paid.case_id) == ("safety_officer", True)
    with pytest.raises(Forbidden):
        confirm(at, one, proposed.refund_id)
    given = _person(at, "irina", "safety_officer")
    assert _lies_with(at, paid.case_id) == ("safety_officer", False)
    assert confirm(at, given, proposed.refund_id).state == "done"


def test_nobody_confirms_what_they_proposed_or_what_concerns_them_whatever_their_roles(
    at: PaymentOffice, paid: IntentFacts
) -> None:
    proposer, kin = _person(at, "akbota", "operator", "safety_officer"), _person(at, "irina", "safety_officer")
    first, second = (propose(at, _order(paid, who, 81, who.account_id)) for who in (proposer, AKBOTA))
    _is_a_party(at, kin, paid.case_id)
    others = [staff("asel", "auditor"), staff("adm", "administrator"), staff("ilyas", "document_issuer")]
    for refund in (first, second):
        for who in (proposer, kin, *others, replace(AKBOTA, roles=AKBOTA.roles | {"safety_officer"})):
            with pytest.raises(Forbidden):
                confirm(at, who, refund.refund_id)
