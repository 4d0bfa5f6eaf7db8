"""A draft from home to whoever holds its code: what was typed, a time, the fees, withdrawal. No register is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import calendar_file, fee_schedule
from center.casework.booking import queries as bookings
from center.casework.drafts.actions import at_home, paying
from center.casework.drafts.actions.at_home import Look
from center.casework.drafts.office import DraftOffice
from center.casework.drafts.tables import DraftState
from center.casework.fees import FeeDue, total_tenge
from center.casework.fields import N_, BadFields, Fault
from center.casework.pages.citizen import code_cookies
from center.casework.pages.citizen.apply import DRAFT
from center.casework.pages.citizen.citizen_pages import CitizenPages, address_of
from center.casework.payments import queries as payments
from center.casework.payments.callbacks import IntentState
from center.casework.payments.office import GatewaySilent
from center.casework.payments.queries import IntentFacts
from center.casework.services import Edition, Step
from center.errors import BadRequest, Conflict, NotFound

Short = Annotated[str, Form(max_length=64)]
_UNSETTLED: Final = (IntentState.REQUESTED, IntentState.OPEN)
_SEEN: Final = re.compile(r"([0-9a-f-]{36})=([a-z]+)", re.ASCII)
_NO_DRAFT: Final = N_("There is no draft with this code.")
_FULL: Final = N_("This time is full; choose another one.")
_NO_TIME: Final = N_("This time cannot be booked; choose one of the list.")
_SILENT: Final = N_("The payment gateway does not answer now. Nothing is lost: look again in a minute.")
_NOT_FROM_HOME: Final = N_("This cannot be paid from home now. You can pay at the centre.")


@dataclass(frozen=True, slots=True)
class StepFees:
    """What a step costs today, and the payment that stands for it."""

    step: Step
    dues: tuple[FeeDue, ...]
    payment: IntentFacts | None

    @property
    def tenge(self) -> int:
        """All of it."""
        return total_tenge(self.dues)


def add_to(router: APIRouter, pages: CitizenPages, office: DraftOffice) -> None:
    """Add the routes."""
    page = _Draft(pages, office)

    @router.get(DRAFT)
    def draft(request: Request, day: str = "") -> Response:
        return page.show(request, day)

    @router.get(f"{DRAFT}/fees")
    def fees(request: Request, seen: Annotated[str, Query(max_length=500)] = "") -> Response:
        return page.fees(request, seen)

    @router.post(DRAFT)
    def enter(request: Request, code: Annotated[str, Form(max_length=200)] = "") -> Response:
        return page.enter(request, code)

    @router.post(f"{DRAFT}/book")
    def book(request: Request, starts_at: Short = "") -> Response:
        return page.book(request, starts_at)

    @router.post(f"{DRAFT}/pay")
    def pay(request: Request, step: Short = "") -> Response:
        return page.pay(request, step)

    @router.post(f"{DRAFT}/withdraw")
    def withdraw(request: Request) -> Response:
        return page.withdraw(request)

    @router.post(f"{DRAFT}/leave")
    def leave(request: Request) -> Response:
        return code_cookies.forget(request, RedirectResponse(DRAFT, 303), code_cookies.DRAFT, code_cookies.FRESH)


class _Draft:
    """What the routes do."""

    def __init__(self, pages: CitizenPages, office: DraftOffice) -> None:
        self._pages = pages
        self._window = pages.window
        self._office = office

    def enter(self, request: Request, typed: str) -> Response:
        """Look whether the code opens a draft, and remember it for a quarter of an hour."""
        try:
            at_home.look(self._office, typed, address_of(request))
        except (BadRequest, NotFound):
            return self._ask(request, _NO_DRAFT)
        return code_cookies.keep(request, RedirectResponse(DRAFT, 303), code_cookies.DRAFT, typed)

    def show(
        self,
        request: Request,
        day: str,
        fault: Fault | None = None,
        status: int = 200,
        given: Mapping[str, str] | None = None,
    ) -> Response:
        """The draft of the code in the cookie, with the times that can be booked on a day."""
        code = request.cookies.get(code_cookies.DRAFT.name, "")
        if not code:
            return self._ask(request)
        try:
            look = at_home.look(self._office, code, address_of(request))
        except (BadRequest, NotFound):
            return code_cookies.forget(request, self._ask(request), code_cookies.DRAFT, code_cookies.FRESH)
        context: dict[str, Any] = {
            "look": look,
            **self._money(look),
            "given": given or {},
            "faults": self._pages.faults(request, BadFields([fault]) if fault else None),
            **self._times(look, day),
        }
        return self._pages.page(request, "apply_draft", status, **context)

    def fees(self, request: Request, seen: str) -> Response:
        """The fees anew once a payment that a page showed has moved on; until then nothing, and no code is looked at.

        An id that the page got tells of its own payment only: following it is no try of a code.
        """
        if not self._moved_on(seen):
            return Response(status_code=204)
        code = request.cookies.get(code_cookies.DRAFT.name, "")
        try:
            look = at_home.look(self._office, code, address_of(request))
        except (BadRequest, NotFound):
            return _reload()
        if look.facts.state != DraftState.OPEN:
            return _reload()
        return self._pages.page(request, "apply_draft_fees", look=look, faults=[], **self._money(look))

    def _moved_on(self, seen: str) -> bool:
        told = dict(_SEEN.findall(seen))
        with self._window.database.reading() as transaction:
            try:
                now = {intent_id: payments.intent(transaction, intent_id).state for intent_id in told}
            except NotFound:
                return False
        return now != told

    def book(self, request: Request, starts_at: str) -> Response:
        """Book a time; whoever was too late chooses another one on the same page."""
        code = request.cookies.get(code_cookies.DRAFT.name, "")
        if not code:
            return RedirectResponse(DRAFT, 303)
        told, day = {"starts_at": starts_at}, ""
        try:
            at = _instant(starts_at, self._window.now())
            day = at.astimezone(ZoneInfo(self._window.zone)).date().isoformat()
            at_home.book(self._office, calendar_file.load(), code, at, address_of(request))
        except Conflict:
            return self.show(request, day, Fault("starts_at", _FULL), 409, told)
        except BadRequest:
            return self.show(request, day, Fault("starts_at", _NO_TIME), 400, told)
        return RedirectResponse(DRAFT, 303)

    def pay(self, request: Request, step: str) -> Response:
        """Ask for the payment of a step's fees; the page then leads to the gateway."""
        code = request.cookies.get(code_cookies.DRAFT.name, "")
        if not code:
            return RedirectResponse(DRAFT, 303)
        back = f"{self._window.origin}{DRAFT}"
        try:
            paying.pay(self._office, self._window.payments, code, step, back, address_of(request))
        except GatewaySilent:
            return self.show(request, "", Fault("fees", _SILENT), 503)
        except Conflict:
            return self.show(request, "", Fault("fees", _NOT_FROM_HOME), 409)
        return RedirectResponse(f"{DRAFT}#fees", 303)

    def withdraw(self, request: Request) -> Response:
        """The draft is not wanted any more; one that is over already stays as it is."""
        code = request.cookies.get(code_cookies.DRAFT.name, "")
        if code:
            try:
                at_home.withdraw(self._office, code, address_of(request))
            except Conflict:
                return self.show(request, "", status=409)
        return RedirectResponse(DRAFT, 303)

    def _times(self, look: Look, day: str) -> dict[str, Any]:
        now, today = self._window.now(), self._window.today()
        policy = self._window.hall.policy(now)
        days = bookings.days(policy, today)
        chosen = next((one for one in days if one.isoformat() == day), days[0])
        line = policy.line_of(look.facts.service).id
        with self._window.database.reading() as transaction:
            slots = bookings.free_slots(transaction, policy, calendar_file.load(), line, chosen, now)
        return {"policy": policy, "days": days, "chosen": chosen, "slots": slots}

    def _money(self, look: Look) -> dict[str, Any]:
        edition = paying.edition_of(self._office, look.facts)
        fees = self._fees(edition, look)
        shown = [one.payment for one in fees if one.payment]
        return {
            "edition": edition,
            "fees": fees,
            "fee_titles": {name: fee.title for name, fee in fee_schedule.load().fees.items()},
            "seen": ",".join(f"{one.intent_id}={one.state}" for one in shown),
            "follows": any(one.state in _UNSETTLED for one in shown),
        }

    def _fees(self, edition: Edition, look: Look) -> list[StepFees]:
        newest = {one.purpose: one for one in look.payments}
        payable = paying.payable(edition, self._window.today())
        return [StepFees(edition.steps[step], dues, newest.get(step)) for step, dues in payable.items()]

    def _ask(self, request: Request, fault: str = "") -> HTMLResponse:
        error = BadFields([Fault("code", fault)]) if fault else None
        faults = self._pages.faults(request, error)
        return self._pages.page(request, "apply_enter", 400 if fault else 200, faults=faults)


def _reload() -> Response:
    """The page as a whole has to be asked for again: the draft is over, or its code is not remembered any more."""
    return Response(status_code=204, headers={"HX-Refresh": "true"})


def _instant(text: str, now: datetime) -> datetime:
    """A time that a page offered; raises :class:`BadRequest`."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(N_("Choose one of the times.")) from error
    if at.tzinfo is None or abs(at.year - now.year) > 1:
        raise BadRequest(N_("Choose one of the times."))
    return at
