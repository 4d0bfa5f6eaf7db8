"""The self-service page over HTTP, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from center.app import Centre, create_app
from center.casework.booking.tables import Booking
from center.casework.drafts.actions import at_home
from center.casework.drafts.office import DraftOffice
from center.casework.opening import open_hall
from center.database import new_id
from center.people import powers_file
from tests.center.casework.drafts.home import beginning
from tests.center.demo_staff import demo_centre, visitor

SERVICE = "records_certificate"
HOSTILE = [
    "",
    "x" * 64,
    "x" * 65,
    "<script>alert(1)</script>",
    "no_such",
    "'; DROP TABLE queue_tickets; --",
    "\u202e",
    "\x00",
]


@pytest.fixture(scope="module")
def centre(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    with demo_centre(shared_database_url, tmp_path_factory.mktemp("centre")) as opened:
        yield opened


@pytest.fixture
def client(centre: Centre) -> TestClient:
    return visitor(create_app(centre))


def form_of(client: TestClient, language: str = "en") -> tuple[str, dict[str, str]]:
    page = client.get(f"/queue/ticket?lang={language}").text
    key = re.search(r'name="client_key" value="([^"]+)"', page)
    assert key is not None
    return page, {"client_key": key.group(1), "service": SERVICE, "ground": "none"}


def take(client: TestClient) -> str:
    answer = client.post("/queue/ticket", data=form_of(client)[1])
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_the_self_service_page_offers_the_services_of_the_hall_and_grounds_to_go_first(client: TestClient) -> None:
    page, _ = form_of(client)
    assert f'value="{SERVICE}"' in page
    assert page.count('name="ground"') >= 3


def test_who_takes_a_ticket_sees_its_number_and_that_no_window_is_open(client: TestClient) -> None:
    address = take(client)
    page = client.get(address).text
    assert re.search(r"[A-Z]\d{3}", page)
    assert "No window for this is open at the moment." in page
    assert re.search(r"[A-Z]\d{3}", client.get(f"{address}/now").text)


def test_a_second_click_gives_the_same_ticket(client: TestClient) -> None:
    _, form = form_of(client)
    first, second = (client.post("/queue/ticket", data=form).headers["location"] for _ in range(2))
    assert first == second


def test_a_ground_to_go_first_is_taken(client: TestClient) -> None:
    page, form = form_of(client)
    ground = next(one for one in re.findall(r'name="ground" type="radio" value="(\w+)"', page) if one != "none")
    assert client.post("/queue/ticket", data=form | {"ground": ground}).status_code == 303


def test_who_leaves_the_line_is_told_so_and_may_leave_twice(client: TestClient) -> None:
    address = take(client)
    assert [client.post(f"{address}/leave").status_code for _ in range(2)] == [303, 303]
    page = client.get(address).text
    assert "You have left the line." in page
    assert "/leave" not in page


def test_a_form_without_a_service_comes_back_with_the_fault_at_its_field(client: TestClient) -> None:
    _, form = form_of(client)
    answer = client.post("/queue/ticket", data=form | {"service": ""})
    assert answer.status_code == 400
    assert 'href="#service"' in answer.text
    assert 'id="service-error"' in answer.text


@pytest.mark.parametrize("field", ["service", "ground", "client_key"])
def test_hostile_text_is_refused_in_every_field(client: TestClient, field: str) -> None:
    _, form = form_of(client)
    for text in HOSTILE:
        if (field, text) in [("client_key", "x" * 64), ("ground", "")]:
            continue
        answer = client.post("/queue/ticket", data=form | {field: text})
        if answer.status_code != 429:
            assert answer.status_code in (400, 422), (text, answer.status_code)
        assert "<script>alert" not in answer.text


def test_no_address_takes_more_than_a_dozen_tickets_a_minute(client: TestClient) -> None:
    _, form = form_of(client)
    answers = [client.post("/queue/ticket", data=form).status_code for _ in range(13)]
    assert answers == [303] * 12 + [429]


@pytest.mark.parametrize("ticket", ["nothing", "00000000-0000-0000-0000-000000000000", "x" * 300])
def test_a_ticket_that_is_none_is_not_found(client: TestClient, ticket: str) -> None:
    assert client.get(f"/queue/tickets/{ticket}").status_code == 404
    assert client.get(f"/queue/tickets/{ticket}/now").status_code == 404
    assert client.post(f"/queue/tickets/{ticket}/leave").status_code == 404


@pytest.mark.parametrize(("language", "words"), [("kk", "Талон алу"), ("ru", "Взять талон"), ("en", "Take a ticket")])
def test_the_page_speaks_each_language(client: TestClient, language: str, words: str) -> None:
    assert words in form_of(client, language)[0]


def booked_form(client: TestClient, code: str) -> dict[str, str]:
    key = re.search(r'name="client_key" value="([^"]+)"', client.get("/queue/ticket/booked?lang=en").text)
    assert key is not None
    return {"client_key": key.group(1), "code": code, "ground": "none"}


def draft(centre: Centre, starts_in: timedelta | None = None) -> str:
    """The code of a draft from home, with a time as if it had been booked."""
    hall = open_hall(centre.settings, centre.database, powers_file.load(), centre.site.timezone)
    office = DraftOffice(hall, centre.vault)
    facts, code = at_home.begin(office, beginning(), "10.0.0.6")
    if starts_in is not None:
        with centre.database.writing() as transaction:
            booking = Booking(
                id=new_id(), centre_id=transaction.centre_id, line="records", starts_at=centre.clock.now() + starts_in,
                seat=1, draft_id=facts.draft_id, held_by=facts.draft_id, booked_at=centre.clock.now(),
            )  # fmt: skip
            transaction.add(booking)
    return code


@pytest.mark.parametrize(
    ("starts_in", "told"),
    [
        (timedelta(minutes=-5), "you go before those who wait in turn."),
        (timedelta(minutes=-40), "You came more than 15 minutes after it, so you wait in turn."),
        (None, "No window for this is open at the moment."),
    ],
)
def test_a_drafts_code_gives_one_ticket_that_tells_how_it_stands(
    client: TestClient, centre: Centre, starts_in: timedelta | None, told: str
) -> None:
    code = draft(centre, starts_in)
    answers = [client.post("/queue/ticket/booked", data=booked_form(client, code.lower())) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert told in client.get(answers[0].headers["location"]).text


def test_whoever_comes_on_another_day_is_told_their_time(client: TestClient, centre: Centre) -> None:
    answer = client.post("/queue/ticket/booked", data=booked_form(client, draft(centre, timedelta(days=2))))
    assert answer.status_code == 400
    assert "Come then, or take a ticket without the code" in answer.text
    assert 'href="/queue/ticket/booked?lang=kk"' in answer.text


@pytest.mark.parametrize("typed", [*HOSTILE, "0000-0000-0000-0000"])
def test_a_code_that_opens_nothing_gives_no_ticket(client: TestClient, typed: str) -> None:
    answer = client.post("/queue/ticket/booked", data=booked_form(client, typed))
    assert answer.status_code == 400
    assert 'href="#code"' in answer.text
    assert "<script>alert" not in answer.text
