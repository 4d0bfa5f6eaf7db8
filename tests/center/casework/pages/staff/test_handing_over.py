"""Whoever receives a document signs for it, and comes in person or with a paper that covers receiving it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from starlette.testclient import TestClient

from center.app import Centre, create_app
from center.casework import queries, register_subjects
from center.casework.opening import open_one_window
from center.casework.pages.staff import opening_case
from center.casework.pages.staff.opening_case import NewCase
from center.casework.parties.entries import Entry
from center.casework.parties.representation import Basis, Mandate
from center.people.names import StaffNames
from center.people.opening import open_office
from center.people.powers import Actor, Strength
from tests.center.casework.parties.people import AIGERIM, CHILD, DENIS, FIRM, power
from tests.center.casework.sample_cases import ISSUER, PAYMENTS, REGISTERS, command, do, receive_blanks
from tests.center.demo_staff import account_of, become, demo_centre, form_token, visitor

LAST_MONTH = (datetime.now(UTC) - timedelta(days=30)).date()
"""The running centre asks a real clock."""


def _paper(*acts: str) -> Entry:
    """Denis, whom Aigerim's paper lets do these acts for her."""
    mandate = msgspec.structs.replace(power(*acts), issued_on=LAST_MONTH, valid_until=None)
    return Entry("applicant", AIGERIM, DENIS, (mandate,))


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("centre")
    with demo_centre(f"sqlite:///{folder / 'centre.sqlite3'}", folder) as opened:
        receive_blanks(opened.database)
        yield opened


@pytest.fixture(scope="module")
def desk(centre: Centre) -> TestClient:
    client = visitor(create_app(centre))
    become(client, "akbota")
    return client


def _produced(centre: Centre, desk: TestClient, number: int, entry: Entry) -> str:
    """A case whose document lies ready, in the hands of the desk."""
    office = open_office(centre.settings, centre.database, centre.vault, centre.site.timezone)
    window = open_one_window(centre.settings, office, StaffNames(centre.vault), centre.payments, centre.registers)
    account = account_of(visitor(create_app(centre)), "akbota")
    akbota = Actor(account, frozenset({"operator"}), Strength.PASSKEY, simulated_key=True)
    kind = "firm" if entry.party is FIRM else "person"
    case = opening_case.begin(
        window, akbota, NewCase("records_certificate", kind, (entry,), "", f"a-hand-over-{number:07d}")
    )
    now, database = window.now(), centre.database
    with database.reading() as transaction:
        state = queries.case_state(transaction, case)
        edition = queries.edition_of(queries.case_row(transaction, case))
    agreed = register_subjects.consents(edition, state)
    papers = [one.id for one in edition.documents_of(state) if not one.optional]
    do(
        database,
        akbota,
        command("step.complete", case, "accept", documents=papers, consent=[one.name for one in agreed]),
        now,
    )
    for one in agreed:
        told = command("register.answered", case, register=one.register, found=True, party=one.party)
        do(database, REGISTERS, told, now)
    purpose = "records_certificate"
    paid = command("fee.paid", case, payment=f"p-{number}", purpose=purpose, amount_tenge=1081)
    do(database, PAYMENTS, paid, now)
    do(database, ISSUER, command("step.take", case, "produce"), now)
    do(database, ISSUER, command("step.complete", case, "produce", blank=f"AA-{number:06d}"), now)
    do(database, akbota, command("step.take", case, "hand_over"), now)
    return case


def _receivers(desk: TestClient, case: str) -> dict[str, str]:
    """Who can be said to receive, with the id of each."""
    page = desk.get(f"/cases/{case}?lang=en").text
    found = re.findall(r'name="receiver" type="radio" value="([\w-]+)"[^>]*><label[^>]*>([^<]*)', page)
    return {html.unescape(label): one for one, label in found}


def _handed(desk: TestClient, case: str, key: str, **more: str) -> tuple[int, str]:
    form = {"kind": "step.complete", "step": "hand_over", "client_key": key, "written": "Денис Орлов", **more}
    answer = desk.post(f"/cases/{case}/actions?lang=en", data={**form, "form_token": form_token(desk)})
    return answer.status_code, answer.text


def test_whose_paper_covers_it_receives_and_the_case_says_so(centre: Centre, desk: TestClient) -> None:
    case = _produced(centre, desk, 1, _paper("apply", "give_consent", "receive_document"))
    people = _receivers(desk, case)
    assert list(people) == ["Applicant: Сәрсенова Айгерім", "The applicant's representative: Орлов Денис"]
    agent = people["The applicant's representative: Орлов Денис"]
    assert _handed(desk, case, "hand-over-agent-01", receiver=agent)[0] == 303
    with centre.database.reading() as transaction:
        assert queries.actions(transaction, case)[-1].payload["received_by"] == agent
    history = html.unescape(desk.get(f"/cases/{case}?lang=en").text).partition("history-caption")[2]
    assert "Certificate handed over: The applicant's representative" in history


def test_whose_paper_does_not_cover_it_is_refused_and_the_applicant_receives(centre: Centre, desk: TestClient) -> None:
    case = _produced(centre, desk, 2, _paper("apply", "give_consent"))
    people = _receivers(desk, case)
    status, told = _handed(
        desk, case, "hand-over-paper-01", receiver=people["The applicant's representative: Орлов Денис"]
    )
    assert (status, "The paper does not cover this act." in told) == (400, True)
    assert _handed(desk, case, "hand-over-paper-02", receiver=people["Applicant: Сәрсенова Айгерім"])[0] == 303


@pytest.fixture(scope="module")
def unsaid(centre: Centre, desk: TestClient) -> str:
    return _produced(centre, desk, 3, _paper("apply", "give_consent", "receive_document"))


@pytest.mark.parametrize("receiver", [{}, {"receiver": ""}, {"receiver": "somebody"}, {"receiver": "\x00" * 70}])
def test_who_receives_is_one_of_the_case(desk: TestClient, unsaid: str, receiver: dict[str, str]) -> None:
    status, told = _handed(desk, unsaid, "hand-over-unsaid-1", **receiver)
    assert (status, 'href="#receiver"' in told) == (400, True)


def test_a_child_does_not_sign_by_itself_and_its_parent_does(centre: Centre, desk: TestClient) -> None:
    parent = Mandate(Basis.PARENT, "", "", LAST_MONTH, None, frozenset())
    case = _produced(centre, desk, 4, Entry("applicant", CHILD, AIGERIM, (parent,)))
    people = _receivers(desk, case)
    status, told = _handed(desk, case, "hand-over-child-01", receiver=people["Applicant: Сәрсенов Әлихан"])
    assert (status, "is represented by a parent or guardian" in told) == (400, True)
    parents = people["The applicant's representative: Сәрсенова Айгерім"]
    assert _handed(desk, case, "hand-over-child-02", receiver=parents)[0] == 303


def test_whom_a_court_gave_a_guardian_does_not_sign_by_themselves(centre: Centre, desk: TestClient) -> None:
    guardian = Mandate(Basis.GUARDIAN, "", "", LAST_MONTH, None, frozenset())
    case = _produced(centre, desk, 7, Entry("applicant", AIGERIM, DENIS, (guardian,)))
    people = _receivers(desk, case)
    status, told = _handed(desk, case, "hand-over-guardian-1", receiver=people["Applicant: Сәрсенова Айгерім"])
    assert (status, "A court has appointed a guardian for this person" in told) == (400, True)
    guardians = people["The applicant's representative: Орлов Денис"]
    assert _handed(desk, case, "hand-over-guardian-2", receiver=guardians)[0] == 303


def test_who_comes_alone_is_not_asked_who_receives(centre: Centre, desk: TestClient) -> None:
    case = _produced(centre, desk, 5, Entry("applicant", AIGERIM))
    assert _receivers(desk, case) == {}
    assert _handed(desk, case, "hand-over-alone-01")[0] == 303


def test_of_a_firm_only_who_acts_for_it_can_come(centre: Centre, desk: TestClient) -> None:
    order = msgspec.structs.replace(
        power("apply", "give_consent"), basis=Basis.ORDER, issued_on=LAST_MONTH, valid_until=None
    )
    case = _produced(centre, desk, 6, Entry("applicant", FIRM, DENIS, (order,)))
    assert _receivers(desk, case) == {}
    status, told = _handed(desk, case, "hand-over-firm-001")
    assert (status, "The paper does not cover this act." in told) == (400, True)
