"""The receipt that an applicant takes home: what was accepted, what comes next, where, when, and what it costs."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from center.casework import fee_schedule
from center.casework.pages.staff import case_view
from center.casework.pages.staff.staff_pages import StaffPages
from center.web.staff import StaffActor


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""

    @router.get("/cases/{case_id}/receipt")
    def receipt(request: Request, actor: StaffActor, case_id: str) -> HTMLResponse:
        with pages.window.database.reading() as transaction:
            view = case_view.view(transaction, pages.window, actor, case_id)
        language, fees = pages.reader(request).language, fee_schedule.load().fees
        return pages.page(request, "receipt", view=view, fee_title=lambda fee: fees[fee].title[language])
