"""Somebody who applies, books and pays at home, and comes with a code: by keys alone."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import expect

from tests.end_to_end.at_keyboard import AtKeyboard

TYPED: Final = {
    "iin": "980417900018", "family_name": "Сәрсенова", "given_name": "Айгерім", "born_on": "1998-04-17",
    "document_number": "001234567", "document_issued_on": "2020-05-01", "document_issued_by": "ІІМ",
    "address": "Сарытау қ., Бәйтерек көшесі, 14-үй, 27-пәтер",
}  # fmt: skip
_WITHIN_S: Final = 60.0


def applies(person: AtKeyboard) -> str:
    """The code of a draft, from the door on the home page on; what was forgotten is told and stays to be mended."""
    page = person.page
    page.goto(f"{person.url}/?lang={person.language}")
    person.follow(".door a[href='/apply']", "**/apply")
    for name, text in TYPED.items():
        if name != "address":
            person.fill(name, text)
    person.follow("main form button")
    person.sees_no_barrier()
    person.tab_to(page.locator(".govuk-error-summary a[href='#address']"))
    page.keyboard.press("Enter")
    expect(page.locator("#address")).to_be_focused()
    expect(page.locator("#given_name")).to_have_value(TYPED["given_name"])
    page.keyboard.type(TYPED["address"])
    person.follow("main form button", "**/apply/draft/code")
    person.sees_no_barrier()
    code = page.locator("#code").inner_text()
    person.follow("main a.govuk-button", "**/apply/draft")
    return code


def books(person: AtKeyboard) -> None:
    """The first time that is free."""
    page = person.page
    days = [link.get_attribute("href") for link in page.locator("a[href*='day=']").all()]
    for day in days:
        if page.locator("select#starts_at").count():
            break
        person.follow(f"a[href='{day}']")
    person.sees_no_barrier()
    person.follow("form[action$='/book'] button", "**/apply/draft")


def pays(person: AtKeyboard) -> None:
    """At the gateway's own page, and back."""
    page = person.page
    person.follow("form[action$='/pay'] button", "**/apply/draft#fees")
    person.follow("a[href*='/pay/']", "**/pay/*")
    person.follow("button")
    person.follow("a", "**/apply/draft")
    # The gateway tells by itself, and the page follows: nobody presses for it.
    expect(page.locator("main .govuk-tag--green")).to_be_visible(timeout=_WITHIN_S * 1000)
    assert page.locator("a[href*='/pay/']").count() == 0
    person.sees_no_barrier()


def arrives(person: AtKeyboard, code: str) -> str:
    """At the self-service screen: the ticket for the code."""
    page = person.page
    page.goto(f"{person.url}/?lang={person.language}")
    person.follow(".door a[href='/queue/ticket']", "**/queue/ticket")
    person.follow("a[href='/queue/ticket/booked']", "**/queue/ticket/booked")
    person.fill("code", "0000-0000-0000-0000")
    person.follow("main form button")
    person.sees_no_barrier()
    person.fill("code", code)
    person.follow("main form button", "**/queue/tickets/*")
    person.sees_no_barrier()
    return page.locator(".ticket-number").inner_text()


def takes_a_ticket(person: AtKeyboard, service: str) -> str:
    """At the self-service screen, as one who has only come."""
    page = person.page
    page.goto(f"{person.url}/?lang={person.language}")
    person.follow(".door a[href='/queue/ticket']", "**/queue/ticket")
    person.tab_to(page.locator("input[name=service]").first)
    while not page.locator(f"input[name=service][value={service}]").is_checked():
        page.keyboard.press("Space" if not page.locator("input[name=service]:checked").count() else "ArrowDown")
    person.follow("main form button", "**/queue/tickets/*")
    number = page.locator(".ticket-number").inner_text()
    assert re.fullmatch(r"[A-Z]\d{3}", number)
    return number
