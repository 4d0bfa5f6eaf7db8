"""The board in the hall: who is called to which window, for everybody to see and hear."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from center.casework.pages.staff.staff_pages import StaffPages
from center.casework.queue.board import Board, board


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""
    window = pages.window

    def now() -> Board:
        at = window.now()
        with window.database.reading() as transaction:
            return board(transaction, window.hall.policy(at), at)

    @router.get("/queue/board")
    def display(request: Request) -> HTMLResponse:
        return pages.page(request, "display", board=now())

    @router.get("/queue/board/now")
    def rows(request: Request) -> HTMLResponse:
        return pages.page(request, "display_now", board=now())
