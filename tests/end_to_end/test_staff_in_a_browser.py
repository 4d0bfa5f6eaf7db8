"""The staff's own pages in a real browser: a colleague is taken on by two, and enrols a passkey that signs them in."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from center.app import create_app
from center.web.languages import Language
from tests.center.demo_staff import demo_centre
from tests.end_to_end.at_keyboard import AtKeyboard
from tests.sampling import sample
from tests.services.processes import free_port

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]
ADMINISTRATOR, SUPERVISOR, OPERATOR = "Дәурен", "Сәуле", "Ақбота"
# A key built into the machine that asks for a finger or a PIN, which its owner gives at once.
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
PASSWORD = "aidaladan bes qyzyl traktor"


@dataclass(frozen=True, slots=True)
class NewColleague:
    """Who is taken on."""

    login: str
    name: str
    iin: str


COLLEAGUES = {
    Language.KK: NewColleague("madina", "Мәдина Өскенбай", "951030902048"),
    Language.RU: NewColleague("timur", "Тимур Щербаков", "951030902058"),
    Language.EN: NewColleague("alina", "Alina O'Connor-Weber", "951030902068"),
}
UNVERIFIED = NewColleague("unverified", "Nobody Verified", "951030902078")


class Straight(AtKeyboard):
    """One who goes straight to a control, as with a mouse: for pages whose rows of Tab another walk presses."""

    def tab_to(self, wanted: Locator) -> None:
        """Focus it."""
        wanted.focus()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a centre with the demo's people is served."""
    folder, port = tmp_path_factory.mktemp("centre"), free_port()
    with demo_centre(f"sqlite:///{folder / 'centre.sqlite3'}", folder, port) as centre:
        config = uvicorn.Config(create_app(centre), log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        listener = socket.create_server(("127.0.0.1", port))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        yield f"http://localhost:{port}"
        server.should_exit = True
        thread.join(10)


def _with_authenticator(page: Page, **other: bool) -> CDPSession:
    """A page in a browser on a machine that has a key of its own."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | other})
    return session


@pytest.mark.parametrize("language", sample(list(Language), 1, name="languages of taking a colleague on"), ids=str)
def test_two_take_a_colleague_on_who_signs_in_by_passkey_and_out_everywhere(
    page: Page, browser: Browser, url: str, language: Language
) -> None:
    colleague = COLLEAGUES[language]
    person = AtKeyboard(page, url, language)
    first = _proposed(person, colleague)
    second = _confirmed(person, colleague)
    assert first != second
    _with_authenticator(page)
    _uses_the_slip(person, colleague, (first, second.lower().replace("-", " ")))
    _signs_in_by_passkey(person, colleague)
    with browser.new_context(locale="en-GB") as elsewhere:
        other = elsewhere.new_page()
        _signs_in_by_password(Straight(other, url, language), colleague)
        _signs_out_everywhere(person)
        other.goto(f"{url}/me")
        expect(other.locator("#passkey")).to_be_visible()
    page.goto(f"{url}/me")
    expect(page.locator("#passkey")).to_be_visible()


def _proposed(person: AtKeyboard, colleague: NewColleague) -> str:
    """The administrator's half."""
    page = person.page
    person.sign_in(ADMINISTRATOR, "/")
    person.follow(".door a[href='/administration']", "**/administration")
    person.sees_no_barrier()
    person.follow("a[href='/administration/new']", "**/administration/new")
    person.fill("login", colleague.login)
    person.fill("name", colleague.name)
    person.fill("iin", colleague.iin[:-1] + "9")
    person.follow("main form button")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.locator("#name")).to_have_value(colleague.name)
    person.sees_no_barrier()
    person.fill("iin", colleague.iin)
    person.follow("main form button")
    half = page.locator("#half").inner_text()
    person.sees_no_barrier()
    person.follow("main a[href='/administration/proposals']", "**/proposals")
    expect(page.locator(".proposal")).to_contain_text(colleague.name)
    expect(page.locator(".proposal form[action$='/confirm']")).to_have_count(0)
    person.sees_no_barrier()
    person.sign_out()
    return half


def _confirmed(person: AtKeyboard, colleague: NewColleague) -> str:
    """The supervisor's half."""
    page = person.page
    person.sign_in(SUPERVISOR, "/administration/proposals")
    expect(page.locator(".proposal")).to_contain_text(colleague.name)
    person.follow(".proposal form[action$='/decline'] button")  # without a reason
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    person.sees_no_barrier()
    person.follow(".proposal form[action$='/confirm'] button")
    half = page.locator("#half").inner_text()
    person.follow("main a[href='/administration/proposals']", "**/proposals")
    expect(page.locator("main table")).to_contain_text(colleague.name)
    person.sign_out()
    return half


def _uses_the_slip(person: AtKeyboard, colleague: NewColleague, halves: tuple[str, str]) -> None:
    page = person.page
    page.goto(f"{person.url}/sign-in?lang={person.language}")
    person.sees_no_barrier()
    person.follow("main a[href='/slip']", "**/slip")
    for name, text in zip(("login", "first", "second"), (colleague.login, halves[0], halves[0]), strict=True):
        person.fill(name, text)
    person.follow("main form button")  # one half twice is no slip
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    person.sees_no_barrier()
    for name, text in zip(("login", "first", "second"), (colleague.login, *halves), strict=True):
        person.fill(name, text)
    person.follow("main form button")
    person.sees_no_barrier()
    person.follow("#enrol")
    expect(page.locator("#enrol")).to_have_count(0)
    person.fill("new", PASSWORD)
    person.fill("again", PASSWORD)
    person.follow("form[action='/slip/password'] button[type=submit]")
    expect(page.locator("#new")).to_have_count(0)


def _signs_in_by_passkey(person: AtKeyboard, colleague: NewColleague) -> None:
    page = person.page
    person.follow("main a[href='/sign-in']", "**/sign-in")
    person.follow("#passkey", f"{person.url}/")
    expect(page.locator(".signed-in__name")).to_have_text(colleague.login)
    person.follow(".signed-in__name", "**/me")
    expect(page.locator("h1")).to_have_text(colleague.name)
    person.sees_no_barrier()


def _signs_in_by_password(person: AtKeyboard, colleague: NewColleague) -> None:
    person.page.goto(f"{person.url}/sign-in?lang={person.language}&next=/me")
    person.fill("login", colleague.login)
    person.fill("password", PASSWORD)
    person.press("Enter", "**/me")


def _signs_out_everywhere(person: AtKeyboard) -> None:
    # Without a role there is nothing to declare relatives for.
    expect(person.page.locator("form[action='/me/relatives']")).to_have_count(0)
    person.follow("form[action='/me/sign-out-everywhere'] button", "**/sign-in")


@pytest.mark.parametrize("language", list(Language), ids=str)
def test_the_page_of_an_account_and_ones_own_have_no_barrier(page: Page, url: str, language: Language) -> None:
    person = Straight(page, url, language)
    person.sign_in(ADMINISTRATOR, "/administration")
    person.follow("#account-viktor a")
    person.follow("form[action$='/revoke-role'] button")
    expect(page.locator(".govuk-error-summary")).to_be_visible()  # for want of a reason
    person.sees_no_barrier()
    person.follow(".signed-in__name", "**/me")
    person.fill("iin", "1")
    person.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    person.sees_no_barrier()


def test_who_may_not_is_told_so_on_a_page_without_barrier(page: Page, url: str) -> None:
    person = AtKeyboard(page, url, Language.EN)
    person.sign_in(OPERATOR, "/")
    expect(page.locator("a[href='/administration']")).to_have_count(0)
    page.goto(f"{url}/administration")
    expect(page.locator("h1")).to_have_text("This is not allowed here")
    person.sees_no_barrier()


def test_a_key_that_this_centre_does_not_know_signs_nobody_in(page: Page, url: str) -> None:
    _with_authenticator(page)
    page.goto(f"{url}/sign-in?lang=en")
    page.locator("#passkey").press("Enter")
    expect(page.locator("[data-passkey-fault]")).to_be_visible(timeout=20_000)
    AtKeyboard(page, url, Language.EN).sees_no_barrier()


def test_a_key_that_does_not_verify_its_owner_is_not_enrolled(page: Page, url: str) -> None:
    person = Straight(page, url, Language.EN)
    person.sign_in(ADMINISTRATOR, "/administration/new")
    for name, text in (("login", UNVERIFIED.login), ("name", UNVERIFIED.name), ("iin", UNVERIFIED.iin)):
        person.fill(name, text)
    person.follow("main form button")
    first = page.locator("#half").inner_text()
    second = _confirmed(person, UNVERIFIED)
    _with_authenticator(page, isUserVerified=False)
    page.goto(f"{url}/slip?lang=en")
    for name, text in zip(("login", "first", "second"), (UNVERIFIED.login, first, second), strict=True):
        person.fill(name, text)
    person.follow("main form button")
    page.locator("#enrol").press("Enter")
    expect(page.locator("[data-passkey-fault]")).to_be_visible(timeout=20_000)
