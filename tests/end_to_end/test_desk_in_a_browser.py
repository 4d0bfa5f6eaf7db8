"""What an operator does on a case's page beside its steps, in a real browser by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from center.casework import queries
from center.casework.actions.acting import act
from center.casework.documents.actions import receiving
from center.casework.documents.actions.receiving import Received
from center.casework.documents.office import DocumentOffice
from center.casework.documents.store import ScanStore
from center.casework.feedback.actions import complaining
from center.casework.registers.actions.asking import ask
from center.people import queries as people
from center.people.powers import Actor, Strength
from center.web.languages import Language
from simulators import portrait
from tests.center.casework.documents.sample_scans import picture
from tests.center.casework.pages.staff.served import ServedCentre
from tests.center.casework.registers.inquiries import WANTED, vehicle
from tests.center.casework.sample_cases import command
from tests.end_to_end.at_keyboard import AtKeyboard
from tests.sampling import sample
from tests.services.chromium import started_browser
from tests.services.outside_systems import OutsideSystem

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]
PHOTOGRAPH = Path(__file__).parents[1] / "center" / "casework" / "portrait" / "photograph.jpg"
LANGUAGE = sample(list(Language), 1, name="the language of the desk's walk")


def _before_the_camera() -> bytes:
    """A frame of a wide camera with somebody before a wall."""
    wall = portrait.blank(1920, 1080)
    seen = portrait.draw(portrait.LOOKS["aigerim"], portrait.blank(810, 1080))
    wall[:, 555:1365] = portrait.photographed(seen)
    return portrait.jpeg(wall)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with a camera before which somebody sits."""
    film = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    film.write_bytes(_before_the_camera() * 2)
    with started_browser(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ) as started:
        yield started


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, _gateway: OutsideSystem, _registers: OutsideSystem
) -> Iterator[ServedCentre]:
    for system in (_gateway, _registers):
        system.ready()
    started = ServedCentre(tmp_path_factory.mktemp("centre"), _gateway, _registers)
    yield started
    started.stop()


def _actor(served: ServedCentre, login: str, role: str) -> Actor:
    office = served.office
    with served.centre.database.reading() as transaction:
        accounts = people.accounts(transaction, office.powers, office.today)
    account = next(one for one in accounts if one.login == login)
    return Actor(account.account_id, frozenset({role}), Strength.PASSKEY)


def _opened(served: ServedCentre, service: str) -> str:
    """A case whose first step the operator holds; its id."""
    operator, now = _actor(served, "akbota", "operator"), served.centre.clock.now()
    with served.centre.database.writing() as transaction:
        state = act(transaction, operator, command("case.open", service=service), now)
        act(transaction, operator, command("step.take", state.case_id, "accept"), now)
    return state.case_id


@pytest.mark.parametrize("language", LANGUAGE, ids=str)
def test_a_portrait_is_taken_judged_in_words_taken_again_and_accepted(
    page: Page, served: ServedCentre, language: Language
) -> None:
    case_id = _opened(served, "exam_card")
    page.on("filechooser", lambda _: None)
    person = AtKeyboard(page, served.url, language)
    person.sign_in("Ақбота", "/desk")
    page.goto(f"{served.url}/cases/{case_id}")
    person.tick("documents")
    person.tick("consent")
    person.press("Alt+s")  # the service waits for the portrait, and what was ticked stays
    expect(page.locator(".govuk-error-summary a")).to_have_attribute("href", "#portrait")
    expect(page.locator("#documents")).to_be_checked()
    _chooses(page, person, portrait.jpeg(portrait.draw(portrait.LOOKS["denis"], portrait.blank(), size=0.5)))
    expect(page.locator("#portrait-told .govuk-tag--red")).to_have_count(1)
    expect(page.locator("#portrait-told .govuk-error-message")).to_be_visible()
    expect(page.locator("#portrait-told [data-key=I]")).to_have_count(0)
    person.sees_no_barrier()
    page.keyboard.press("Alt+j")
    expect(page.locator("[data-live]")).to_be_visible()
    expect(page.locator("[data-take]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#portrait-told [data-key=I]")).to_be_visible()
    expect(page.locator("[data-taken]")).to_be_visible()
    expect(page.locator("#portrait-told .govuk-tag--red")).to_have_count(0)
    page.evaluate(_HOLD_THE_CAMERA)
    page.keyboard.press("Alt+j")  # the camera again: the picture before is not taken in by mistake
    expect(page.locator("#portrait-told [data-key=I]")).to_have_count(0)
    _chooses(page, person, PHOTOGRAPH.read_bytes())
    expect(page.locator("#portrait-told [data-key=I]")).to_be_visible()
    page.wait_for_function("() => window.openTheCamera")
    page.evaluate("window.openTheCamera()")  # too late: the file that was chosen meanwhile stays
    expect(page.locator("[data-taken]")).to_be_visible()
    expect(page.locator("[data-live]")).to_be_hidden()
    person.press("Alt+i", f"**/cases/{case_id}")
    expect(page.locator(".portrait .govuk-tag--green")).to_be_visible()
    shown = page.request.get(f"{served.url}{page.locator('.portrait a[data-key=E]').get_attribute('href')}")
    kept = cv2.imdecode(np.frombuffer(shown.body(), np.uint8), cv2.IMREAD_COLOR)
    asked = cv2.imread(str(PHOTOGRAPH))
    assert kept is not None
    assert asked is not None
    assert kept.shape == asked.shape
    person.tick("documents")
    person.tick("consent")
    person.press("Alt+s")
    expect(page.locator("[data-step=accept] .govuk-tag--green")).to_be_visible()
    with served.centre.database.reading() as transaction:
        assert queries.case_state(transaction, case_id).documents == {"identity", "portrait"}


_HOLD_THE_CAMERA = """() => {
  const media = navigator.mediaDevices, ask = media.getUserMedia.bind(media);
  media.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    await new Promise(go => { window.openTheCamera = async () => {
      go();
      while (stream.getTracks().some(one => one.readyState === "live")) await new Promise(requestAnimationFrame);
    }; });
    return stream;
  };
}"""
"""The camera opens when it is told to; that it is closed again is waited for."""


def _chooses(page: Page, person: AtKeyboard, picture: bytes) -> None:
    """A file by the keyboard, and the question whether it will do."""
    person.tab_to(page.locator("#portrait"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files({"name": "picture.jpg", "mimeType": "image/jpeg", "buffer": picture})
    expect(page.locator("[data-taken]")).to_be_visible()
    page.keyboard.press("Alt+g")


@pytest.mark.parametrize("language", LANGUAGE, ids=str)
def test_a_scan_is_refused_a_payment_cancelled_and_money_given_back(
    page: Page, served: ServedCentre, language: Language
) -> None:
    case_id = _opened(served, "records_certificate")
    operator = _actor(served, "akbota", "operator")
    office = DocumentOffice(
        served.centre.database, served.centre.vault, ScanStore(served.settings.data / "scans"), served.centre.clock.now
    )
    receiving.receive(office, operator, Received(case_id, "identity", "scan-of-the-desk-0001", picture()))
    person = AtKeyboard(page, served.url, language)
    person.sign_in("Ақбота", "/desk")
    page.goto(f"{served.url}/cases/{case_id}")
    person.follow("[data-refuse]", "**/refused-scans/*")
    person.fill("reason", "Тым аз")
    person.press("Alt+s")  # too short a reason: what was typed stays
    expect(page.locator(".govuk-error-summary a")).to_have_attribute("href", "#reason")
    expect(page.locator("#reason")).to_have_value("Тым аз")
    person.sees_no_barrier()
    person.fill("reason", "Оқылмайды: құжаттың екі жағын да сканерлеңіз.")
    person.press("Alt+s", f"**/cases/{case_id}")
    expect(page.locator(".scan .govuk-tag--red")).to_be_visible()
    expect(page.locator("#documents")).not_to_be_checked()
    person.tick("documents")
    person.tick("consent")
    person.press("Alt+s")
    expect(page.locator("[data-key=D]")).to_be_visible(timeout=20_000)
    page.wait_for_load_state()  # it came by itself, and its keys with it
    person.press("Alt+d", f"**/cases/{case_id}")
    expect(page.locator("[data-key=D]")).to_have_count(0)
    person.press("Alt+p")  # and asked for anew
    expect(page.locator("a[data-key=P]")).to_be_visible()
    person.press("Alt+p", "**/pay/*")
    person.tab_to(page.locator("button"))
    person.press("Enter")
    page.goto(f"{served.url}/cases/{case_id}")
    expect(page.locator("[data-step=pay] .govuk-tag--green")).to_be_visible(timeout=20_000)
    page.wait_for_load_state()
    _proposes_a_refund(person, case_id)
    person.sign_out()
    _confirms_the_refund(person)
    page.goto(f"{served.url}/cases/{case_id}")
    expect(page.locator("[data-key=I]")).to_have_count(0)  # who confirms proposes nothing


@pytest.mark.parametrize("language", LANGUAGE, ids=str)
def test_an_alert_is_seen_and_acknowledged_by_the_police(page: Page, served: ServedCentre, language: Language) -> None:
    _finds_a_wanted_vehicle(served)
    person = AtKeyboard(page, served.url, language)
    person.sign_in("Виктор", "/")
    expect(page.locator(".door .govuk-tag--red")).to_contain_text("1")
    person.sees_no_barrier()
    person.follow(".door a[href='/alerts']", "**/alerts")
    person.sees_no_barrier()
    person.press("Alt+1", "**/alerts/*")
    expect(page.locator("main")).to_contain_text("KUI-99-000417")
    person.fill("note", "Ұсталды")
    person.press("Alt+s")
    expect(page.locator(".govuk-error-summary a")).to_have_attribute("href", "#note")
    expect(page.locator("#note")).to_have_value("Ұсталды")
    person.sees_no_barrier()
    person.fill("note", "Көлік алаңда ұсталды, кезекшіге хабарланды.")
    person.press("Alt+s", "**/alerts")
    expect(page.locator("nav a[href='/alerts']")).not_to_contain_text("1")
    expect(page.locator("#done")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGE, ids=str)
def test_a_complaint_is_answered_by_the_supervisor(page: Page, served: ServedCentre, language: Language) -> None:
    case_id, now = _opened(served, "records_certificate"), served.centre.clock.now()
    given = {"about": "delay", "text": "I waited for three hours.\n<b>Three!</b>"}
    with served.centre.database.writing() as transaction:
        complaining.file(
            transaction, served.centre.vault, case_id, given, client_key="complaint-of-the-desk", due_at=now, at=now,
            zone="Asia/Almaty",
        )  # fmt: skip
    person = AtKeyboard(page, served.url, language)
    person.sign_in("Сәуле", "/complaints")
    expect(page.locator("nav a[href='/complaints']")).to_contain_text("1")
    person.sees_no_barrier()
    person.press("Alt+1", "**/complaints/*")
    expect(page.locator(".prewrap")).to_contain_text("<b>Three!</b>")
    person.fill("answer", "Кешіріңіз, кезек ұзақ болды.")
    person.press("Alt+s")
    expect(page.locator(".govuk-error-summary a")).to_have_attribute("href", "#outcome")
    expect(page.locator("#answer")).to_have_value("Кешіріңіз, кезек ұзақ болды.")
    person.sees_no_barrier()
    page.locator("#outcome").select_option("upheld")
    person.press("Alt+s", "**/complaints")
    expect(page.locator("nav a[href='/complaints']")).not_to_contain_text("1")
    with served.centre.database.reading() as transaction:
        (told,) = complaining.complaints(transaction, served.centre.vault, case_id)
    assert (told.upheld, told.answer) == ("upheld", "Кешіріңіз, кезек ұзақ болды.")


def _finds_a_wanted_vehicle(served: ServedCentre) -> None:
    """In a case of its own; asked in another thread, for in this one Playwright's event loop counts as running."""
    office = served.centre.registers
    inquiry = vehicle(office, WANTED, case_id=_opened(served, "records_certificate"))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(ask, office, inquiry).result()


def _proposes_a_refund(person: AtKeyboard, case_id: str) -> None:
    page = person.page
    person.press("Alt+i", "**/refund")
    person.fill("amount_tenge", "1000000")
    person.press("Alt+s")
    assert page.locator(".govuk-error-summary a").count() == 2
    expect(page.locator("#amount_tenge")).to_have_value("1000000")
    person.sees_no_barrier()
    person.fill("amount_tenge", "81")
    page.locator("#refund_reason").select_option("paid_in_error")
    person.press("Alt+s", f"**/cases/{case_id}")
    expect(page.locator("main")).to_contain_text("81")
    expect(page.locator("[data-key=I]")).to_be_visible()


def _confirms_the_refund(person: AtKeyboard) -> None:
    page = person.page
    person.sign_in("Сәуле", "/refunds")
    expect(page.locator("nav a[href='/refunds']")).to_contain_text("1")
    person.sees_no_barrier()
    person.press("Alt+1", "**/refunds/*")
    person.press("Alt+d")
    expect(page.locator(".govuk-error-summary a")).to_have_attribute("href", "#reason")
    person.sees_no_barrier()
    person.press("Alt+s", "**/refunds")
    expect(page.locator("nav a[href='/refunds']")).not_to_contain_text("1")
