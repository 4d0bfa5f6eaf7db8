"""How a case's inspector was drawn, for whoever checks it; and another draw, by the supervisor and with a reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import queries
from center.casework.case import CaseState, HolderKind
from center.casework.pages.staff import cases
from center.casework.pages.staff.staff_pages import StaffPages, faults_of, told_faults
from center.casework.permission import facts_of
from center.casework.queue import draw_queries
from center.casework.queue.actions import assigning
from center.casework.queue.actions.assigning import AnotherDraw
from center.casework.queue.hall import DRAW_AGAIN
from center.errors import BadRequest, Conflict
from center.people.powers import Actor
from center.web.staff import StaffActor


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""

    @router.get("/cases/{case_id}/draws")
    def draws(request: Request, actor: StaffActor, case_id: str) -> HTMLResponse:
        return _show(pages, request, actor, case_id)

    @router.post("/cases/{case_id}/draws")
    def draw_again(
        request: Request,
        actor: StaffActor,
        case_id: str,
        step: Annotated[str, Form(max_length=64)],
        client_key: Annotated[str, Form(min_length=16, max_length=64)],
        reason: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        try:
            assigning.draw_again(pages.window.hall, actor, AnotherDraw(case_id, step, reason, client_key))
        except BadRequest as error:
            return _show(pages, request, actor, case_id, error=error, given={"reason": reason})
        except Conflict as error:
            return cases.show(pages, request, actor, case_id, status=409, refusal=error)
        return RedirectResponse(f"/cases/{case_id}/draws", 303)


def _show(
    pages: StaffPages,
    request: Request,
    actor: Actor,
    case_id: str,
    *,
    error: BadRequest | None = None,
    given: dict[str, str] | None = None,
) -> HTMLResponse:
    window = pages.window
    with window.database.reading() as transaction:
        row = queries.case_row(transaction, case_id)
        state = queries.case_state(transaction, row.id)
        found = draw_queries.draws(transaction, row.id)
    edition = queries.edition_of(row)
    faults = told_faults(faults_of(error), pages.reader(request)) if error else []
    return pages.page(
        request, "draws", 400 if error else 200, row=row, edition=edition, draws=found, faults=faults,
        given=given or {}, steps=_steps_to_draw_again(pages, actor, state, {one.step for one in found}),
    )  # fmt: skip


def _steps_to_draw_again(pages: StaffPages, actor: Actor, state: CaseState, drawn: set[str]) -> list[str]:
    """Steps in somebody's hands for which this person could have another one drawn."""
    if pages.window.powers.may(actor, DRAW_AGAIN, state.status, facts_of(state)) is not None:
        return []
    held = {step: state.holder_of(step) for step in drawn if state.status == "open"}
    return sorted(step for step, holder in held.items() if holder is not None and holder.kind is HolderKind.PERSON)
