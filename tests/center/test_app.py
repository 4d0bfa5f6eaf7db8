"""The whole web application: who may ask, what every route is for, and that bad input gets a clear answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.testclient import TestClient

from center.access import ROUTES, asked, routes_without_access
from center.app import Centre, create_app, open_centre
from center.database import new_id
from center.doorkeeper import is_ours
from center.driving_track.actions import exams
from center.driving_track.actions.exams import Call, Closing
from center.driving_track.track_data import NAME
from center.errors import UnsafeSettings
from center.people import powers_file
from center.settings import load_settings
from center.web.page_above import page_above

SITE = Path(__file__).parents[2] / "sites" / "sarytau"
NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)
SHEET = b'{"findings":[],"verdict":"pass"}'


@pytest.fixture
def centre(database_url: str, tmp_path: Path) -> Iterator[Centre]:
    settings = load_settings(
        site=SITE,
        data=tmp_path / "data",
        vault=tmp_path / "vault",
        database_url=database_url,
        broker_url="mqtt://centre:secret@127.0.0.1:1883",
        demo=True,
    )
    opened = open_centre(settings)
    yield opened
    opened.close()


@pytest.fixture
def app(centre: Centre) -> FastAPI:
    return create_app(centre)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://localhost:8000", raise_server_exceptions=False)


def _closed_exam(centre: Centre) -> str:
    exam_id, subject = new_id(), new_id()
    centre.vault.seal(subject, {NAME: "Айгерім Сәрсенова"}, NOON)
    call = Call(exam_id, "car-1", subject, "kz@2016-01-01", None, None, True, 1_776_135_600_000_000_000, "intake-0", 0)
    closing = Closing("pass", "complete", 0, SHEET, "ab" * 32, (), None)
    with centre.database.writing() as transaction:
        exams.call(transaction, call, actor="test", now=NOON)
        exams.start(transaction, exam_id, actor="test", now=NOON)
        exams.end(transaction, exam_id, ended_ns=call.called_ns + 1, reason="finished", actor="test", now=NOON)
        exams.close(transaction, exam_id, closing, actor="test", now=NOON)
    return exam_id


def test_every_route_has_a_role_and_every_role_a_route(app: FastAPI) -> None:
    assert routes_without_access(app.routes) == []
    assert set(ROUTES) == set(asked(app.routes))


def test_a_page_that_answers_a_form_links_to_the_page_above_it_in_other_languages(app: FastAPI) -> None:
    opens = {path for method, path in asked(app.routes) if method == "GET"}
    for method, path in asked(app.routes):
        scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b"", "app": app}
        above = page_above(Request(scope))
        assert above in opens
        assert path.startswith(above)
        assert above == path or path not in opens
    scope = {"type": "http", "method": "POST", "path": "/apply/draft/pay", "headers": [], "app": app}
    assert page_above(Request(scope)) == "/apply/draft"


def test_every_role_that_a_route_names_exists() -> None:
    named = {role for access in ROUTES.values() for role in access.roles or ()}
    assert named <= set(powers_file.load().roles)


def test_an_application_with_a_route_without_a_role_does_not_start(centre: Centre, monkeypatch: Any) -> None:
    monkeypatch.delitem(ROUTES, ("GET", "/api/health"))
    with pytest.raises(UnsafeSettings, match="/api/health"):
        create_app(centre)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("localhost:8000", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("centre.example", False),
        ("localhost.centre.example", False),
        ("127.0.0.1.nip.example:8000", False),
        ("0.0.0.0:8000", False),
        ("192.168.1.7", False),
        ("localhost:port", False),
        ("", False),
    ],
)
def test_only_names_of_this_machine_are_answered(client: TestClient, host: str, here: bool) -> None:
    assert is_ours(host) == here
    assert client.get("/api/exams", headers={"Host": host}).status_code == (200 if here else 400)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:9999", "https://localhost"])
def test_another_sites_page_may_ask_nothing(client: TestClient, origin: str) -> None:
    assert client.get("/api/live", headers={"Origin": origin}).status_code == 403
    assert client.post("/track/faults/beam_silent", headers={"Origin": origin}).status_code == 403


def test_our_own_page_may_ask(client: TestClient) -> None:
    assert client.get("/api/live", headers={"Origin": "http://localhost:8000"}).status_code == 200


def test_a_form_sent_from_another_site_without_an_origin_is_refused(client: TestClient) -> None:
    answer = client.post("/track/faults/beam_silent", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("language", "named", "asked"),
    [
        ("kk", "Бұл орталық тек", "Мұны тек осы орталықтың беті сұрай алады."),
        ("ru", "Этот центр отвечает только", "Об этом может просить только страница этого центра."),
        ("en", "This centre answers to its own name", "Only a page of this centre may ask this."),
    ],
)
def test_what_is_refused_at_the_door_is_told_on_a_page_in_the_visitors_language(
    client: TestClient, language: str, named: str, asked: str
) -> None:
    wish = {"Accept-Language": language}
    for host in ("centre.example", "[::1", "localhost:port"):
        answer = client.get("/services", headers=wish | {"Host": host})
        assert (answer.status_code, named in answer.text) == (400, True), host
        assert answer.headers["content-language"] == language
    answer = client.post("/sign-in", headers=wish | {"Origin": "http://evil.example"})
    assert (answer.status_code, asked in answer.text) == (403, True)


def test_an_interface_is_refused_at_the_door_in_english(client: TestClient) -> None:
    foreign = {"Accept-Language": "kk", "Origin": "http://evil.example"}
    told = {"error": "Only a page of this centre may ask this."}
    assert client.get("/api/live", headers=foreign).json() == told
    assert client.post("/payments/callback", headers=foreign).json() == told


def test_every_answer_carries_the_headers_of_safety(client: TestClient) -> None:
    for path in ("/", "/api/exams", "/nowhere", "/exams/none"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/exams?limit=0", 422),
        ("/api/exams?limit=many", 422),
        ("/api/exams?limit=99999999999999999999", 422),
        ("/api/exams?before=" + "x" * 500, 422),
        ("/api/exams?before=%00", 400),
        ("/api/exams/none", 404),
        ("/api/exams/%00", 404),
        ("/api/exams/none/sheet", 404),
        ("/api/exams/..%2f..%2fetc%2fpasswd/recording", 404),
        ("/exams/%F0%9F%9A%97", 404),
        ("/nowhere", 404),
    ],
)
def test_bad_input_gets_a_clear_answer(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_no_page_can_change_an_exam(client: TestClient, centre: Centre) -> None:
    exam_id = _closed_exam(centre)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.request(method, f"/api/exams/{exam_id}").status_code in (404, 405, 400)


def test_a_closed_exam_is_told_with_the_candidates_name_from_the_vault(client: TestClient, centre: Centre) -> None:
    exam_id = _closed_exam(centre)
    (row,) = client.get("/api/exams").json()
    assert (row["exam_id"], row["candidate"], row["verdict"]) == (exam_id, "Айгерім Сәрсенова", "pass")
    told = client.get(f"/api/exams/{exam_id}").json()
    assert told["sheet"] == {"findings": [], "verdict": "pass"}


def test_the_sheet_is_served_byte_for_byte(client: TestClient, centre: Centre) -> None:
    answer = client.get(f"/api/exams/{_closed_exam(centre)}/sheet")
    assert answer.content == SHEET
    assert answer.headers["x-sheet-sha256"] == "ab" * 32


def test_health_is_told(client: TestClient) -> None:
    told = client.get("/api/health").json()
    assert told["broker_address"] == "127.0.0.1:1883"
    assert "secret" not in client.get("/api/health").text
    assert told["broker_connected"] is False


def test_outside_the_demo_nothing_can_be_broken(centre: Centre) -> None:
    strict = replace(centre, settings=centre.settings.model_copy(update={"demo": False}))
    client = TestClient(create_app(strict), base_url="http://localhost:8000")
    assert client.post("/track/faults/beam_silent", data={"active": "true"}).status_code == 403
