"""Applying from home: a draft under a code that is shown once, a booked time, withdrawal. No register is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import calendar_file, services_file
from center.casework.booking import queries as bookings
from center.casework.drafts.actions import at_home
from center.casework.drafts.office import DraftOffice
from center.casework.fields import N_, BadFields, Fault, Fields
from center.casework.pages.citizen.citizen_pages import CitizenPages, address_of
from center.casework.pages.staff.new_case import FIRM_FIELDS, PERSON_FIELDS, Filled, texts_of
from center.casework.pages.staff.staff_pages import faults_of, told_faults
from center.casework.published.services import is_in_force
from center.casework.services import Edition
from center.errors import BadRequest, NotFound

PATH: Final = "/apply/draft"
COOKIE: Final = "draft_code"
_KEPT_S: Final = 15 * 60
_KINDS: Final = ("person", "representative", "firm")


def add_to(router: APIRouter, pages: CitizenPages) -> None:
    """Add the routes."""
    page = _Apply(pages)

    @router.get("/apply")
    def blank(request: Request, applicant: str = "person") -> Response:
        return page.form(request, {"applicant": applicant if applicant in _KINDS else "person", "citizenship": "KAZ"})

    @router.post("/apply")
    def begin(request: Request, form: Filled) -> Response:
        return page.begin(request, texts_of(form))

    @router.get(PATH)
    def draft(request: Request, day: str = "") -> Response:
        return page.show(request, day)

    @router.post(PATH)
    def enter(request: Request, code: Annotated[str, Form(max_length=200)] = "") -> Response:
        return page.enter(request, code)

    @router.post(f"{PATH}/book")
    def book(request: Request, starts_at: Annotated[str, Form(max_length=40)] = "") -> Response:
        return page.book(request, starts_at)

    @router.post(f"{PATH}/withdraw")
    def withdraw(request: Request) -> Response:
        return page.withdraw(request)

    @router.post(f"{PATH}/leave")
    def leave(request: Request) -> Response:
        return _with_code(request, RedirectResponse(PATH, 303), "")


class _Apply:
    """What the routes do."""

    def __init__(self, pages: CitizenPages) -> None:
        self._pages = pages
        self._window = pages.window
        self._office = DraftOffice(pages.window.hall, pages.window.vault)

    def form(self, request: Request, given: Mapping[str, str], error: BadRequest | None = None) -> HTMLResponse:
        """The form as far as it is filled in."""
        faults = told_faults(faults_of(error), self._pages.reader(request)) if error else []
        context: dict[str, Any] = {"given": given, "faults": faults, "services": self._offered(), "kinds": _KINDS}
        return self._pages.page(request, "apply", 400 if error else 200, **context)

    def begin(self, request: Request, given: dict[str, str]) -> Response:
        """Keep a draft, and show its code this once."""
        applicant = given.get("applicant", "")
        names = FIRM_FIELDS if applicant == "firm" else PERSON_FIELDS
        typed = {name: given[name] for name in names if name in given}
        try:
            chosen = Fields({"service": given.get("service", ""), "applicant": applicant})
            service = chosen.choice("service", [one.service for one in self._offered()])
            chosen.choice("applicant", _KINDS)
            chosen.finish()
            _, code = at_home.begin(self._office, service, applicant, typed, address_of(request))
        except BadRequest as error:
            kind = applicant if applicant in _KINDS else "person"
            return self.form(request, {**given, "applicant": kind}, error)
        return _with_code(request, self._pages.page(request, "apply_code", code=code), code)

    def enter(self, request: Request, typed: str) -> Response:
        """Look whether the code opens a draft, and remember it for a quarter of an hour."""
        try:
            at_home.look(self._office, typed, address_of(request))
        except (BadRequest, NotFound):
            return self._ask(request, N_("There is no draft with this code."))
        return _with_code(request, RedirectResponse(PATH, 303), typed)

    def show(self, request: Request, day: str) -> Response:
        """The draft of the code in the cookie, with the times that can be booked on a day."""
        code = request.cookies.get(COOKIE, "")
        if not code:
            return self._ask(request)
        try:
            look = at_home.look(self._office, code, address_of(request))
        except (BadRequest, NotFound):
            return _with_code(request, self._ask(request), "")
        now, today = self._window.now(), self._window.today()
        policy = self._window.hall.policy(now)
        days = bookings.days(policy, today)
        chosen = next((one for one in days if one.isoformat() == day), days[0])
        line = policy.line_of(look.facts.service).id
        with self._window.database.reading() as transaction:
            slots = bookings.free_slots(transaction, policy, calendar_file.load(), line, chosen, now)
        edition = services_file.load().on(look.facts.service, self._day_of(look.facts.begun_at))
        context: dict[str, Any] = {"look": look, "edition": edition, "days": days, "chosen": chosen, "slots": slots}
        return self._pages.page(request, "apply_draft", **context)

    def book(self, request: Request, starts_at: str) -> Response:
        """Book a time."""
        if code := request.cookies.get(COOKIE, ""):
            at = _instant(starts_at, self._window.now())
            at_home.book(self._office, calendar_file.load(), code, at, address_of(request))
        return RedirectResponse(PATH, 303)

    def withdraw(self, request: Request) -> Response:
        """The draft is not wanted any more."""
        if code := request.cookies.get(COOKIE, ""):
            at_home.withdraw(self._office, code, address_of(request))
        return RedirectResponse(PATH, 303)

    def _ask(self, request: Request, fault: str = "") -> HTMLResponse:
        error = BadFields([Fault("code", fault)]) if fault else None
        faults = self._pages.faults(request, error)
        return self._pages.page(request, "apply_enter", 400 if fault else 200, faults=faults)

    def _offered(self) -> list[Edition]:
        services, today = services_file.load(), self._window.today()
        known = services.editions.items()
        editions = [services.on(name, today) for name, every in known if is_in_force(every, today)]
        return [one for one in editions if "home" in one.channels]

    def _day_of(self, at: datetime) -> date:
        return self._window.hall.today(at)


def _instant(text: str, now: datetime) -> datetime:
    """A time that a page offered; raises :class:`BadRequest`."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest("Choose one of the times.") from error
    if at.tzinfo is None or abs(at.year - now.year) > 1:
        raise BadRequest("Choose one of the times.")
    return at


def _with_code(request: Request, response: Response, code: str) -> Response:
    """Have the browser keep a code for these pages; empty: forget it."""
    secure = request.url.scheme == "https"
    kept_s = _KEPT_S if code else 0
    response.set_cookie(
        COOKIE, code, max_age=kept_s, path="/apply", secure=secure, httponly=True, samesite="strict"
    )  # fmt: skip
    return response
