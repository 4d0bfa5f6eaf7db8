"""One person at their browser who has no mouse, and who looks out for barriers."""

from __future__ import annotations

from contextlib import suppress

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as NotInTime

from center.web.languages import Language

SIZES = ((1280, 900), (820, 1180), (640, 450))
"""A desk's screen, a tablet's, and the desk's at 200 % zoom, in CSS pixels; the first is worked at."""
_CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(node => {
  const style = getComputedStyle(node), box = node.getBoundingClientRect();
  const hides = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
  const scrolls = node.matches("input, textarea, select, option, svg, svg *, .govuk-visually-hidden");
  const meant = box.width <= 1 || box.height <= 1 || scrolls;
  return hides && !meant && (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1);
}).map(node => node.outerHTML.slice(0, 120))"""
"""What hides a part of what it holds; fields that scroll, and what is for screen readers alone, are meant so."""


class AtKeyboard:
    """Signs in, moves and types by keys alone."""

    def __init__(self, page: Page, url: str, language: Language) -> None:
        self.page = page
        self.url = url
        self.language = language

    def sign_in(self, name: str, onward: str) -> None:
        """As one of the demo's people, by one press."""
        self.page.goto(f"{self.url}/sign-in?lang={self.language}&next={onward}")
        self.tab_to(self.page.locator(f"button:has-text('{name}')").first)
        self.press("Enter", f"**{onward}")

    def sign_out(self) -> None:
        """Leave."""
        self.tab_to(self.page.locator(".signed-in__out"))
        self.press("Enter", f"{self.url}/")

    def tab_to(self, wanted: Locator) -> None:
        """Press Tab until it has the focus."""
        for _ in range(120):
            if wanted.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"The keyboard does not reach {wanted}.")

    def press(self, key: str, address: str = "") -> None:
        """A key that leads to a page."""
        with self.page.expect_navigation(url=address or None):
            self.page.keyboard.press(key)
        self.page.wait_for_load_state()

    def follow(self, wanted: str, address: str = "") -> None:
        """Go to a link or button, which leads to a page, and press it."""
        self.tab_to(self.page.locator(wanted).first)
        self.press("Enter", address)

    def fill(self, name: str, text: str) -> None:
        """Type into a field, in place of what stands there."""
        self.tab_to(self.page.locator(f"#{name}"))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, name: str) -> None:
        """Tick a box."""
        self.tab_to(self.page.locator(f"#{name}"))
        self.page.keyboard.press("Space")

    def sees_no_barrier(self) -> None:
        """Axe finds nothing, and nothing sticks out at any size."""
        for width, height in SIZES:
            self.page.set_viewport_size({"width": width, "height": height})
            wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0, f"{self.page.url} is {wider} px too wide at {width}"
            self._sees_all_of_everything(width)
        self.page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()

    def _sees_all_of_everything(self, width: int) -> None:
        """Nothing is cut off, once what draws itself anew for the size has done so."""
        with suppress(NotInTime):
            self.page.wait_for_function(f"() => !({_CUT_OFF})().length", timeout=10_000)
        cut_off = self.page.evaluate(_CUT_OFF)
        assert cut_off == [], f"{self.page.url} at {width}: {cut_off}"
