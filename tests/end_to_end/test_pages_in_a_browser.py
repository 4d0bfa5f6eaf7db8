"""The pages in a real browser: no barrier for anyone, nothing sticks out, the keyboard alone is enough."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from center.web.languages import Language
from tests.center.driving_track.sample_track import SampleTrack, sample_app

PAGES = ("/", "/track", "/exams", "/exams/failed", "/exams/void", "/exams/running", "/health", "/exams/none-such")
WIDTHS = (1280, 390)
OUTLINE = re.compile(r"^[\d.,\- ]+$")


class Served:
    """The pages at an address, and the data behind them."""

    def __init__(self, track: SampleTrack) -> None:
        self.track = track
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(sample_app(track), log_level="error", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    started = Served(SampleTrack(tmp_path_factory.mktemp("recordings")))
    yield started
    started.stop()


def _open(page: Page, served: Served, path: str, language: Language = Language.EN) -> None:
    page.goto(f"{served.url}{path}?lang={language}")
    if path == "/exams/failed":
        expect(page.locator("#instant")).to_be_visible(timeout=20_000)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", list(Language), ids=str)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, served: Served, path: str, language: Language) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        _open(page, served, path, language)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{path} is {wider} px too wide at {width}"
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_the_keyboard_reaches_every_control_and_shows_where_it_is(page: Page, served: Served, path: str) -> None:
    _open(page, served, path)
    controls = page.evaluate(
        """() => { let n = 0;
        for (const node of document.querySelectorAll('a[href], button, input:not([type=hidden]), [tabindex="0"]'))
            if (node.checkVisibility({ visibilityProperty: true }) && !node.disabled)
                node.dataset.control = String(n++);
        return n; }"""
    )
    assert controls > 5
    seen: set[str] = set()
    for _ in range(controls + 2):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """() => { const node = document.activeElement; const look = getComputedStyle(node);
            return [node.dataset.control ?? '', look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0
                || look.boxShadow !== 'none' || look.backgroundColor === 'rgb(255, 221, 0)']; }"""
        )
        if told[0]:
            seen.add(told[0])
            assert told[1], f"nothing shows the focus on control {told[0]} of {path}"
    assert len(seen) == controls


def test_the_live_page_moves_the_car_and_announces_a_finding(page: Page, served: Served) -> None:
    served.track.fallen = 3
    _open(page, served, "/track")
    outline = page.locator("#car-outline")
    expect(outline).to_have_attribute("points", OUTLINE)
    before = outline.get_attribute("points")
    served.track.at_s += 3
    page.wait_for_function(
        "before => document.getElementById('car-outline').getAttribute('points') !== before", arg=before
    )
    expect(page.locator("[data-field=exercise]")).to_have_text("4. Snake")
    expect(page.locator("#map [data-element=light-crossroads]")).to_have_attribute("data-aspect", "green")
    expect(page.locator("#devices [data-device=track-north]")).to_contain_text("link lost 31 s")
    served.track.fallen = 4
    expect(page.locator("#findings .finding")).to_have_count(4)
    expect(page.locator("#announcer")).to_contain_text("Wheel over the line of the snake")
    expect(page.locator("#marks .mark")).to_have_count(3)
    served.track.fallen = 3


def test_the_finding_that_is_new_is_announced_not_the_one_that_may_still_pass(page: Page, served: Served) -> None:
    served.track.is_one_passing = True
    _open(page, served, "/track")
    expect(page.locator("#findings .finding")).to_have_count(4)
    served.track.fallen = 4
    expect(page.locator("#findings .finding")).to_have_count(5)
    expect(page.locator("#announcer")).to_contain_text("Wheel over the line of the snake")
    served.track.fallen, served.track.is_one_passing = 3, False


def test_an_old_place_does_not_look_like_a_sure_one(page: Page, served: Served) -> None:
    _open(page, served, "/track")
    expect(page.locator("[data-field=fix]")).to_be_hidden()
    served.track.pose_age_ms = 5000
    expect(page.locator("[data-field=fix]")).to_be_visible()
    expect(page.locator("#car")).to_have_class("is-vague")
    served.track.pose_age_ms = 60
    expect(page.locator("[data-field=fix]")).to_be_hidden()


def test_an_exam_that_is_not_scored_live_any_more_says_what_to_do(page: Page, served: Served) -> None:
    _open(page, served, "/track")
    expect(page.locator("[data-field=unscored]")).to_be_hidden()
    served.track.is_scored_live = False
    expect(page.locator("[data-field=unscored]")).to_contain_text("stop it when the drive is over")
    served.track.is_scored_live = True
    expect(page.locator("[data-field=unscored]")).to_be_hidden()


def test_the_break_panel_works_by_keyboard_and_keeps_the_focus(page: Page, served: Served) -> None:
    _open(page, served, "/track")
    page.locator("#fault-beam_silent").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fault-beam_silent")).to_have_text("Mend: Silence a beam")
    expect(page.locator("#fault-beam_silent")).to_be_focused()
    assert served.track.active == {"beam_silent"}
    page.keyboard.press("Enter")
    expect(page.locator("#fault-beam_silent")).to_have_text("Silence a beam")
    assert served.track.active == set()


def test_with_less_motion_wanted_the_car_jumps_and_is_not_drawn_between(page: Page, served: Served) -> None:
    page.emulate_media(reduced_motion="reduce")
    _open(page, served, "/track")
    expect(page.locator("#car-outline")).to_have_attribute("points", OUTLINE)
    before = page.locator("#car-outline").get_attribute("points")
    frames = page.evaluate(
        """async () => { const node = document.getElementById('car-outline'); let changes = 0;
        new MutationObserver(() => changes++).observe(node, { attributes: true });
        await new Promise(done => setTimeout(done, 500)); return changes; }"""
    )
    assert frames == 0  # the place is the same in every moment; drawn between, it would be some thirty
    served.track.at_s += 1.0
    try:
        page.wait_for_function(
            "points => document.getElementById('car-outline').getAttribute('points') !== points", arg=before
        )
    finally:
        served.track.at_s -= 1.0


def test_following_the_car_and_back_to_the_whole_track(page: Page, served: Served) -> None:
    _open(page, served, "/track")
    whole = page.locator("#map").get_attribute("viewBox")
    page.get_by_role("button", name="Follow the car").click()
    page.wait_for_function("whole => document.getElementById('map').getAttribute('viewBox') !== whole", arg=whole)
    page.get_by_role("button", name="Follow the car").click()
    expect(page.locator("#map")).to_have_attribute("viewBox", whole or "")


def test_a_chosen_finding_sets_map_close_up_and_plots_to_its_instant(page: Page, served: Served) -> None:
    _open(page, served, "/exams/failed")
    page.locator("[data-show='4']").click()
    expect(page.locator("#instant [data-field=title]")).to_have_text("4. Wheel over the line of the snake")
    expect(page.locator("#finding-4")).to_have_class("finding finding--fault is-shown")
    assert page.locator("#plots .uplot").count() == 4
    expect(page.locator("#drawing img")).to_be_visible()
    before = page.locator("#inset").get_attribute("viewBox")
    page.locator("#scrub").focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#instant [data-field=time]")).to_contain_text("(+2.00)")
    assert page.locator("#inset").get_attribute("viewBox") != before
    page.locator("[data-mark='2']").click()
    expect(page.locator("#instant [data-field=title]")).to_contain_text("2. Stopped more than 1.0 m")


def test_without_scripts_the_pages_still_tell_all(browser: Browser, served: Served) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{served.url}/exams/failed?lang=en")
        expect(page.locator("#finding-4 .finding__measure")).to_contain_text("63")
        page.goto(f"{served.url}/track?lang=en")
        page.locator("#fault-beam_silent").click()
        expect(page.locator("#fault-beam_silent")).to_have_text("Mend: Silence a beam")
        page.locator("#fault-beam_silent").click()


def test_a_broken_connection_is_told(page: Page) -> None:
    alone = Served(SampleTrack())
    _open(page, alone, "/track")
    expect(page.locator("#connection")).to_be_hidden()
    alone.stop()
    expect(page.locator("#connection")).to_be_visible()
