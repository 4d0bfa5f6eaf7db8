"""The loader of services: one test per kind of mistake, each message naming file, line, value and what is allowed."""

from __future__ import annotations

from datetime import date

import pytest

from center.casework import services_file
from center.casework.registers import policy
from center.casework.services import Edition, Services
from center.errors import BadRequest, BadRuleData
from center.people import powers_file

GOOD = """\
service: tiny
editions:
  - valid_from: 2020-01-01
    title: {kk: Кішкентай, ru: Малая, en: Tiny}
    clause: "§ 1"
    provisional: true
    within_minutes: 60
    applicants: [person]
    channels: [window]
    documents:
      - {id: identity, title: {kk: к, ru: р, en: e}, applicants: [person], optional: false}
    steps:
      - {id: accept, title: {kk: к, ru: р, en: e}, held_by: operator, after: [], within_minutes: 10, remind_minutes: 3, needs: [documents]}
      - {id: ask, title: {kk: к, ru: р, en: e}, held_by: outside, register: persons, after: [accept], within_minutes: 5, remind_minutes: 1}
      - {id: pay, title: {kk: к, ru: р, en: e}, held_by: applicant, fees: [small], after: [accept], within_minutes: 5, remind_minutes: 1}
      - {id: produce, title: {kk: к, ru: р, en: e}, held_by: document_issuer, after: [ask, pay], within_minutes: 9, remind_minutes: 2, decides: true, issues: true}
"""  # noqa: E501

MISTAKES = {
    "file name": ("service: tiny", "service: small", "tiny.yaml:1: 'small' must be named as its file is, 'tiny'"),
    "no edition": (GOOD[GOOD.index("  - valid") :], "  []\n", "tiny.yaml:3: a service needs at least one edition"),
    "unknown field": ("    clause:", "    colour: red\n    clause:", "tiny.yaml:5: 'colour' is not known here"),
    "missing field": ("    within_minutes: 60\n", "", "tiny.yaml:3: 'within_minutes' is missing"),
    "no date": ("2020-01-01", "soon", "tiny.yaml:3: 'soon' is no date"),
    "language": ("ru: Малая, ", "", "tiny.yaml:4: 'ru' is missing"),
    "no boolean": ("provisional: true", "provisional: perhaps", "tiny.yaml:6: 'perhaps' is neither true nor false"),
    "out of bounds": ("within_minutes: 60", "within_minutes: 0", "tiny.yaml:7: 0 is not between 1 and 43200"),
    "applicant": (
        "applicants: [person]\n",
        "applicants: [cat]\n",
        "tiny.yaml:8: 'cat' is not allowed; allowed are person",
    ),
    "applicant twice": (
        "applicants: [person]\n",
        "applicants: [person, person]\n",
        "tiny.yaml:8: 'person' stands twice",
    ),
    "channel": ("[window]", "[pigeon]", "tiny.yaml:9: 'pigeon' is not allowed; allowed are window, home, mobile"),
    "what a register tells": (
        "id: identity",
        "id: address_certificate",
        "tiny.yaml:11: 'address_certificate' is told by",
    ),
    "a paper of who acts for nobody": (
        "applicants: [person], optional: false",
        "applicants: [person], optional: false, if_acted_for: witness",
        "'witness' is not allowed; allowed are seller, buyer",
    ),
    "a paper of who acts for a side that is not there": (
        "applicants: [person], optional: false",
        "applicants: [person], optional: false, if_acted_for: seller",
        "document 'identity': only a contract has a seller",
    ),
    "numbers of no vehicle": (
        "needs: [documents]",
        "needs: [documents], reads: [body]",
        "step 'accept' reads a vehicle's numbers; the service is about none",
    ),
    "numbers without the body's": (
        "needs: [documents]",
        "needs: [documents], reads: [engine]",
        "step 'accept': whoever reads a vehicle's numbers reads the body's",
    ),
    "the number of a wheel": (
        "needs: [documents]",
        "needs: [documents], reads: [wheel]",
        "'wheel' is not allowed; allowed are body, engine, chassis",
    ),
    "a portrait as a paper": ("id: identity", "id: portrait", "tiny.yaml:11: 'portrait' is no paper: it is taken"),
    "a portrait of nobody": (
        "needs: [documents]",
        "needs: [documents, portrait]",
        "tiny.yaml:13: step 'accept': a portrait is taken of who is there, so the step meets",
    ),
    "holder": ("held_by: operator", "held_by: baker", "tiny.yaml:13: 'baker' is not allowed; allowed are operator"),
    "power": ("held_by: operator", "held_by: examiner", "does not let 'examiner' take 'step.complete:accept'"),
    "need": (
        "needs: [documents]",
        "needs: [patience]",
        "tiny.yaml:13: 'patience' is not allowed; allowed are documents",
    ),
    "step before": (
        "after: [accept], within_minutes: 5",
        "after: [dance], within_minutes: 5",
        "'dance' is not allowed",
    ),
    "circle": (
        "held_by: operator, after: []",
        "held_by: operator, after: [produce]",
        "wait for one another in a circle",
    ),
    "step twice": ("id: pay", "id: ask", "tiny.yaml:15: step 'ask' stands twice"),
    "reminder after the end": ("remind_minutes: 3", "remind_minutes: 11", "tiny.yaml:13: 11 is not between 1 and 10"),
    "register": ("register: persons", "register: gossip", "tiny.yaml:14: 'gossip' is not allowed; allowed are persons"),
    "consent of nobody": (
        "held_by: applicant,",
        "held_by: applicant, without_consent: true,",
        "step 'pay': only a register is asked with or without consent",
    ),
    "no register": ("register: persons, ", "", "a step held by 'outside' names its register"),
    "fee": ("fees: [small]", "fees: [huge]", "tiny.yaml:15: 'huge' is not allowed; allowed are small"),
    "no fee": ("fees: [small], ", "", "a step held by 'applicant' names its fees"),
    "applicant decides": ("fees: [small], ", "fees: [small], decides: true, ", "only the staff's steps need, decide"),
    "decides and meets": ("decides: true, ", "decides: true, meets_applicant: true, ", "never meets the applicant"),
    "issues undecided": ("decides: true, ", "", "what issues a document decides"),
    "drawn by lot": (
        "needs: [documents]}",
        "needs: [documents], by_lot: true}",
        "step 'accept': who can be on duty is drawn by lot, police_inspector, and not 'operator'",
    ),
    "nothing issued": (", issues: true", "", "no step issues anything"),
}


def _parse(text: str) -> tuple[Edition, ...]:
    return services_file.parse(text.encode(), "tiny.yaml", powers=powers_file.load(), fees=("small",))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_file_line_value_and_what_is_allowed(name: str) -> None:
    change, into, sentence = MISTAKES[name]
    assert change in GOOD
    with pytest.raises(BadRuleData) as caught:
        _parse(GOOD.replace(change, into, 1))
    assert sentence in str(caught.value)


def test_editions_follow_one_another_by_date() -> None:
    later = GOOD[GOOD.index("  - valid") :]
    both = _parse(GOOD + later.replace("2020", "2026").replace("within_minutes: 60", "within_minutes: 30"))
    services = Services({"tiny": both})
    assert [
        services.on("tiny", date(2025, 12, 31)).within_minutes,
        services.on("tiny", date(2026, 1, 1)).within_minutes,
    ] == [60, 30]
    assert services.named("tiny@2020-01-01").within_minutes == 60
    with pytest.raises(BadRequest, match="no service 'tiny' on 2019-12-31"):
        services.on("tiny", date(2019, 12, 31))
    with pytest.raises(BadRuleData, match="must follow one another by date, not 2020-01-01, 2020-01-01"):
        _parse(GOOD + later)


def test_the_order_and_the_longest_way_follow_from_the_steps() -> None:
    (edition,) = _parse(GOOD)
    assert edition.order == ("accept", "ask", "pay", "produce")
    assert edition.longest_minutes == {"accept": 24, "ask": 14, "pay": 14, "produce": 9}
    assert edition.downstream["accept"] == {"ask", "pay", "produce"}
    assert (edition.fees, edition.registers) == (("small",), ("persons",))


def test_the_centres_own_services_are_well_formed_and_their_fees_and_registers_known() -> None:
    for edition in services_file.load().latest():
        assert any(step.issues for step in edition.steps.values())


def test_a_portrait_is_taken_of_persons_who_come_themselves_and_one_service_takes_it() -> None:
    # Nobody has a portrait taken for somebody else: representation.yaml, personal_acts.
    with_portrait = [edition for edition in services_file.load().latest() if edition.wants_portrait]
    assert [edition.service for edition in with_portrait] == ["exam_card"]
    for edition in with_portrait:
        assert (edition.applicants, edition.channels) == (("person",), ("window",))


def test_consent_is_asked_for_exactly_where_the_registers_rules_want_it() -> None:
    policies = {name.value: one for name, one in policy.load().registers.items()}
    asked = [step for edition in services_file.load().latest() for step in edition.steps.values() if step.register]
    assert {step.register for step in asked} >= {"persons", "wanted"}
    for step in asked:
        assert policies[step.register or ""].needs_consent is not step.without_consent
