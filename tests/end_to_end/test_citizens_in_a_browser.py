"""The citizens' pages in a real browser: from home with everything done, and no barrier on any page or size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from center.casework import queries
from center.casework.booking.tables import Booking
from center.casework.payments import queries as payments
from center.casework.receipts.actions import following
from center.web.languages import Language
from tests.center.casework.pages.staff.served import ServedCentre
from tests.center.casework.payments.offices import charges
from tests.center.casework.sample_cases import AKBOTA, open_case
from tests.end_to_end import home_walk
from tests.end_to_end.at_keyboard import AtKeyboard
from tests.sampling import sample
from tests.services.outside_systems import OutsideSystem

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(400)]
ADDRESSES = (
    "/queue/ticket", "/queue/ticket/booked", "/apply", "/apply?applicant=representative", "/apply?applicant=firm",
    "/apply/draft", "/my", "/services", "/services/records_certificate", "/figures",
)  # fmt: skip
PAGES = [(language, address) for language in Language for address in ADDRESSES]


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, _gateway: OutsideSystem, _registers: OutsideSystem
) -> Iterator[ServedCentre]:
    for system in (_gateway, _registers):
        system.ready()
    started = ServedCentre(tmp_path_factory.mktemp("centre"), _gateway, _registers)
    yield started
    started.stop()


@pytest.mark.parametrize("language", sample(Language, 1, name="languages of the walk from home"), ids=str)
def test_whoever_applied_booked_and_paid_at_home_goes_first_and_owes_nothing(
    page: Page, served: ServedCentre, gateway: OutsideSystem, language: Language
) -> None:
    person = AtKeyboard(page, served.url, language)
    code = home_walk.applies(person)
    home_walk.books(person)
    home_walk.pays(person)
    _the_booked_time_comes(served)
    home_walk.takes_a_ticket(person, "records_certificate")
    number = home_walk.arrives(person, code)
    case = _taken_up_at_the_window(person, number, code)
    with served.centre.database.reading() as transaction:
        state = queries.case_state(transaction, case.rsplit("/", 1)[1])
        (payment,) = payments.of_case(transaction, state.case_id)
    assert (state.channel, state.fees_paid) == ("home", {"records_certificate": payment.amount_tenge})
    assert state.steps["pay"] == "done"
    assert [one["kind"] for one in charges(gateway, payment)] == ["charge"]
    # The code still finds what became of the draft.
    person.press("Alt+h", "**/desk")
    page.keyboard.press("Alt+q")
    page.keyboard.type(code)
    person.press("Enter", case)


def _the_booked_time_comes(served: ServedCentre) -> None:
    """As if one had waited for it, whatever the hour of this run."""
    now = served.centre.clock.now()
    with served.centre.database.writing() as transaction:
        told = update(Booking).where(Booking.held_by.is_not(None)).values(starts_at=now - timedelta(minutes=1))
        transaction.execute(told)


def _taken_up_at_the_window(person: AtKeyboard, number: str, code: str) -> str:
    page = person.page
    person.sign_in("Ақбота", "/desk")
    person.press("Alt+o")
    person.press("Alt+n")
    expect(page.locator(".ticket__number")).to_have_text(number)
    person.press("Alt+w")
    page.keyboard.press("Alt+q")
    page.keyboard.type(code)
    person.press("Enter")
    for name, text in home_walk.TYPED.items():
        expect(page.locator(f"#{name}")).to_have_value(text)
    person.press("Alt+s", "**/cases/*-*")
    case = page.url
    person.tick("documents")
    person.tick("consent")
    person.press("Alt+s")
    expect(page.locator("[data-step=pay] .govuk-tag--green")).to_be_visible()
    return case


@pytest.mark.parametrize(
    ("language", "address"), sample(PAGES, 2, name="citizens' pages by language"), ids=str
)  # fmt: skip
def test_a_citizens_page_has_no_barrier_at_any_size(
    page: Page, served: ServedCentre, language: Language, address: str
) -> None:
    page.goto(f"{served.url}{address}{'&' if '?' in address else '?'}lang={language}")
    AtKeyboard(page, served.url, language).sees_no_barrier()


@pytest.mark.parametrize("language", sample(Language, 1, name="languages of a citizen's own case"), ids=str)
def test_a_citizen_reads_their_case_complains_and_answers_the_survey_by_keyboard_alone(
    page: Page, served: ServedCentre, language: Language
) -> None:
    database, now = served.centre.database, served.centre.clock.now()
    case = open_case(database, at=now)
    with database.writing() as transaction:
        code = following.issue(transaction, AKBOTA, case.case_id, now)
    person = AtKeyboard(page, served.url, language)
    page.goto(f"{person.url}/?lang={language}")
    person.follow(".door a[href='/my']", "**/my")
    person.fill("code", code)
    person.follow("main form button", "**/my")
    person.sees_no_barrier()
    person.fill("text", "Үш сағат күттім.")
    person.follow("form[action='/my/complaint'] button")
    person.sees_no_barrier()  # what it is about was forgotten
    expect(page.locator("#text")).to_have_value("Үш сағат күттім.")
    person.tab_to(page.locator("#about"))
    page.keyboard.press("ArrowDown")
    person.follow("form[action='/my/complaint'] button")
    expect(page.locator(".govuk-inset-text")).to_contain_text("Үш сағат күттім.")
    person.tab_to(page.locator("#courtesy"))
    page.keyboard.press("ArrowDown")
    person.follow("form[action='/my/survey'] button")
    expect(page.locator("form[action='/my/survey']")).to_have_count(0)
    person.sees_no_barrier()
