"""At the operator's window: opening it, calling people, serving them, sending them on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from center.casework.pages.staff import desk
from center.casework.pages.staff.staff_pages import StaffPages
from center.casework.queue.actions import calling, windows
from center.casework.queue.hall import Hall
from center.errors import N_, BadRequest, NotFound
from center.people.powers import Actor
from center.web.staff import StaffActor

Word = Annotated[str, Form(max_length=40)]
_VISITS: Final[Mapping[str, Callable[[Hall, Actor, str], object]]] = {
    "start": calling.start,
    "without-priority": partial(calling.start, priority_shown=False),
    "again": calling.call_again,
    "absent": calling.give_up,
    "finish": calling.finish,
}


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes; each goes back to the desk."""
    hall = pages.window.hall

    @router.post("/desk/window")
    def window(actor: StaffActor, what: Word, number: Annotated[int, Form()] = 0) -> Response:
        _set_window(hall, actor, what, number)
        return _back()

    @router.post("/desk/call")
    def call(actor: StaffActor, client_key: Annotated[str, Form(max_length=64)]) -> Response:
        calling.call_next(hall, actor, client_key=client_key)
        return _back()

    @router.post("/desk/return")
    def bring_back(request: Request, actor: StaffActor, ticket: Word = "") -> Response:
        try:
            calling.bring_back(hall, actor, ticket)
        except (BadRequest, NotFound) as error:
            return desk.show(pages, request, actor, status=400, error=error)
        return _back()

    @router.post("/desk/visits/{leg_id}/{what}")
    def visit(actor: StaffActor, leg_id: str, what: str, line: Word = "") -> Response:
        if what == "send-on":
            calling.hand_over(hall, actor, leg_id, line)
        elif what in _VISITS:
            _VISITS[what](hall, actor, leg_id)
        else:
            raise NotFound("There is no such action of a window.")
        return _back()


def _set_window(hall: Hall, actor: Actor, what: str, number: int) -> None:
    if what == "open":
        windows.open_window(hall, actor, number)
    elif what == "pause":
        windows.pause(hall, actor)
    elif what == "close":
        windows.close(hall, actor)
    else:
        raise BadRequest(N_("A window is opened, paused or closed; '%(what)s' is none of these."), what=what)


def _back() -> Response:
    return RedirectResponse("/desk", 303)
