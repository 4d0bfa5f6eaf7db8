"""Every page that somebody is led to by links: no barrier on it, and the navigation needs no mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import Page, expect

from center.commands.demo.staff import ADMINISTRATOR, STAFF, SUPERVISOR
from center.web.languages import Language
from tests.center.casework.pages.staff.served import ServedCentre
from tests.center.casework.sample_cases import open_case
from tests.end_to_end.at_keyboard import AtKeyboard
from tests.sampling import sample
from tests.services.outside_systems import OutsideSystem

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(600)]
VISITOR = ""
LOGINS = (VISITOR, ADMINISTRATOR.login, SUPERVISOR.login, *(one.person.login for one in STAFF))
READERS = [(login, language) for login in LOGINS for language in Language]
_SAME_KIND = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[\dA-Z]{4}(-[\dA-Z]{4})+|\d+")
"""What tells one page of a kind from another in its address: ids, codes, numbers, days."""


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, _gateway: OutsideSystem, _registers: OutsideSystem
) -> Iterator[ServedCentre]:
    for system in (_gateway, _registers):
        system.ready()
    started = ServedCentre(tmp_path_factory.mktemp("centre"), _gateway, _registers)
    open_case(started.centre.database, at=started.centre.clock.now())
    yield started
    started.stop()


@pytest.mark.parametrize(("login", "language"), sample(READERS, 1, name="readers of every page"), ids=str)
def test_whatever_page_somebody_is_led_to_has_no_barrier(
    page: Page, served: ServedCentre, login: str, language: Language
) -> None:
    person = AtKeyboard(page, served.url, language)
    _comes(person, login)
    seen, waiting = set[str](), ["/", "/queue/board"]
    while waiting:
        path = waiting.pop(0)
        kind = _SAME_KIND.sub("#", path)
        if kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(f"{served.url}{path}")
        assert answer is not None
        assert answer.ok, f"{login} is led to {path}: {answer.status}"
        person.sees_no_barrier()
        waiting += _pages_led_to(page)
    assert len(seen) > 10


def test_the_navigation_leads_to_every_part_by_keyboard_alone(page: Page, served: ServedCentre) -> None:
    person = AtKeyboard(page, served.url, Language.EN)
    _comes(person, SUPERVISOR.login)
    groups = page.locator(".govuk-service-navigation__link").count()
    reached = set[str]()
    for group in range(groups):
        _follow(person, ".govuk-service-navigation__link", group)
        reached.add(page.url)
        for part in range(page.locator(".parts__link").count()):
            _follow(person, ".parts__link", part)
            reached.add(page.url)
            expect(page.locator(".parts__link[aria-current]")).to_have_count(1)
    page.goto(served.url)
    doors = set(page.locator(".door a").evaluate_all("links => links.map(link => link.href)"))
    assert doors <= reached


def _comes(person: AtKeyboard, login: str) -> None:
    page = person.page
    if login == VISITOR:
        page.goto(f"{person.url}/?lang={person.language}")
        return
    page.goto(f"{person.url}/sign-in?lang={person.language}&next=/")
    person.tab_to(page.locator(f"#demo-{login}"))
    person.press("Enter", f"{person.url}/")


def _follow(person: AtKeyboard, links: str, place: int) -> None:
    person.tab_to(person.page.locator(links).nth(place))
    person.press("Enter")


def _pages_led_to(page: Page) -> list[str]:
    """Addresses of this centre's pages among the links; files to take away and languages are none."""
    links = page.locator("a[href^='/']:not([download]):not(.languages a)")
    found = [urldefrag(link).url for link in links.evaluate_all("all => all.map(one => one.getAttribute('href'))")]
    return [link for link in found if not re.search(r"\.\w+$", link)]
