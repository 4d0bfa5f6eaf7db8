"""A fee paid from home: taken once, the case's once there is a case, and given back when nobody comes."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest

from center.casework import queries as cases
from center.casework import services_file
from center.casework.case import StepStatus
from center.casework.drafts.actions import at_home, at_window, paying
from center.casework.drafts.actions.at_window import Claim
from center.casework.drafts.actions.forgetting import forget_old
from center.casework.drafts.office import DraftOffice
from center.casework.parties.entries import Entry
from center.casework.payments import queries
from center.casework.payments.actions import asking, catching_up
from center.casework.payments.actions.charging import charge
from center.casework.payments.actions.hearing import hear
from center.casework.payments.callbacks import IntentState, Verdict
from center.casework.payments.office import GatewaySilent, PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.errors import Conflict, NotFound
from center.journal.chain import chain_new_entries, verify
from tests.center.casework.drafts.home import HERE, SERVICE, begin, claim, office
from tests.center.casework.parties.people import AIGERIM
from tests.center.casework.payments.offices import charges, event, money_kinds, pays, signed
from tests.center.casework.payments.offices import office as payment_office
from tests.center.casework.queue.halls import NINE, Clock, clock, hall
from tests.center.casework.sample_cases import AKBOTA, command, do, key
from tests.services.outside_systems import OutsideSystem

__all__ = ["clock", "hall", "office"]
TENGE = 1081
"""A certificate costs 0.25 of 2026's index, 4,325 tenge, rounded half up."""


@pytest.fixture
def money(office: DraftOffice, gateway: OutsideSystem) -> PaymentOffice:
    # Patient: no test here waits for a silence.
    return payment_office(office.hall.database, gateway, within_s=30.0)


def _pay(office: DraftOffice, money: PaymentOffice, code: str) -> IntentFacts:
    return paying.pay(office, money, code, "pay", "http://localhost:8000/apply/draft", HERE)


def _told(money: PaymentOffice, intent: IntentFacts, **changes: str) -> Verdict:
    return hear(money, *signed(event(intent, **changes)))


def _now(office: DraftOffice, code: str) -> IntentFacts:
    (payment,) = at_home.look(office, code, HERE).payments
    return payment


def test_the_fee_of_the_day_is_asked_once_and_the_case_has_it_paid_as_soon_as_it_is_opened(
    office: DraftOffice, money: PaymentOffice, gateway: OutsideSystem
) -> None:
    code = begin(office)
    intent = _pay(office, money, code)
    assert (intent.state, intent.amount_tenge) == (IntentState.OPEN, TENGE)
    assert _pay(office, money, code).intent_id == intent.intent_id
    pays(gateway, intent)
    # Told three times, then found out once more.
    assert [_told(money, intent), _told(money, intent), _told(money, intent, event_id="ev_again")] == [
        Verdict.SETTLE, Verdict.REPEATED, Verdict.REPEATED,
    ]  # fmt: skip
    catching_up.catch_up(money)
    once = key()
    case_id = claim(office, code, once)
    # The centre was killed and the operator presses again; the gateway tells once more.
    assert claim(office, code, once) == claim(office, code, key()) == case_id
    assert _told(money, intent, event_id="ev_later") is Verdict.REPEATED
    assert money_kinds(money, case_id) == ["fee.asked", "fee.paid"]
    assert [one["kind"] for one in charges(gateway, _now(office, code))] == ["charge"]
    with money.database.reading() as transaction:
        assert cases.case_state(transaction, case_id).fees_paid == {SERVICE: TENGE}


def test_the_step_of_a_fee_paid_from_home_is_done_the_moment_it_opens(
    office: DraftOffice, money: PaymentOffice, gateway: OutsideSystem
) -> None:
    code = begin(office)
    pays(gateway, _pay(office, money, code))
    catching_up.catch_up(money)
    case_id = claim(office, code, key())
    do(money.database, AKBOTA, command("step.take", case_id, "accept"), NINE)
    accepted = {"documents": ["identity"], "consent": ["persons"]}
    state = do(money.database, AKBOTA, command("step.complete", case_id, "accept", **accepted), NINE)
    assert state.steps["pay"] is StepStatus.DONE
    with pytest.raises(Conflict, match="Nothing is to be paid"):
        charge(money, AKBOTA, case_id, "pay", "http://localhost:8000/")


def test_a_call_back_at_the_very_moment_of_the_claim_has_its_effect_once(
    office: DraftOffice, money: PaymentOffice, gateway: OutsideSystem
) -> None:
    for _ in range(4):
        code = begin(office)
        intent = _pay(office, money, code)
        pays(gateway, intent)
        both = [
            threading.Thread(target=_told, args=(money, intent)),
            threading.Thread(target=claim, args=(office, code, key())),
        ]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert money_kinds(money, intent.case_id) == ["fee.asked", "fee.paid"]


def test_a_claim_that_is_cut_off_leaves_no_case_and_the_fee_for_the_next(
    office: DraftOffice, money: PaymentOffice, gateway: OutsideSystem
) -> None:
    code = begin(office)
    intent = _pay(office, money, code)
    pays(gateway, intent)
    assert _told(money, intent) is Verdict.SETTLE

    def cut_off(*_: object) -> None:
        raise ConnectionAbortedError("the power went")

    asked = Claim(code, [Entry("applicant", AIGERIM)], key())
    with pytest.raises(ConnectionAbortedError):
        at_window.claim(office, AKBOTA, asked, cut_off)
    assert _now(office, code).state is IntentState.PAID
    with money.database.reading() as transaction, pytest.raises(NotFound):
        cases.case_row(transaction, intent.case_id)
    assert money_kinds(money, claim(office, code, key())) == ["fee.asked", "fee.paid"]


def test_a_payment_begun_at_home_is_finished_after_the_case_was_opened(
    office: DraftOffice, money: PaymentOffice, gateway: OutsideSystem
) -> None:
    code = begin(office)
    intent = _pay(office, money, code)
    case_id = claim(office, code, key())
    assert money_kinds(money, case_id) == ["fee.asked"]
    pays(gateway, intent)
    assert _told(money, intent) is Verdict.SETTLE
    assert money_kinds(money, case_id) == ["fee.asked", "fee.paid"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_silent_gateway_loses_no_payment_from_home(
    office: DraftOffice, money: PaymentOffice, gateway: OutsideSystem, when: str
) -> None:
    code = begin(office)
    gateway.breaks("drop", "/v1/intents", when=when, times=1)
    with pytest.raises(GatewaySilent):
        _pay(office, money, code)
    assert _now(office, code).state is IntentState.REQUESTED
    catching_up.catch_up(money)
    assert _now(office, code).state is IntentState.OPEN
    assert _pay(office, money, code).intent_id == _now(office, code).intent_id


def test_what_was_paid_for_a_draft_that_nobody_came_for_goes_back_once(
    office: DraftOffice, money: PaymentOffice, gateway: OutsideSystem, clock: Clock
) -> None:
    code = begin(office)
    intent = _pay(office, money, code)
    pays(gateway, intent)
    assert _told(money, intent) is Verdict.SETTLE
    clock.goes_on(days=30)
    for _ in range(2):
        forget_old(money.database, office.vault, clock.now())
        catching_up.catch_up(money)
    with money.database.reading() as transaction:
        (refund,) = queries.refunds_of(transaction, intent.intent_id)
    assert (refund.state, refund.reason, refund.amount_tenge) == ("done", "draft_given_up", TENGE)
    assert [one["kind"] for one in charges(gateway, intent)] == ["charge", "refund"]
    with pytest.raises(Conflict, match="not open any more"):
        _pay(office, money, code)
    _journal_holds(money)


def test_a_withdrawn_drafts_payment_can_be_paid_no_more(
    office: DraftOffice, money: PaymentOffice, gateway: OutsideSystem
) -> None:
    code = begin(office)
    intent = _pay(office, money, code)
    at_home.withdraw(office, code, HERE)
    catching_up.catch_up(money)
    assert _now(office, code).state is IntentState.CANCELLED
    pays(gateway, intent)
    assert charges(gateway, intent) == []


def test_money_that_comes_after_the_draft_was_given_up_goes_back(
    office: DraftOffice, money: PaymentOffice, gateway: OutsideSystem
) -> None:
    code = begin(office)
    intent = _pay(office, money, code)
    pays(gateway, intent)
    at_home.withdraw(office, code, HERE)
    assert _told(money, intent) is Verdict.SETTLE
    catching_up.catch_up(money)
    assert _now(office, code).refunded_tenge == TENGE
    assert [one["kind"] for one in charges(gateway, intent)] == ["charge", "refund"]


def test_money_that_went_back_before_is_not_the_cases(
    office: DraftOffice, money: PaymentOffice, gateway: OutsideSystem
) -> None:
    code = begin(office)
    intent = _pay(office, money, code)
    pays(gateway, intent)
    # A gateway that breaks its promise: cancelled first, and then paid all the same.
    assert _told(money, intent, kind="payment.cancelled") is Verdict.CANCEL
    assert _told(money, intent, event_id="ev_all_the_same") is Verdict.SETTLE
    catching_up.catch_up(money)
    assert money_kinds(money, claim(office, code, key())) == []


def test_a_payment_of_an_older_amount_makes_room_for_todays(
    office: DraftOffice, money: PaymentOffice, gateway: OutsideSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = begin(office)
    old = _pay(office, money, code)
    todays = paying.payable

    def dearer(*given: object) -> object:
        found = todays(*given)  # type: ignore[arg-type]
        return {step: tuple(replace(one, tenge=one.tenge + 10) for one in dues) for step, dues in found.items()}

    monkeypatch.setattr(paying, "payable", dearer)
    fresh = _pay(office, money, code)
    assert (fresh.amount_tenge, fresh.attempt) == (TENGE + 10, 2)
    with money.database.reading() as transaction:
        assert queries.intent(transaction, old.intent_id).state is IntentState.CANCELLED


def test_nothing_but_an_open_drafts_own_fees_can_be_paid_from_home(
    office: DraftOffice, money: PaymentOffice
) -> None:  # fmt: skip
    code = begin(office)
    with pytest.raises(Conflict, match="not to be paid"):
        paying.pay(office, money, code, "produce", "http://localhost:8000/", HERE)
    with pytest.raises(NotFound):
        paying.pay(office, money, "0000-0000-0000-0000", "pay", "http://localhost:8000/", HERE)
    assert set(paying.payable(services_file.load().on(SERVICE, date(2026, 4, 14)), date(2026, 4, 14))) == {"pay"}
    # Of a draft that is no case yet, a desk can ask for nothing.
    draft_id = at_home.look(office, code, HERE).facts.draft_id
    dues = paying.payable(services_file.load().on(SERVICE, date(2026, 4, 14)), date(2026, 4, 14))["pay"]
    with pytest.raises(NotFound):
        asking.ask(money, asking.PaymentRequest(draft_id, "pay", dues, "http://localhost:8000/", AKBOTA))


def _journal_holds(money: PaymentOffice) -> None:
    with money.database.writing() as transaction:
        while chain_new_entries(transaction):
            pass
    with money.database.reading() as transaction:
        assert verify(transaction).faults == ()
