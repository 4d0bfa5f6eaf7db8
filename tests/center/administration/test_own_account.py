"""Everybody's own page over HTTP: a relative, a password, sign-out everywhere, and what hostile text comes to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from center.app import create_app
from tests.center.demo_staff import account_of, become, demo_centre, form_token, visitor

STAFF = ("dauren", "saule", "akbota", "viktor", "gulnar", "marat", "oleg", "irina", "asel")
SCRIPT = "<script>alert(1)</script>"
FIRST = "aidaladan bes qyzyl traktor"
SECOND = "teniz jagasynda segiz qus"


@pytest.fixture(scope="module")
def app(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with demo_centre(shared_database_url, tmp_path_factory.mktemp("centre")) as centre:
        yield create_app(centre)


def _signed_in(app: FastAPI, login: str, address: str = "10.0.0.7") -> tuple[TestClient, dict[str, str]]:
    client = visitor(app, address)
    become(client, login)
    return client, {"form_token": form_token(client)}


def _between(page: str, before: str, after: str) -> str:
    return page.split(before, 1)[1].split(after, 1)[0]


def _slip_for_a_password(app: FastAPI, login: str) -> dict[str, str]:
    """Proposed by the administrator, confirmed by the supervisor."""
    one, token = _signed_in(app, "dauren")
    path = f"/administration/accounts/{account_of(one, login)}/propose"
    first = _between(one.post(path, data=token | {"action": "password.reset"}).text, 'id="half">', "<")
    other, token = _signed_in(app, "saule")
    waiting = _between(other.get("/administration/proposals").text, 'id="proposal-', '"')
    confirmed = other.post(f"/administration/proposals/{waiting}/confirm", data=token).text
    return {"login": login, "first": first, "second": _between(confirmed, 'id="half">', "<")}


@pytest.mark.parametrize("login", STAFF)
def test_everybody_has_their_own_page_and_its_forms(app: FastAPI, login: str) -> None:
    client, token = _signed_in(app, login)
    page = client.get("/me?lang=en")
    assert page.status_code == 200
    assert client.post("/me/relatives", data=token | {"iin": "1"}).status_code == 400
    for path, data in (("/me/relatives", {"iin": "951030902008"}), ("/me/sign-out-everywhere", {})):
        assert client.post(path, data=data).status_code == 403


def test_nobody_has_no_page(app: FastAPI) -> None:
    client = visitor(app)
    answer = client.get("/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/me")
    for path in ("/me/password", "/me/relatives", "/me/sign-out-everywhere"):
        assert client.post(path, data={}).status_code == 401


def test_signing_out_everywhere_ends_the_session_on_the_other_machine(app: FastAPI) -> None:
    here, token = _signed_in(app, "marat")
    there, _ = _signed_in(app, "marat", "10.0.0.9")
    assert there.get("/me").status_code == 200
    answer = here.post("/me/sign-out-everywhere", data=token)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert [one.get("/me").status_code for one in (here, there)] == [303, 303]


def test_a_relative_is_declared_once_and_their_number_is_shown_nowhere(app: FastAPI) -> None:
    client, token = _signed_in(app, "yerlan")
    answer = client.post("/me/relatives", data=token | {"iin": "951030 902-008"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?done=relative")
    assert client.post("/me/relatives", data=token | {"iin": "951030902008"}).status_code == 409
    page = client.get("/me?lang=en").text
    assert "Declared relatives: 1." in page
    assert "951030902008" not in page


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 400), ("\x00", 400), ("95103090200\x00", 400), (SCRIPT, 400), ("' OR 1=1 --", 400), ("95103090200", 400),
        ("951030902009", 400), ("٩٥١٠٣٠٩٠٢٠٠٨", 400), ("1" * 512, 400), ("1" * 513, 422),
    ],
    ids=["empty", "zero", "zero inside", "script", "sql", "short", "mistyped", "foreign", "long", "longer"],
)  # fmt: skip
def test_what_is_no_iin_is_nobodys_relative(app: FastAPI, text: str, status: int) -> None:
    client, token = _signed_in(app, "oleg")
    answer = client.post("/me/relatives?lang=en", data=token | {"iin": text})
    assert answer.status_code == status
    assert SCRIPT not in answer.text
    assert "Declared relatives: 0." in client.get("/me?lang=en").text


@pytest.mark.parametrize("done", ["", SCRIPT, "\x00", "x" * 5000], ids=["empty", "script", "zero", "long"])
def test_what_was_done_is_told_in_our_words_only(app: FastAPI, done: str) -> None:
    client, _ = _signed_in(app, "oleg")
    page = client.get("/me", params={"done": done, "lang": "en"})
    assert page.status_code == 200
    assert SCRIPT not in page.text
    assert "govuk-notification-banner" not in page.text


def test_a_slip_sets_one_password_that_holds(app: FastAPI) -> None:
    slip, stranger = _slip_for_a_password(app, "gulnar"), visitor(app)
    for new, again in ((FIRST, SECOND), ("", ""), ("short", "short"), ("x" * 129, "x" * 129), ("a" * 15, "a" * 15)):
        assert stranger.post("/slip/password", data=slip | {"new": new, "again": again}).status_code == 400
    assert stranger.post("/slip/password", data=slip | {"new": "x" * 513, "again": "x" * 513}).status_code == 422
    assert stranger.post("/slip/password", data=slip | {"new": FIRST, "again": FIRST}).status_code == 200
    assert stranger.post("/slip/password", data=slip | {"new": SECOND, "again": SECOND}).status_code == 403
    assert stranger.post("/sign-in", data={"login": "gulnar", "password": SECOND}).status_code == 403
    assert stranger.post("/sign-in", data={"login": "gulnar", "password": FIRST}).status_code == 303


def test_a_password_is_changed_by_who_knows_it_and_ends_the_other_sessions(app: FastAPI) -> None:
    slip, client = _slip_for_a_password(app, "akbota"), visitor(app)
    client.post("/slip/password", data=slip | {"new": FIRST, "again": FIRST})
    assert client.post("/sign-in", data={"login": "akbota", "password": FIRST}).status_code == 303
    token = {"form_token": form_token(client)}
    elsewhere, _ = _signed_in(app, "akbota", "10.0.0.9")
    known = "akbota akbota akbota"
    for current, new, again, status in (
        (SECOND, SECOND, SECOND, 403), ("\x00", SECOND, SECOND, 403), ("", SECOND, SECOND, 403),
        (FIRST, SECOND, FIRST, 400), (FIRST, "", "", 400), (FIRST, known, known, 400), ("x" * 513, SECOND, SECOND, 422),
    ):  # fmt: skip
        data = token | {"current": current, "new": new, "again": again}
        assert client.post("/me/password", data=data).status_code == status
    assert elsewhere.get("/me").status_code == 200
    answer = client.post("/me/password", data=token | {"current": FIRST, "new": SECOND, "again": SECOND})
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?done=password")
    assert [one.get("/me").status_code for one in (client, elsewhere)] == [200, 303]


def test_a_role_that_needs_a_passkey_is_closed_to_a_password(app: FastAPI) -> None:
    slip, client = _slip_for_a_password(app, "irina"), visitor(app, "10.0.0.11")
    assert client.post("/slip/password", data=slip | {"new": FIRST, "again": FIRST}).status_code == 200
    assert client.post("/sign-in", data={"login": "irina", "password": FIRST}).status_code == 303
    assert client.get("/administration").status_code == 403
    assert "open only after signing in with a passkey" in client.get("/me?lang=en").text
