"""The work list of those who inspect and produce: cases by number, without anybody's name; and being on duty."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import work_lists
from center.casework.pages.staff.staff_pages import StaffPages
from center.casework.queue import draw_queries
from center.casework.queue.actions import duty
from center.casework.queue.hall import DUTY
from center.casework.work_lists import WorkItem
from center.errors import N_, BadRequest
from center.people.powers import Actor
from center.web.staff import StaffActor


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""

    @router.get("/work")
    def work(request: Request, actor: StaffActor) -> HTMLResponse:
        return pages.page(request, "work", **_work(pages, actor))

    @router.get("/work/changes")
    def changes(request: Request, actor: StaffActor, seen: str = "") -> Response:
        if _work(pages, actor)["seen"] == seen:
            return Response(status_code=204)
        return pages.page(request, "work_moved")

    @router.post("/work/duty")
    def set_duty(actor: StaffActor, on_duty: Annotated[str, Form(max_length=8)]) -> Response:
        if on_duty not in ("yes", "no"):
            raise BadRequest(N_("on_duty is yes or no, not '%(on_duty)s'."), on_duty=on_duty)
        duty.set_duty(pages.window.hall, actor, on_duty=on_duty == "yes")
        return RedirectResponse("/work", 303)


def _work(pages: StaffPages, actor: Actor) -> dict[str, Any]:
    window = pages.window
    can_be_drawn = window.powers.may(actor, DUTY) is None
    with window.database.reading() as transaction:
        in_hand = work_lists.in_hand(transaction, actor.account_id)
        queued = work_lists.queued(transaction, window.powers.usable_roles(actor))
        duties = draw_queries.duties(transaction, window.hall.day_began(window.now())) if can_be_drawn else {}
    return {
        "in_hand": in_hand,
        "to_draw": [one for one in queued if one.by_lot],
        "to_take": [one for one in queued if not one.by_lot],
        "can_be_drawn": can_be_drawn,
        "duty": duties.get(actor.account_id),
        "on_duty": sum(one.on_duty for one in duties.values()),
        "seen": _digest([*in_hand, *queued]),
    }


def _digest(items: Sequence[WorkItem]) -> str:
    """What stood in the lists, so that a page can ask whether they have changed."""
    told = ",".join(f"{one.case_id} {one.step} {one.holder_kind}" for one in items)
    return sha256(told.encode()).hexdigest()[:16]
