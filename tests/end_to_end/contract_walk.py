"""The walk of a contract: a firm sells to a person, everything is typed, and everybody is asked about."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.end_to_end.at_keyboard import AtKeyboard

COBALT = "XWBJA69V8CA999001"
BUYER = (
    ("iin", "980417900018"), ("family_name", "Сәрсенова"), ("given_name", "Айгерім"), ("born_on", "1998-04-17"),
    ("address", "Сарытау қ., Бәйтерек көшесі, 14-үй"), ("document_number", "999000001"),
    ("document_issued_on", "2021-05-21"), ("document_issued_by", "ІІМ"),
)  # fmt: skip
SELLER = (
    ("seller_firm_bin", "200190000017"), ("seller_firm_name", "«Жел-Транс» ЖШС"),
    ("seller_firm_registered_on", "2020-01-14"), ("seller_firm_address", "Сарытау қ., Өнеркәсіп аймағы, 2"),
    ("seller_iin", "751201900079"), ("seller_family_name", "Төреқұлова"), ("seller_given_name", "Гүлжаһан"),
    ("seller_born_on", "1975-12-01"), ("seller_address", "Сарытау қ., Теміржолшылар көшесі, 9-үй"),
    ("seller_document_number", "999000008"), ("seller_document_issued_on", "2022-08-19"),
    ("seller_document_issued_by", "ІІМ"), ("seller_mandate_issued_on", "2020-01-14"),
)  # fmt: skip


def opened(person: AtKeyboard, service: str) -> str:
    """Seller and buyer come together; what is left out is asked for at its side. The case's address."""
    page = person.page
    person.sign_in("Ақбота", "/desk")
    person.press("Alt+b")
    person.follow("button[name=other][value=contract]")
    person.follow("button[name=seller_other][value=firm]")
    person.tab_to(page.locator("#service"))
    services = page.locator("#service option").evaluate_all("options => options.map(one => one.value)")
    for _ in range(services.index(service)):
        page.keyboard.press("ArrowDown")
    for name, text in (("vin", COBALT), *BUYER, *SELLER[1:]):
        person.fill(name, text)
    person.press("Alt+s")
    expect(page.locator(".govuk-error-summary a")).to_have_attribute("href", "#seller_firm_bin")
    person.sees_no_barrier()
    person.fill(*SELLER[0])
    person.press("Alt+s", "**/cases/*-*")
    return page.url


def accepted(person: AtKeyboard) -> None:
    """Each agrees for themselves; one agreement that is missing is asked for, and then everybody is asked about."""
    page = person.page
    boxes = page.locator("form.doing input[type=checkbox]").evaluate_all("boxes => boxes.map(one => one.id)")
    for box in boxes[:-1]:
        person.tick(box)
    person.press("Alt+s")
    expect(page.locator(".govuk-error-summary a")).to_have_attribute("href", "#consent")
    person.sees_no_barrier()
    person.tick(boxes[-1])
    person.press("Alt+s")
    for register, count in (("persons", 2), ("firms", 1), ("pledged", 1)):
        answered = page.locator(f"[data-register={register}] .govuk-tag--green")
        expect(answered).to_have_count(count, timeout=20_000)
    person.sees_no_barrier()
    person.sign_out()
