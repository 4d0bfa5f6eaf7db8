"""For the police alone: vehicles that the list of wanted ones knows, and what is done about each."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from center.casework.pages.staff.data_rows import answer_rows
from center.casework.pages.staff.new_case import Filled
from center.casework.pages.staff.staff_pages import StaffPages, faults_of, told_faults
from center.casework.registers.actions import alerts
from center.errors import BadRequest, CenterError, Conflict
from center.people.powers import Actor
from center.web.staff import StaffActor, signed_in

PATH = "/alerts"


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""
    window = pages.window

    @router.get(PATH)
    def listed(request: Request, actor: StaffActor) -> Response:
        with window.database.reading() as transaction:
            waiting, done = alerts.waiting(transaction, actor), alerts.acknowledged(transaction, actor)
        return pages.page(request, "alerts", waiting=waiting, done=done)

    @router.get(f"{PATH}/{{alert_id}}")
    def one(request: Request, actor: StaffActor, alert_id: str) -> Response:
        return _show(pages, request, actor, alert_id)

    @router.post(f"{PATH}/{{alert_id}}")
    def acknowledge(request: Request, actor: StaffActor, alert_id: str, form: Filled) -> Response:
        try:
            alerts.acknowledge(window.registers, alert_id, actor, {"note": str(form.get("note", ""))})
        except (BadRequest, Conflict) as error:
            return _show(pages, request, actor, alert_id, form, error)
        return RedirectResponse(PATH, 303)


def count_of(pages: StaffPages, request: Request) -> int:
    """How many alerts wait for whoever asks: shown to the police beside the door of this page."""
    person = signed_in(request)
    if person is None:
        return 0
    with pages.window.database.reading() as transaction:
        return len(alerts.waiting(transaction, person.actor))


def _show(
    pages: StaffPages,
    request: Request,
    actor: Actor,
    alert_id: str,
    form: FormData | None = None,
    error: CenterError | None = None,
) -> Response:
    seen = alerts.see(pages.window.registers, alert_id, actor)
    reader = pages.reader(request)
    faults = told_faults(faults_of(error), reader) if isinstance(error, BadRequest) else []
    rows = answer_rows(seen.answer, reader.translate) if seen.answer is not None else []
    return pages.page(
        request, "alert", error.status if error else 200, seen=seen, rows=rows, given=form or {}, faults=faults,
        conflict=isinstance(error, Conflict),
    )  # fmt: skip
