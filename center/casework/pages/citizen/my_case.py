"""The citizen's own page: status by the code of the receipt, who read the data, a complaint, the survey.

The code comes by POST and stays in a short-lived cookie for these pages alone; no address ever holds it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import calendar_file, codes, fee_schedule
from center.casework.attempts import Attempts
from center.casework.feedback import answer_time
from center.casework.feedback.actions import complaining, surveying
from center.casework.fields import N_, BadFields, Fault
from center.casework.pages.citizen import code_cookies
from center.casework.pages.citizen.citizen_pages import CitizenPages, address_of
from center.casework.pages.citizen.code_cookies import CASE
from center.casework.pages.citizen.own_case import own_case
from center.casework.queue.hall import check_client_key
from center.casework.receipts.actions import following
from center.database import Transaction
from center.errors import BadRequest, Conflict, NotFound

PATH: Final = "/my"
_LOOKS: Final = "60/5minutes"
"""How often one address may show a code, right or wrong."""
_WAITS: Final = N_("Your complaints wait for an answer; this one was not sent. Send it when they are answered.")
_ANSWERED: Final = N_("The survey about this visit was answered already; these answers were not kept.")
Short = Annotated[str, Form(max_length=64)]
Work = Callable[[Transaction, str, str], None]
"""What is done with a case's id and its code."""


def add_to(router: APIRouter, pages: CitizenPages) -> None:
    """Add the routes."""
    page = _MyCase(pages)

    @router.get(PATH)
    def my(request: Request) -> Response:
        return page.show(request)

    @router.post(PATH)
    def enter(request: Request, code: Annotated[str, Form(max_length=200)] = "") -> Response:
        return page.enter(request, code)

    @router.post(f"{PATH}/leave")
    def leave(request: Request) -> Response:
        return code_cookies.forget(request, RedirectResponse(PATH, 303), CASE)

    @router.post(f"{PATH}/complaint")
    def complain(
        request: Request,
        client_key: Short,
        about: Short = "",
        text: Annotated[str, Form(max_length=20_000)] = "",
    ) -> Response:
        return page.complain(request, {"about": about, "text": text}, check_client_key(client_key))

    @router.post(f"{PATH}/survey")
    def survey(
        request: Request,
        availability: Short = "",
        quality: Short = "",
        timeliness: Short = "",
        courtesy: Short = "",
        appeals: Short = "",
        electronic_form: Short = "",
    ) -> Response:
        grades = (availability, quality, timeliness, courtesy, appeals, electronic_form)
        return page.survey(request, dict(zip(surveying.ASPECTS, grades, strict=True)))


class _MyCase:
    """What the routes do."""

    def __init__(self, pages: CitizenPages) -> None:
        self._pages = pages
        self._window = pages.window
        self._attempts = Attempts(_LOOKS)

    def enter(self, request: Request, typed: str) -> Response:
        """Look whether the code opens a case, and remember it for a quarter of an hour."""
        self._attempts.count(address_of(request))
        try:
            code = codes.normalised(typed)
            with self._window.database.reading() as transaction:
                following.case_of(transaction, code)
        except BadRequest:
            return self._ask(request, N_("A code has sixteen letters and digits, in four groups of four."))
        except NotFound:
            return self._ask(request, N_("There is no case with this code."))
        return code_cookies.keep(request, RedirectResponse(PATH, 303), CASE, code)

    def show(
        self,
        request: Request,
        given: Mapping[str, str] | None = None,
        error: BadFields | None = None,
        status: int = 400,
    ) -> Response:
        """The case of the code in the cookie; without one the form that asks for it."""
        code = request.cookies.get(CASE.name, "")
        if not code:
            return self._ask(request)
        self._attempts.count(address_of(request))
        try:
            with self._window.database.reading() as transaction:
                view = own_case(transaction, self._window, following.case_of(transaction, code), code)
        except (BadRequest, NotFound):
            return code_cookies.forget(request, self._ask(request), CASE)
        context: dict[str, Any] = {
            "view": view,
            "fees": fee_schedule.load().fees,
            "policies": {one.value: two for one, two in self._window.registers.client.policies.registers.items()},
            "given": given or {},
            "faults": self._pages.faults(request, error),
            "client_key": secrets.token_urlsafe(18),
        }
        return self._pages.page(request, "my_case", status if error else 200, **context)

    def complain(self, request: Request, given: dict[str, str], client_key: str) -> Response:
        """File a complaint about the case."""
        now, window = self._window.now(), self._window
        due_at = answer_time.due_at(calendar_file.load(), now, window.today())

        def work(transaction: Transaction, case_id: str, _code: str) -> None:
            complaining.file(
                transaction,
                window.vault,
                case_id,
                given,
                client_key=client_key,
                due_at=due_at,
                at=now,
                zone=window.zone,
            )

        return self._do(request, given, work, Fault("text", _WAITS))

    def survey(self, request: Request, given: dict[str, str]) -> Response:
        """Keep an answer to the survey."""

        def work(transaction: Transaction, case_id: str, code: str) -> None:
            service = own_case(transaction, self._window, case_id, code).service
            surveying.answer(transaction, code, service, given, self._window.today())

        return self._do(request, given, work, Fault("survey", _ANSWERED))

    def _do(self, request: Request, given: Mapping[str, str], work: Work, closed: Fault) -> Response:
        code = request.cookies.get(CASE.name, "")
        if not code:
            return RedirectResponse(PATH, 303)
        self._attempts.count(address_of(request))
        try:
            with self._window.database.writing() as transaction:
                work(transaction, following.case_of(transaction, code), code)
        except BadFields as error:
            return self.show(request, given, error)
        except Conflict:
            return self.show(request, given, BadFields([closed]), 409)
        return RedirectResponse(PATH, 303)

    def _ask(self, request: Request, fault: str = "") -> HTMLResponse:
        error = BadFields([Fault("code", fault)]) if fault else None
        return self._pages.page(request, "my", 400 if fault else 200, faults=self._pages.faults(request, error))
