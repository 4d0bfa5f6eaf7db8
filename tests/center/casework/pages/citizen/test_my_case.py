"""The citizen's own page over HTTP, on both databases: the code, what it shows, a complaint, the survey."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from center.app import Centre, create_app
from center.casework import codes
from center.casework.receipts.actions import following
from center.casework.registers.tables import DataView
from tests.center.casework.sample_cases import MORNING, open_case, walk
from tests.center.demo_staff import become, demo_centre, form_token, visitor

HOSTILE = ["\x00", "\u202e", "<script>alert(1)</script>", "x" * 5000, "'; DROP TABLE complaints; --"]


@pytest.fixture(scope="module")
def centre(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    with demo_centre(shared_database_url, tmp_path_factory.mktemp("centre")) as opened:
        yield opened


@pytest.fixture
def app(centre: Centre) -> FastAPI:
    return create_app(centre)


@pytest.fixture
def code(centre: Centre, app: FastAPI) -> str:
    """The code of a fresh case, from the receipt that the operator prints."""
    # Now, for the centre that is open looks after its clocks.
    case = walk(centre.database, open_case(centre.database, at=centre.clock.now()), 3)
    operator = visitor(app, "10.0.0.8")
    become(operator, "akbota")
    address = f"/cases/{case.case_id}/receipt?lang=en"
    assert "Print with a new code" in operator.get(address).text
    page = operator.post(address, data={"form_token": form_token(operator)}).text
    found = re.search(r'id="code">([0-9A-Z-]{19})<', page)
    assert found is not None
    assert found.group(1) not in operator.get(address).text
    return found.group(1)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return visitor(app)


def enter(client: TestClient, code: str, language: str = "en") -> str:
    answer = client.post("/my", data={"code": code})
    assert (answer.status_code, answer.headers["location"]) == (303, "/my")
    return client.get(f"/my?lang={language}").text


def key_of(page: str) -> str:
    found = re.search(r'name="client_key" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def test_the_code_opens_the_case_with_steps_roles_and_papers_and_no_name_of_the_staff(
    client: TestClient, code: str
) -> None:
    page = enter(client, code.lower().replace("-", " "))
    assert "Who read my data" in page
    assert "</strong>: you" in page
    assert "1,081 ₸" in page
    assert "Nobody so far." in page
    assert "akbota" not in page.lower()


def test_who_read_the_data_is_told_by_role_and_purpose_and_not_by_name(
    centre: Centre, client: TestClient, code: str
) -> None:
    with centre.database.writing() as transaction:
        view = DataView(
            centre_id=transaction.centre_id,
            case_id=following.case_of(transaction, code),
            officer="officer-zhanar",
            role="police_inspector",
            purpose="identity",
            what=["persons"],
            shown_at=MORNING,
        )
        transaction.add(view)
    page = enter(client, code)
    assert "Police inspector, to see who the applicant is" in page
    assert "officer-zhanar" not in page


def test_the_code_stays_in_a_cookie_that_scripts_and_other_sites_do_not_get(client: TestClient, code: str) -> None:
    answer = client.post("/my", data={"code": code})
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/my", "max-age=900"))
    assert code not in answer.headers["location"]


def test_who_leaves_must_show_the_code_again(client: TestClient, code: str) -> None:
    enter(client, code)
    assert client.post("/my/leave").status_code == 303
    assert "The code on your receipt" in client.get("/my?lang=en").text


@pytest.mark.parametrize("typed", ["", "x", codes.code_of(bytes(10)), *(one[:200] for one in HOSTILE)])
def test_what_opens_nothing_is_told_at_the_field_and_never_repeated(client: TestClient, typed: str) -> None:
    answer = client.post("/my", data={"code": typed})
    assert answer.status_code == 400
    assert 'href="#code"' in answer.text
    assert 'id="code-error"' in answer.text
    assert "alert(1)" not in answer.text


def test_a_cookie_that_opens_nothing_is_forgotten(client: TestClient) -> None:
    client.cookies.set("case_code", codes.code_of(bytes(10)), path="/my")
    answer = client.get("/my?lang=en")
    assert "The code on your receipt" in answer.text
    assert 'case_code=""' in answer.headers["set-cookie"]


def test_no_address_tries_codes_without_end(client: TestClient) -> None:
    answers = [client.post("/my", data={"code": codes.code_of(bytes(10))}).status_code for _ in range(61)]
    assert answers == [400] * 60 + [429]


def test_a_complaint_is_filed_once_and_shown_with_the_day_of_its_answer(client: TestClient, code: str) -> None:
    form = {"client_key": key_of(enter(client, code)), "about": "delay", "text": "Three hours.\nAnd nobody said why."}
    assert [client.post("/my/complaint", data=form).status_code for _ in range(2)] == [303, 303]
    page = client.get("/my").text
    assert page.count("Three hours.") == 1
    assert "An answer comes until" in page
    assert "/my/complaint" not in page


def test_a_second_complaint_at_once_keeps_its_words_on_the_page(client: TestClient, code: str) -> None:
    enter(client, code)
    form = {"about": "delay", "text": "My own words."}
    for number in range(10):
        answer = client.post("/my/complaint", data=form | {"client_key": f"complaint-{number:02d}"})
    assert answer.status_code == 409
    assert "this one was not sent" in answer.text
    assert "My own words.</textarea>" in answer.text


def test_a_complaint_without_words_comes_back_with_its_faults(client: TestClient, code: str) -> None:
    key = key_of(enter(client, code))
    answer = client.post("/my/complaint", data={"client_key": key, "about": "", "text": ""})
    assert answer.status_code == 400
    assert 'href="#about"' in answer.text
    assert 'href="#text"' in answer.text


@pytest.mark.parametrize("field", ["client_key", "about", "text"])
def test_hostile_text_in_a_complaint_is_refused_or_shown_as_text(client: TestClient, code: str, field: str) -> None:
    form = {"client_key": key_of(enter(client, code)), "about": "delay", "text": "Late."}
    for text in HOSTILE:
        answer = client.post("/my/complaint", data=form | {field: text})
        assert answer.status_code in (303, 400, 422), text
        assert "<script>alert" not in answer.text
    assert "<script>alert" not in client.get("/my").text


def test_the_survey_is_answered_once(client: TestClient, code: str) -> None:
    enter(client, code)
    assert client.post("/my/survey", data={"quality": "5", "courtesy": "4"}).status_code == 303
    assert "Thank you for your answers." in client.get("/my").text
    answer = client.post("/my/survey", data={"quality": "1"})
    assert answer.status_code == 409
    assert "answered already; these answers were not kept." in answer.text
    assert "How well it was done: 1" in answer.text
    assert 'href="/my?lang=kk"' in answer.text


@pytest.mark.parametrize("grade", ["", "0", "6", "-1", *HOSTILE])
def test_a_grade_that_is_none_is_refused(client: TestClient, code: str, grade: str) -> None:
    enter(client, code)
    assert client.post("/my/survey", data={"availability": grade}).status_code in (400, 422)


@pytest.mark.parametrize("what", ["complaint", "survey"])
def test_without_a_code_nothing_is_filed(client: TestClient, what: str) -> None:
    answer = client.post(f"/my/{what}", data={"client_key": "0123456789", "quality": "5"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/my")


def test_a_new_code_ends_the_old_one_and_only_the_window_prints_one(centre: Centre, app: FastAPI) -> None:
    case = open_case(centre.database)
    issuer = visitor(app, "10.0.0.9")
    become(issuer, "viktor")
    answer = issuer.post(f"/cases/{case.case_id}/receipt", data={"form_token": form_token(issuer)})
    assert answer.status_code in (403, 404)


@pytest.mark.parametrize(
    ("language", "words"), [("kk", "Менің деректерімді кім оқыды"), ("ru", "Кто читал мои данные")]
)
def test_the_page_speaks_each_language(client: TestClient, code: str, language: str, words: str) -> None:
    assert words in enter(client, code, language)
