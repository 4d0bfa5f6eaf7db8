"""Applying from home: the form that begins a draft, and its code, shown for some minutes. No register is asked."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import services_file
from center.casework.drafts.actions import at_home
from center.casework.drafts.actions.at_home import Beginning
from center.casework.drafts.office import DraftOffice
from center.casework.fields import BadFields, Fault, Fields
from center.casework.pages.citizen import code_cookies
from center.casework.pages.citizen.citizen_pages import CitizenPages, address_of
from center.casework.pages.staff.new_case import Filled, texts_of
from center.casework.pages.staff.parties_form import FIRM_FIELDS, PERSON_FIELDS
from center.casework.pages.staff.staff_pages import faults_of, told_faults
from center.casework.published.services import is_in_force
from center.casework.services import Edition
from center.errors import BadRequest, Conflict

DRAFT: Final = "/apply/draft"
_CODE: Final = f"{DRAFT}/code"
_KINDS: Final = ("person", "representative", "firm")


def add_to(router: APIRouter, pages: CitizenPages, office: DraftOffice) -> None:
    """Add the routes."""
    page = _Apply(pages, office)

    @router.get("/apply")
    def blank(request: Request, applicant: str = "person") -> Response:
        return page.form(request, {"applicant": applicant if applicant in _KINDS else "person", "citizenship": "KAZ"})

    @router.post("/apply")
    def begin(request: Request, form: Filled) -> Response:
        return page.begin(request, texts_of(form))

    @router.get(_CODE)
    def code(request: Request) -> Response:
        return page.code(request)


class _Apply:
    """What the routes do."""

    def __init__(self, pages: CitizenPages, office: DraftOffice) -> None:
        self._pages = pages
        self._window = pages.window
        self._office = office

    def form(
        self, request: Request, given: Mapping[str, str], status: int = 200, error: BadRequest | None = None
    ) -> HTMLResponse:
        """The form as far as it is filled in; sent twice, it begins one draft."""
        faults = told_faults(faults_of(error), self._pages.reader(request)) if error else []
        key = given.get("client_key", "")
        client_key = key if at_home.is_key(key) else secrets.token_urlsafe(24)
        context: dict[str, Any] = {"given": given, "faults": faults, "services": self._offered(), "kinds": _KINDS}
        return self._pages.page(request, "apply", status, client_key=client_key, **context)

    def begin(self, request: Request, given: dict[str, str]) -> Response:
        """Keep a draft, and go on to its code."""
        applicant = given.get("applicant", "")
        names = FIRM_FIELDS if applicant == "firm" else PERSON_FIELDS
        typed = {name: given[name] for name in names if name in given}
        shown = {**given, "applicant": applicant if applicant in _KINDS else "person"}
        try:
            chosen = Fields({"service": given.get("service", ""), "applicant": applicant})
            service = chosen.choice("service", [one.service for one in self._offered()])
            chosen.choice("applicant", _KINDS)
            chosen.finish()
            asked = Beginning(service, applicant, typed, given.get("client_key", ""))
            _, code = at_home.begin(self._office, asked, address_of(request))
        except Conflict as error:
            return self.form(request, shown, 409, BadFields([Fault("service", error.text, error.values)]))
        except BadRequest as error:
            return self.form(request, shown, 400, error)
        answer = RedirectResponse(_CODE, 303)
        code_cookies.keep(request, answer, code_cookies.DRAFT, code)
        code_cookies.keep(request, answer, code_cookies.FRESH, "yes")
        return answer

    def code(self, request: Request) -> Response:
        """The code, to be written down; afterwards there is only the draft."""
        code = request.cookies.get(code_cookies.DRAFT.name, "")
        if not code or code_cookies.FRESH.name not in request.cookies:
            return RedirectResponse(DRAFT, 303)
        return self._pages.page(request, "apply_code", code=code)

    def _offered(self) -> list[Edition]:
        services, today = services_file.load(), self._window.today()
        known = services.editions.items()
        editions = [services.on(name, today) for name, every in known if is_in_force(every, today)]
        return [one for one in editions if "home" in one.channels]
