"""Applying from home over HTTP, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from center.app import Centre, create_app
from center.casework import codes
from center.casework.payments.tables import PaymentIntent
from tests.center.demo_staff import demo_centre, visitor

FORM = {
    "applicant": "person", "service": "records_certificate", "iin": "", "family_name": "Muster",
    "given_name": "Anna", "patronymic": "", "born_on": "1990-01-01", "citizenship": "DEU",
    "document_kind": "foreign_passport", "document_number": "C01X00T47", "document_issued_on": "2020-01-01",
    "document_valid_until": "", "document_issued_by": "Stadt", "address": "Sarytau, 1", "phone": "", "email": "",
}  # fmt: skip
HOSTILE = ["\x00", "\u202e", "<script>alert(1)</script>\u202e", "x" * 5000]


@pytest.fixture(scope="module")
def centre(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    with demo_centre(shared_database_url, tmp_path_factory.mktemp("centre")) as opened:
        yield opened


@pytest.fixture
def client(centre: Centre) -> TestClient:
    opened = visitor(create_app(centre))
    opened.get("/apply?lang=en")
    return opened


def form(client: TestClient) -> dict[str, str]:
    """A form as the page hands it out, filled in."""
    found = re.search(r'name="client_key" value="([^"]+)"', client.get("/apply").text)
    assert found is not None
    return FORM | {"client_key": found.group(1)}


def send(client: TestClient, filled: dict[str, str]) -> str:
    answer = client.post("/apply", data=filled)
    assert (answer.status_code, answer.headers["location"]) == (303, "/apply/draft/code"), answer.text
    found = re.search(r'id="code">([0-9A-Z-]{19})<', client.get("/apply/draft/code").text)
    assert found is not None
    return found.group(1)


def begin(client: TestClient) -> str:
    return send(client, form(client))


def test_a_draft_is_begun_booked_and_withdrawn(client: TestClient) -> None:
    code = begin(client)
    page = client.get("/apply/draft").text
    assert "Muster" in page
    assert code not in page
    times = _times(client, page)
    assert client.post("/apply/draft/book", data={"starts_at": times[0]}).status_code == 303
    assert "Your time:" in client.get("/apply/draft").text
    assert client.post("/apply/draft/withdraw").status_code == 303
    page = client.get("/apply/draft").text
    assert "This draft is over." in page
    assert "Muster" not in page


def _times(client: TestClient, page: str) -> list[str]:
    for day in re.findall(r"/apply/draft\?day=([\d-]+)", page):
        if times := re.findall(r'<option value="([^"]+)"', client.get(f"/apply/draft?day={day}").text):
            return times
    raise AssertionError("no day has a free time")


def test_a_form_sent_twice_shows_one_code_and_a_refused_one_keeps_its_key(client: TestClient) -> None:
    filled = form(client)
    refused = client.post("/apply", data=filled | {"iin": "1"}).text
    assert f'name="client_key" value="{filled["client_key"]}"' in refused
    assert send(client, filled) == send(client, filled)
    client.post("/apply/draft/withdraw")
    answer = client.post("/apply", data=filled)
    assert answer.status_code == 409
    assert "This form was sent already" in answer.text


def test_a_form_that_the_centre_did_not_make_begins_no_draft(client: TestClient) -> None:
    for key in ("", "guessed", "x" * 65):
        answer = client.post("/apply", data=FORM | {"client_key": key})
        assert answer.status_code == 400
        assert "draft_code" not in answer.headers.get("set-cookie", "")


def test_the_code_is_read_in_each_language_and_not_after_leaving(client: TestClient) -> None:
    code = begin(client)
    assert code in client.get("/apply/draft/code?lang=kk").text
    client.post("/apply/draft/leave")
    answer = client.get("/apply/draft/code")
    assert (answer.status_code, answer.headers["location"]) == (303, "/apply/draft")


def test_a_time_that_others_took_leaves_one_on_the_page_with_what_was_chosen(
    client: TestClient, centre: Centre
) -> None:
    begin(client)
    taken = _times(client, client.get("/apply/draft").text)[-1]
    for number in range(2):
        other = visitor(create_app(centre), f"10.0.1.{number}")
        begin(other)
        assert other.post("/apply/draft/book", data={"starts_at": taken}).status_code == 303
    answer = client.post("/apply/draft/book", data={"starts_at": taken})
    assert answer.status_code == 409
    assert "This time is full; choose another one." in answer.text
    assert 'href="#starts_at"' in answer.text
    assert "Muster" in answer.text
    assert 'href="/apply/draft?lang=kk"' in answer.text, "a link that opens"


def test_a_fee_is_asked_once_from_home_and_noted_while_the_gateway_is_silent(client: TestClient) -> None:
    begin(client)
    page = client.get("/apply/draft").text
    assert "Pay 1,081 ₸ from home" in page
    # No gateway is there in this centre.
    answer = client.post("/apply/draft/pay", data={"step": "pay"})
    assert answer.status_code == 503
    assert "Nothing is lost" in answer.text
    assert "the gateway has not answered yet" in client.get("/apply/draft").text
    for step in ("", "produce", "x" * 64, "\x00"):
        assert client.post("/apply/draft/pay", data={"step": step}).status_code == 409
    assert client.post("/apply/draft/pay", data={"step": "x" * 65}).status_code == 422


def _followed(page: str) -> str:
    """What a page's fees ask for by themselves."""
    found = re.search(r'hx-get="(/apply/draft/fees[^"]*)"', page)
    assert found is not None
    return found.group(1)


def _settle(centre: Centre, followed: str, state: str) -> None:
    intent_id = re.search(r"seen=([0-9a-f-]{36})", followed)
    assert intent_id is not None
    with centre.database.writing() as transaction:
        transaction.execute(update(PaymentIntent).where(PaymentIntent.id == intent_id[1]).values(state=state))


def test_a_draft_shows_that_it_was_paid_without_being_loaded_again(centre: Centre, client: TestClient) -> None:
    begin(client)
    assert "hx-get" not in client.get("/apply/draft?lang=en").text, "nothing is under way"
    client.post("/apply/draft/pay", data={"step": "pay"})
    page = client.get("/apply/draft").text
    assert 'href="/apply/draft">Look again' in page, "and without scripts there is a link"
    followed = _followed(page)
    # Following one's own payment is no try of a code: more often than codes may be shown, and still let in.
    assert {client.get(followed).status_code for _ in range(70)} == {204}
    _settle(centre, followed, "paid")
    told = client.get(followed)
    assert (told.status_code, "<html" in told.text) == (200, False)
    assert ">paid<" in re.sub(r"\s*\n\s*", "", told.text)
    assert "hx-get" not in told.text, "and then it is done"


def test_whoever_follows_a_payment_without_its_code_learns_nothing_of_it(centre: Centre, client: TestClient) -> None:
    begin(client)
    client.post("/apply/draft/pay", data={"step": "pay"})
    followed = _followed(client.get("/apply/draft").text)
    _settle(centre, followed, "paid")
    stranger = visitor(create_app(centre), "10.0.0.9")
    answer = stranger.get(followed)
    assert (answer.status_code, answer.text, answer.headers["hx-refresh"]) == (204, "", "true")
    client.post("/apply/draft/withdraw")
    assert client.get(followed).headers["hx-refresh"] == "true", "a draft that is over is shown as one"


@pytest.mark.parametrize("seen", ["", "x", "%00", "=", f"{'0' * 36}=open", "<script>", "a" * 500])
def test_what_no_page_showed_is_followed_by_nothing(client: TestClient, seen: str) -> None:
    assert client.get(f"/apply/draft/fees?seen={seen}").status_code == 204


def test_without_a_code_nothing_is_booked_paid_or_withdrawn(client: TestClient) -> None:
    for what in ("book", "pay", "withdraw"):
        answer = client.post(f"/apply/draft/{what}", data={"step": "pay"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/apply/draft")


def test_the_code_opens_the_draft_elsewhere_and_leaving_forgets_it(client: TestClient, centre: Centre) -> None:
    code = begin(client)
    other = visitor(create_app(centre), "10.0.0.9")
    assert other.post("/apply/draft", data={"code": code.lower()}).status_code == 303
    assert "Muster" in other.get("/apply/draft").text
    other.post("/apply/draft/leave")
    assert "Muster" not in other.get("/apply/draft").text


@pytest.mark.parametrize("field", sorted(set(FORM) - {"applicant"}))
def test_hostile_text_is_told_at_each_field(client: TestClient, field: str) -> None:
    filled = form(client)
    for text in HOSTILE:
        answer = client.post("/apply", data=filled | {field: text})
        assert answer.status_code == 400, (field, text)
        assert f'href="#{field}"' in answer.text
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("typed", ["", "x", codes.code_of(bytes(10)), "\x00"])
def test_a_code_that_opens_nothing_is_told(client: TestClient, typed: str) -> None:
    assert client.post("/apply/draft", data={"code": typed}).status_code == 400


@pytest.mark.parametrize("at", ["", "x", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-04-14T10:00"])
def test_a_time_that_is_none_is_refused(client: TestClient, at: str) -> None:
    begin(client)
    assert client.post("/apply/draft/book", data={"starts_at": at}).status_code == 400


@pytest.mark.parametrize(("language", "words"), [("kk", "Үйден өтініш беру"), ("ru", "Подать из дома")])
def test_the_page_speaks_each_language(client: TestClient, language: str, words: str) -> None:
    assert words in client.get(f"/apply?lang={language}").text
    assert client.get("/apply?applicant=firm").status_code == 200
