"""Nobody but the police can tell from any page whether a vehicle of a case is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from center.app import Centre, create_app
from center.casework.receipts.actions import following
from center.casework.registers.actions.asking import ask
from center.casework.registers.client import RegisterClient
from center.casework.registers.office import RegisterOffice
from center.casework.registers.policy import load
from center.commands.demo.staff import ADMINISTRATOR, STAFF, SUPERVISOR
from tests.center.casework.registers.inquiries import CONSENTS, LEGAL, WANTED, vehicle
from tests.center.casework.sample_cases import AKBOTA, command, do, open_case
from tests.center.demo_staff import become, demo_centre, form_token, visitor
from tests.services.outside_systems import TOKEN, OutsideSystem

POLICE = tuple(one.person.login for one in STAFF if one.role == "police_inspector")
OTHERS = {one.role: one.person.login for one in STAFF if one.person.login not in POLICE}
OTHERS |= {"administrator": ADMINISTRATOR.login, "supervisor": SUPERVISOR.login}
LISTS = ("/", "/desk", "/work", "/board", "/day")
OF_CASE = ("/cases/{}", "/cases/{}/receipt", "/cases/{}/changes")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("centre")
    with demo_centre(f"sqlite:///{folder / 'centre.sqlite3'}", folder) as opened:
        yield opened


@pytest.fixture
def app(centre: Centre) -> FastAPI:
    return create_app(centre)


@pytest.fixture(autouse=True)
def _standing_clock(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page tells of times depends on no machine's speed."""
    now = centre.clock.now()
    monkeypatch.setattr(type(centre.clock), "now", lambda _: now)


@pytest.fixture
def hit_and_miss(centre: Centre, registers: OutsideSystem) -> tuple[str, str]:
    """A case whose vehicle is wanted, and one like it whose is not; both were asked about."""
    client = RegisterClient(registers.url, TOKEN, centre.database.centre_id, load(), pause=lambda _: None)
    office = RegisterOffice(centre.database, centre.vault, client, centre.clock)
    asked = [vehicle(office, vin, case_id=_accepted(centre)) for vin in (WANTED, LEGAL)]
    for one in asked:
        ask(office, one)
    return asked[0].case_id, asked[1].case_id


def _accepted(centre: Centre) -> str:
    """A case whose documents were accepted just now, so that no clock says anything about it."""
    database, now = centre.database, centre.clock.now()
    case_id = open_case(database, at=now).case_id
    do(database, AKBOTA, command("step.take", case_id, "accept"), now)
    told = {"documents": ["identity"], "consent": list(CONSENTS)}
    do(database, AKBOTA, command("step.complete", case_id, "accept", **told), now)
    return case_id


def _without_what_differs(page: str) -> str:
    """A page without ids, numbers of cases and keys of forms: what two cases that went the same way have in common."""
    for pattern in (r"[0-9a-f]{8}-[0-9a-f-]{27}", r"20\d\d-\d{7}", r'value="[\w-]{20,}"'):
        page = re.sub(pattern, "…", page)
    return page


def _pages(client: TestClient, case_id: str) -> dict[str, tuple[int, str]]:
    answers = {path: client.get(path.format(case_id)) for path in OF_CASE}
    return {path: (told.status_code, _without_what_differs(told.text)) for path, told in answers.items()}


def test_the_pages_of_a_case_are_the_same_to_everybody_but_the_police(
    app: FastAPI, hit_and_miss: tuple[str, str]
) -> None:
    client = visitor(app)
    seen = 0
    for login in OTHERS.values():
        client.cookies.clear()
        become(client, login)
        hit, miss = (_pages(client, one) for one in hit_and_miss)
        assert hit == miss, login
        seen += hit[OF_CASE[0]][0] == 200
        for path in LISTS:
            assert "/alerts" not in client.get(path).text, (login, path)
        for path in ("/alerts", "/alerts/0198f000-0000-7000-8000-000000000000"):
            assert client.get(path).status_code == 403, (login, path)
    assert seen == 4, "operator, issuer, supervisor and auditor see cases"


def test_the_applicants_page_is_the_same(app: FastAPI, centre: Centre, hit_and_miss: tuple[str, str]) -> None:
    pages = []
    for case_id in hit_and_miss:
        with centre.database.writing() as transaction:
            code = following.issue(transaction, AKBOTA, case_id, centre.clock.now())
        citizen = visitor(app, "10.0.0.9")
        assert citizen.post("/my", data={"code": code}).status_code == 303
        pages.append(_without_what_differs(citizen.get("/my?lang=en").text))
    assert "Who read my data" in pages[0]
    assert pages[0] == pages[1]


def test_the_police_are_told_how_many_wait_and_say_what_is_done(app: FastAPI, hit_and_miss: tuple[str, str]) -> None:
    client = visitor(app)
    become(client, POLICE[0])
    home = client.get("/?lang=en").text
    count = int((re.search(r"waiting: (\d+)", home) or [0, 0])[1])
    assert count >= 1
    assert f"My work ({count})" in home
    page = client.get("/alerts").text
    assert f"Alerts ({count})" in page
    address = re.findall(r'href="(/alerts/[0-9a-f-]{36})"', page)[count - 1]
    told = {"form_token": form_token(client), "note": "held"}
    client.get(address)
    refused = client.post(address, data=told)
    assert (refused.status_code, ">held</textarea>" in refused.text) == (400, True)
    note = "The car is held <b>in the yard</b>."
    assert client.post(address, data={**told, "note": note}).headers["location"] == "/alerts"
    after = client.get(address).text
    assert "The car is held &lt;b&gt;in the yard&lt;/b&gt;." in after
    assert "<textarea" not in after
    again = client.post(address, data={**told, "note": "Something else was done about it."})
    assert (again.status_code, "Something else was done" in again.text) == (409, True)
    assert f"waiting: {count}" not in client.get("/?lang=en").text
