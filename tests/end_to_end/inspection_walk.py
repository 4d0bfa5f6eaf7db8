"""The walk of an inspection: nobody chooses the inspector, not even the supervisor who has another one drawn."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.end_to_end.at_keyboard import AtKeyboard

REASON = "Виктор заболел во время осмотра."
PAPERS = ("documents", "documents-2", "consent", "consent-2")
NIVA = "XTA212140C9990002"
"""Its check digit does not fit, which nobody minds."""
ENGINE = "21214 0123456"
OWNER = (
    ("iin", "911123900032"), ("family_name", "Rivera"), ("given_name", "Tomás"), ("born_on", "1991-11-23"),
    ("address", "Сарытау қ., Ұлы дала даңғылы, 7-үй"), ("document_number", "999000003"),
    ("document_issued_on", "2018-09-01"), ("document_issued_by", "ІІМ"),
)  # fmt: skip


def accepted(person: AtKeyboard, service: str) -> str:
    """The papers are in, and the inspection waits for its draw: nobody is on duty."""
    page = person.page
    person.sign_in("Ақбота", "/desk")
    person.press("Alt+b")
    person.tab_to(page.locator("#service"))
    services = page.locator("#service option").evaluate_all("options => options.map(one => one.value)")
    for _ in range(services.index(service)):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#service")).to_have_value(service)
    for name, text in OWNER:
        person.fill(name, text)
    person.press("Alt+s")
    expect(page.locator(".govuk-error-summary a")).to_have_attribute("href", "#vin")
    person.fill("vin", NIVA.lower())
    person.press("Alt+s", "**/cases/*-*")
    for box in PAPERS:
        person.tick(box)
    person.press("Alt+s")
    expect(page.locator("[data-waits-for-draw=inspect]")).to_be_visible()
    for register in ("persons", "pledged"):
        expect(page.locator(f"[data-register={register}] .govuk-tag--green")).to_be_visible(timeout=20_000)
    person.sees_no_barrier()
    case = page.url
    person.sign_out()
    return case


def goes_on_duty(person: AtKeyboard, name: str) -> None:
    """An inspector who can be drawn from now on."""
    person.sign_in(name, "/work")
    person.press("Alt+d")
    expect(person.page.locator("#duty .govuk-tag--green")).to_be_visible()


def is_drawn(person: AtKeyboard) -> None:
    """The case comes by itself to the only one on duty, whose page follows."""
    expect(person.page.locator("table:has(#in-hand) a[data-key='1']")).to_be_visible(timeout=20_000)
    person.sees_no_barrier()
    person.sign_out()


def drawn_again(person: AtKeyboard, case: str) -> None:
    """The supervisor gives a reason, and no name."""
    page = person.page
    person.sign_in("Сәуле", "/board")
    page.goto(case)
    person.press("Alt+i")
    person.sees_no_barrier()
    expect(page.locator("form.doing select")).to_have_count(0)
    person.press("Alt+s")
    expect(page.locator(".govuk-error-summary a")).to_have_attribute("href", "#reason")
    person.sees_no_barrier()
    person.fill("reason", REASON)
    person.press("Alt+s")
    expect(page.locator("section .govuk-tag--green")).to_have_count(2)
    expect(page.locator("section").last).to_contain_text(REASON)
    person.sees_no_barrier()
    person.sign_out()


def inspected(person: AtKeyboard, name: str, case: str) -> None:
    """By whoever was drawn last, who does not learn whose vehicle it is."""
    page = person.page
    person.sign_in(name, "/work")
    person.press("Alt+1", case)
    assert "Rivera" not in page.content()
    assert NIVA not in page.content()
    person.tab_to(page.locator("#purpose"))
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    person.press("Alt+v")
    expect(page.locator(".vin")).to_have_text(NIVA)
    person.sees_no_barrier()
    person.press("Alt+h")
    for misread in ("", "XTA212140C9990003"):
        person.fill("unit_body", misread)
        person.press("Alt+s")
        expect(page.locator(".govuk-error-summary a")).to_have_attribute("href", "#unit_body")
        person.sees_no_barrier()
    person.fill("unit_body", NIVA.lower())
    person.fill("unit_engine", ENGINE)
    person.press("Alt+s")
    expect(page.locator("[data-step=inspect] .govuk-tag--green")).to_be_visible()
    expect(page.locator("[data-register=wanted] .govuk-tag--green")).to_be_visible(timeout=20_000)
    person.sign_out()


def act_made(person: AtKeyboard, case: str) -> None:
    """Whoever makes the act finds on it what the inspector read, and that there is no number of a chassis."""
    page = person.page
    person.sign_in("Гүлнәр", "/work")
    page.goto(case)
    person.press("Alt+t")
    person.press("Alt+v")
    for unit, number in (("body", NIVA), ("engine", ENGINE.replace(" ", ""))):
        expect(page.locator(f"[data-unit={unit}] .vin")).to_have_text(number)
    expect(page.locator("[data-unit=chassis] .vin")).to_have_count(0)
    person.sees_no_barrier()
    person.sign_out()
