"""The receipt that an applicant takes home: what was accepted, what comes next, where, when, and what it costs."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from center.casework import fee_schedule
from center.casework.pages.staff import case_view
from center.casework.pages.staff.staff_pages import StaffPages
from center.casework.receipts.actions import following
from center.people.powers import Actor
from center.web.staff import StaffActor


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""

    @router.get("/cases/{case_id}/receipt")
    def receipt(request: Request, actor: StaffActor, case_id: str) -> HTMLResponse:
        return _show(pages, request, actor, case_id)

    @router.post("/cases/{case_id}/receipt")
    def with_code(request: Request, actor: StaffActor, case_id: str) -> HTMLResponse:
        """The receipt with a fresh code, which is shown on this page and never again."""
        with pages.window.database.writing() as transaction:
            code = following.issue(transaction, actor, case_id, pages.window.now())
        return _show(pages, request, actor, case_id, code)


def _show(pages: StaffPages, request: Request, actor: Actor, case_id: str, code: str = "") -> HTMLResponse:
    with pages.window.database.reading() as transaction:
        view = case_view.view(transaction, pages.window, actor, case_id)
    language, fees = pages.reader(request).language, fee_schedule.load().fees
    may_issue = pages.window.powers.may(actor, "case.open") is None
    return pages.page(
        request, "receipt", view=view, code=code, may_issue=may_issue, fee_title=lambda fee: fees[fee].title[language]
    )
