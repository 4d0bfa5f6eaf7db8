"""From a case's page: a scan that does not count, with the reason that the applicant reads."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from center.casework.case import CaseStatus
from center.casework.documents.actions import removing
from center.casework.documents.office import DocumentOffice
from center.casework.documents.tables import ScanState
from center.casework.pages.staff import case_view, cases
from center.casework.pages.staff.new_case import Filled
from center.casework.pages.staff.staff_pages import StaffPages, faults_of, told_faults
from center.casework.permission import facts_of
from center.errors import N_, BadRequest, Conflict, NotFound
from center.people.powers import Actor
from center.web.staff import StaffActor

_POWER = "document.refuse"


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""
    window = pages.window
    office = DocumentOffice(window.database, window.vault, window.scans, window.now)

    @router.get("/cases/{case_id}/refused-scans/{scan_id}")
    def ask(request: Request, actor: StaffActor, case_id: str, scan_id: str) -> Response:
        return _form(pages, request, actor, case_id, scan_id)

    @router.post("/cases/{case_id}/refused-scans/{scan_id}")
    def refuse(request: Request, actor: StaffActor, case_id: str, scan_id: str, form: Filled) -> Response:
        given, key = {"reason": str(form.get("reason", ""))}, str(form.get("client_key", ""))
        try:
            removing.refuse(office, actor, case_id, scan_id, key, given)
        except Conflict as error:
            return cases.show(pages, request, actor, case_id, status=409, refusal=error)
        except BadRequest as error:
            return _form(pages, request, actor, case_id, scan_id, form, error)
        return RedirectResponse(f"/cases/{case_id}", 303)


def _form(
    pages: StaffPages,
    request: Request,
    actor: Actor,
    case_id: str,
    scan_id: str,
    form: FormData | None = None,
    error: BadRequest | None = None,
) -> Response:
    with pages.window.database.reading() as transaction:
        view = case_view.view(transaction, pages.window, actor, case_id)
    scan = next((one for one in view.scans if one.scan_id == scan_id), None)
    if scan is None:
        raise NotFound("There is no such scan in this case.")
    refusal = pages.window.powers.may(actor, _POWER, CaseStatus.OPEN, facts_of(view.state))
    if refusal is not None:
        raise refusal.error()
    if scan.state is not ScanState.KEPT or not view.can(_POWER):
        told = Conflict(N_("This scan counts no more, or the case is not under way."))
        return cases.show(pages, request, actor, case_id, status=409, refusal=told)
    faults = told_faults(faults_of(error), pages.reader(request)) if error else []
    return pages.page(
        request, "refuse_scan", 400 if error else 200, view=view, scan=scan, given=form or {}, faults=faults
    )
