"""Signing in and out over HTTP: who gets in, where they land, and what a stranger's page or machine cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from center.app import create_app
from center.web.languages import Language
from center.web.sign_in import local_path
from tests.center.demo_staff import account_of, become, demo_centre, visitor


@pytest.fixture(scope="module")
def app(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with demo_centre(shared_database_url, tmp_path_factory.mktemp("centre")) as centre:
        yield create_app(centre)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return visitor(app)


def test_one_click_makes_a_visitor_one_of_the_demos_people(client: TestClient) -> None:
    become(client, "akbota", "/exams")
    page = client.get("/?lang=en").text
    assert "akbota" in page
    assert "Sign out" in page


@pytest.mark.parametrize("language", list(Language), ids=str)
def test_the_page_offers_each_role_of_the_demo(client: TestClient, language: Language) -> None:
    page = client.get("/sign-in", params={"lang": language}).text
    roles = set(re.findall(r'data-role="(\w+)"', page))
    assert len(roles) == 9
    assert "Дәурен Қайратұлы" in page


def test_the_cookie_is_for_this_centres_own_pages_only(client: TestClient) -> None:
    answer = client.post("/sign-in/demo", data={"account": account_of(client, "akbota")})
    cookie = answer.headers["set-cookie"]
    assert re.match(r"staff=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=strict", cookie)


def test_signing_out_needs_the_forms_own_token_and_ends_the_session(client: TestClient) -> None:
    become(client, "akbota")
    token = client.cookies["staff"]
    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-out", data={"form_token": "x"}).status_code == 403
    page = client.get("/").text
    found = re.search(r'name="form_token" value="(\w{64})"', page)
    assert found is not None
    assert client.post("/sign-out", data={"form_token": found.group(1)}).status_code == 303
    client.cookies.set("staff", token)
    assert client.post("/sign-out", data={"form_token": found.group(1)}).status_code == 401


def test_a_token_shown_by_another_machine_opens_nothing_and_is_void_from_then_on(app: FastAPI) -> None:
    desk, thief = visitor(app, "10.0.0.7"), visitor(app, "10.0.0.66")
    become(desk, "akbota")
    assert "akbota" in desk.get("/").text
    thief.cookies.set("staff", desk.cookies["staff"])
    assert "akbota" not in thief.get("/").text
    assert "akbota" not in desk.get("/").text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:9999"])
def test_another_sites_page_can_sign_nobody_in_or_out(client: TestClient, origin: str) -> None:
    account = account_of(client, "akbota")
    for path, data in (
        ("/sign-in/demo", {"account": account}),
        ("/sign-in", {"login": "a", "password": "b"}),
        ("/sign-out", {}),
    ):
        assert client.post(path, data=data, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/exams", "/exams"),
        ("/exams?x=1", "/exams?x=1"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/" + "x" * 501, "/"),
        ("/sign-out", "/"),
    ],
)
def test_after_signing_in_one_lands_inside_the_centre(client: TestClient, wanted: str, path: str) -> None:
    assert local_path(wanted) == path
    assert client.get("/sign-in", params={"next": wanted}).status_code == 200


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"login": "akbota", "password": "wrong"}, 403),
        ({"login": "nobody", "password": "wrong"}, 403),
        ({"login": "' OR 1=1 --", "password": "\x00"}, 403),
        ({"login": "akbota\x00", "password": "wrong"}, 403),
        ({"login": "<script>alert(1)</script>", "password": "x"}, 403),
        ({"login": "x" * 513, "password": "x"}, 422),
        ({"login": "x", "password": "x" * 513}, 422),
        ({"login": "x"}, 422),
        ({}, 422),
    ],
)
def test_what_is_no_password_gets_nobody_in_and_a_clear_answer(
    client: TestClient, data: dict[str, str], status: int
) -> None:
    answer = client.post("/sign-in?lang=en", data=data)
    assert answer.status_code == status
    assert "<script>alert" not in answer.text
    assert "set-cookie" not in {name for name in answer.headers if "staff" in answer.headers[name]}


@pytest.mark.parametrize(
    ("answer", "status"),
    [("", 422), ("{}", 403), ("[]", 403), ("x" * 16385, 422), ('{"id": "AAAA"}', 403), ("[" * 9000, 403)],
)
def test_what_is_no_passkeys_answer_gets_nobody_in(client: TestClient, answer: str, status: int) -> None:
    begun = client.post("/sign-in/passkey/begin").json()
    told = client.post("/sign-in/passkey", data={"attempt": begun["attempt"], "answer": answer})
    assert told.status_code == status


@pytest.mark.parametrize("attempt", ["none", "\x00", "' OR 1=1", "<script>alert(1)</script>"])
def test_an_attempt_that_was_never_begun_gets_nobody_in(client: TestClient, attempt: str) -> None:
    told = client.post("/sign-in/passkey", data={"attempt": attempt, "answer": '{"id": "AAAA"}'})
    assert told.status_code == 403
    assert "<script>alert" not in told.text


@pytest.mark.parametrize("account", ["", "none", "x" * 36, "\x00", "' OR 1=1"])
def test_nobody_is_nobody_of_the_demo(client: TestClient, account: str) -> None:
    assert client.post("/sign-in/demo", data={"account": account}).status_code in (403, 422)
