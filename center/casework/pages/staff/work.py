"""The work list of those who inspect and produce: cases by number, without anybody's name."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from center.casework import work_lists
from center.casework.pages.staff.staff_pages import StaffPages
from center.web.staff import StaffActor


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""
    window = pages.window

    @router.get("/work")
    def work(request: Request, actor: StaffActor) -> HTMLResponse:
        with window.database.reading() as transaction:
            in_hand = work_lists.in_hand(transaction, actor.account_id)
            queued = work_lists.queued(transaction, window.powers.usable_roles(actor))
        return pages.page(request, "work", in_hand=in_hand, queued=queued)
