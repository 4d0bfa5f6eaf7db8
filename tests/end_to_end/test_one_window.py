"""The one window in a real browser: from the ticket to the hand-over by keyboard alone, and no barrier on any page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from httpx import Client
from playwright.sync_api import Browser, Page, expect

from center.casework import queries
from center.commands.demo.staff import ADMINISTRATOR, STAFF, SUPERVISOR
from center.web.languages import Language
from tests.center.casework.documents.sample_scans import picture
from tests.center.casework.pages.staff.served import ServedCentre
from tests.center.casework.test_mrz import kazakh_card
from tests.center.demo_staff import become
from tests.end_to_end import contract_walk, home_walk, inspection_walk
from tests.end_to_end.at_keyboard import AtKeyboard
from tests.sampling import sample
from tests.services.outside_systems import OutsideSystem

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(400)]
DONE = ("accept", "ask_persons", "ask_firms", "pay", "produce", "hand_over")


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, _gateway: OutsideSystem, _registers: OutsideSystem
) -> Iterator[ServedCentre]:
    for system in (_gateway, _registers):
        system.ready()
    started = ServedCentre(tmp_path_factory.mktemp("centre"), _gateway, _registers)
    yield started
    started.stop()


@pytest.mark.parametrize("language", sample(list(Language), 1, name="languages of the one window"), ids=str)
def test_a_certificate_goes_from_ticket_to_hand_over_by_keyboard_alone(
    page: Page, served: ServedCentre, language: Language
) -> None:
    person = AtKeyboard(page, served.url, language)
    number = home_walk.takes_a_ticket(person, "records_certificate")
    case, case_number = _accepted_at_the_window(person, number)
    _paid_at_the_gateway(person, case, case_number)
    person.sign_out()
    _produced_by_the_second_person(person, case, f"AA-{['kk', 'ru', 'en'].index(language) + 1:06d}")
    _handed_over(person, case)
    with served.centre.database.reading() as transaction:
        state = queries.case_state(transaction, case.rsplit("/", 1)[1])
    assert state.status == "completed"
    assert {step: status.value for step, status in state.steps.items()} == dict.fromkeys(DONE, "done")


def _accepted_at_the_window(person: AtKeyboard, number: str) -> tuple[str, str]:
    page = person.page
    # File dialogues are caught from the first listener on, and nothing waits until they are: a press could outrun it.
    page.on("filechooser", lambda _: None)
    person.sign_in("Ақбота", "/desk")
    person.sees_no_barrier()
    person.press("Alt+o")
    person.press("Alt+n")
    expect(page.locator(".ticket__number")).to_have_text(number)
    person.press("Alt+w")
    person.sees_no_barrier()
    page.keyboard.press("Alt+q")
    for line in kazakh_card().split("\n")[:-1]:
        page.keyboard.type(line)
        page.keyboard.press("Enter")
    page.keyboard.type(kazakh_card().split("\n")[-1])
    person.press("Enter")
    expect(page.locator("#iin")).to_have_value("980417900018")
    person.press("Alt+s")  # what a document does not tell is asked for, with a link to each field
    assert page.locator(".govuk-error-summary a").count() == 3
    person.sees_no_barrier()
    person.tab_to(page.locator(".govuk-error-summary a[href='#address']"))
    page.keyboard.press("Enter")
    expect(page.locator("#address")).to_be_focused()
    for name, text in (
        ("address", "Сарытау қ., Бәйтерек көшесі, 14-үй, 27-пәтер"),
        ("document_issued_on", "2021-05-21"),
        ("document_issued_by", "ІІМ"),
    ):
        person.fill(name, text)
    person.press("Alt+s", "**/cases/*-*")
    case, case_number = page.url, _number(person)
    person.sees_no_barrier()
    _scans_the_identity_document(person)
    person.tick("consent")
    person.press("Alt+s")
    # What is asked outside comes by itself, and the page follows.
    expect(page.locator("a[data-key=P]")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-register=persons] .govuk-tag--green")).to_be_visible(timeout=20_000)
    person.sees_no_barrier()
    person.press("Alt+h", "**/desk")
    person.press("Alt+z")
    person.press("Alt+c")
    return case, case_number


def _scans_the_identity_document(person: AtKeyboard) -> None:
    page = person.page
    for name, data in (("card.jpg", b"<script>alert(1)</script>"), ("card.html", picture())):
        person.tab_to(page.locator("#scan"))
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Space")
        chooser.value.set_files({"name": name, "mimeType": "image/jpeg", "buffer": data})
        if data.startswith(b"<"):  # told by what it is, not by what it is called
            page.keyboard.press("Alt+n")
            expect(page.locator("#scan-told .govuk-error-message")).to_be_visible()
            page.wait_for_timeout(1100)  # within a second a second press of a button is a double click
        else:
            person.press("Alt+n")
    expect(page.locator("#documents")).to_be_checked()
    page_link = page.locator("a[href*='/scans/']").first
    told = page.request.get(f"{person.url}{page_link.get_attribute('href')}")
    assert told.headers["content-type"] == "image/jpeg"


def _paid_at_the_gateway(person: AtKeyboard, case: str, number: str) -> None:
    page = person.page
    _finds(person, number, case)
    person.press("Alt+p", "**/pay/*")
    person.follow("button")
    person.follow("a", f"{person.url}/")
    # Come from another site one is nobody yet, and is known again with the next step of one's own.
    person.follow(".masthead__name", f"{person.url}/")
    person.follow(".door a[href='/desk']", "**/desk")
    _finds(person, number, case)
    expect(page.locator("[data-step=pay] .govuk-tag--green")).to_be_visible(timeout=20_000)


def _number(person: AtKeyboard) -> str:
    """The number of the case that is being looked at."""
    found = re.search(r"\d{4}-\d{7}", person.page.locator("h1").inner_text())
    assert found is not None
    return found[0]


def _finds(person: AtKeyboard, number: str, case: str) -> None:
    """By its number, typed at the desk."""
    person.page.keyboard.press("Alt+q")
    person.page.keyboard.type(number)
    person.press("Enter", case)


def _produced_by_the_second_person(person: AtKeyboard, case: str, blank: str) -> None:
    page = person.page
    person.sign_in("Гүлнәр", "/work")
    person.sees_no_barrier()
    assert "Сәрсенова" not in page.content()
    assert "Sarsenova" not in page.content()
    person.press("Alt+1", case)
    assert "Сәрсенова" not in page.content()
    person.press("Alt+t")
    person.press("Alt+v")  # what stands on the certificate is shown on demand, and that it was is recorded
    expect(page.locator("main")).to_contain_text("980417900018")
    person.sees_no_barrier()
    person.press("Alt+h")
    page.keyboard.press("Alt+b")
    page.keyboard.type(blank)
    person.press("Alt+s")
    expect(page.locator("[data-step=produce] .govuk-tag--green")).to_be_visible()
    person.sign_out()


def _handed_over(person: AtKeyboard, case: str) -> None:
    page = person.page
    person.sign_in("Ақбота", "/desk")
    person.press("Alt+1", case)
    person.press("Alt+t")
    person.press("Alt+s")
    expect(page.locator(".govuk-error-summary a")).to_have_attribute("href", "#written")
    person.sees_no_barrier()
    person.fill("written", "Айгерім Сәрсенова")
    person.press("Alt+s")
    expect(page.locator("[data-step=hand_over] .govuk-tag--green")).to_be_visible()
    person.press("Alt+u")
    person.sees_no_barrier()
    person.sign_out()


def test_an_inspector_is_drawn_and_another_one_with_a_reason_by_keyboard_alone(
    page: Page, served: ServedCentre
) -> None:
    person = AtKeyboard(page, served.url, Language.RU)
    case = inspection_walk.accepted(person, "vehicle_inspection")
    inspection_walk.goes_on_duty(person, "Виктор")
    inspection_walk.is_drawn(person)
    inspection_walk.goes_on_duty(person, "Наталья")
    person.sign_out()
    inspection_walk.drawn_again(person, case)
    inspection_walk.inspected(person, "Наталья", case)
    inspection_walk.act_made(person, case)
    with served.centre.database.reading() as transaction:
        state = queries.case_state(transaction, case.rsplit("/", 1)[1])
    assert (state.steps["inspect"], state.steps["produce"]) == ("done", "open")


@pytest.mark.parametrize("language", sample(list(Language), 1, name="languages of the contract"), ids=str)
def test_a_firm_sells_to_a_person_by_keyboard_alone(page: Page, served: ServedCentre, language: Language) -> None:
    person = AtKeyboard(page, served.url, language)
    case = contract_walk.opened(person, "vehicle_inspection")
    contract_walk.accepted(person)
    with served.centre.database.reading() as transaction:
        state = queries.case_state(transaction, case.rsplit("/", 1)[1])
    assert [state.steps[one] for one in ("ask_persons", "ask_firms", "ask_pledged")] == ["done"] * 3


@pytest.mark.parametrize("language", sample(list(Language), 1, name="languages of the supervisor's pages"), ids=str)
def test_the_supervisors_pages_and_the_halls_board_have_no_barrier(
    page: Page, served: ServedCentre, language: Language
) -> None:
    person = AtKeyboard(page, served.url, language)
    page.goto(f"{person.url}/queue/board?lang={language}")
    person.sees_no_barrier()
    person.sign_in("Сәуле", "/board")
    for path in ("/board", "/cases", "/hall", "/day", "/"):
        page.goto(f"{person.url}{path}")
        person.sees_no_barrier()


def test_a_home_shows_only_doors_that_open(served: ServedCentre) -> None:
    for person in (ADMINISTRATOR, SUPERVISOR, *(one.person for one in STAFF)):
        with Client(base_url=served.url) as client:
            become(client, person.login)
            doors = re.findall(r'class="govuk-link door__link" href="([^"]+)"', client.get("/").text)
            assert doors
            for door in doors:
                assert client.get(door).is_success, (person.login, door)


def test_two_clicks_and_two_operators_are_told_how_it_stands(browser: Browser, served: ServedCentre) -> None:
    with browser.new_context() as one, browser.new_context() as other:
        pages = [one.new_page(), other.new_page()]
        for page, login in zip(pages, ("Ақбота", "Ерлан"), strict=True):
            AtKeyboard(page, served.url, Language.EN).sign_in(login, "/desk")
        case = _begun(AtKeyboard(pages[0], served.url, Language.EN))
        with pages[0].expect_navigation():
            pages[0].keyboard.press("Alt+l")
        for page in pages:
            page.goto(case)
        with pages[0].expect_navigation():
            pages[0].keyboard.press("Alt+t")
        with pages[1].expect_response("**/actions") as told:
            pages[1].keyboard.press("Alt+t")
        assert told.value.status == 409
        expect(pages[1].locator(".govuk-notification-banner")).to_be_visible()


def _begun(person: AtKeyboard) -> str:
    page = person.page
    person.press("Alt+b")
    for name, text in (
        ("iin", "010929900020"), ("family_name", "Орлов"), ("given_name", "Денис"), ("born_on", "2001-09-29"),
        ("address", "г. Сарытау, ул. Степная, д. 3"), ("document_number", "999000002"),
        ("document_issued_on", "2020-02-11"), ("document_issued_by", "МВД"),
    ):  # fmt: skip
        person.fill(name, text)
    person.press("Enter", "**/cases/*-*")  # as a scanner ends what it types
    return page.url
