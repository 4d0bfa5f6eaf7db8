"""The supervisor's hall: windows, lines, who sits where, and moving staff between desks when the load shifts."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework.fields import N_, BadFields, Fault
from center.casework.pages.staff.new_case import Filled
from center.casework.pages.staff.staff_pages import StaffPages, faults_of, told_faults
from center.casework.queue import board, queries
from center.casework.queue.actions import windows
from center.errors import BadRequest
from center.people import queries as people
from center.web.staff import StaffActor

_OPERATOR = "operator"
_NEW_WINDOW = 200


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""
    hall = pages.window.hall

    @router.get("/hall")
    def show(request: Request) -> HTMLResponse:
        return _page(pages, request)

    @router.post("/hall/moves")
    def move(request: Request, actor: StaffActor, form: Filled) -> Response:
        try:
            account, reason = str(form.get("account", "")), str(form.get("move_reason", ""))
            windows.move_staff(hall, actor, account, _number(form.get("to_window"), "to_window"), reason)
        except BadRequest as error:
            return _page(pages, request, error, given=form, renamed={"reason": "move_reason"})
        return RedirectResponse("/hall", 303)

    @router.post("/hall/windows")
    def set_up(request: Request, actor: StaffActor, form: Filled) -> Response:
        lines = [str(one) for one in form.getlist("lines")]
        try:
            number = _number(form.get("number"), "number")
            if not lines:
                raise BadFields([Fault("lines", N_("A window serves at least one line."))])
            windows.set_up(hall, actor, number, lines, str(form.get("reason", "")))
        except BadRequest as error:
            return _page(pages, request, error, given=form)
        return RedirectResponse("/hall", 303)


def _number(value: object, field: str) -> int:
    text = str(value or "").strip()
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:6]) <= _NEW_WINDOW:
        raise BadFields([Fault(field, N_("A window has a number from 1 to %(most)s."), {"most": _NEW_WINDOW})])
    return int(text)


def _page(
    pages: StaffPages,
    request: Request,
    error: BadRequest | None = None,
    *,
    given: object = None,
    renamed: dict[str, str] | None = None,
) -> HTMLResponse:
    window, now = pages.window, pages.window.now()
    policy = window.hall.policy(now)
    with window.database.reading() as transaction:
        told = {
            "windows": queries.windows(transaction),
            "lines": board.board(transaction, policy, now).lines,
            "hint": board.hint(transaction, policy, now),
            "accuracy": board.waits_accuracy(transaction, _day_ago(now), now),
            "moves": board.staff_moves(transaction, 20),
            "accounts": people.accounts_in_role(transaction, window.powers, _OPERATOR, window.today()),
        }
    faults = told_faults(faults_of(error), pages.reader(request)) if error else []
    for fault in faults:
        fault["field"] = (renamed or {}).get(fault["field"], fault["field"])
    return pages.page(
        request, "hall", 400 if error else 200, faults=faults, given=given or {}, policy=policy, **told
    )  # fmt: skip


def _day_ago(now: datetime) -> datetime:
    return now - timedelta(days=1)
