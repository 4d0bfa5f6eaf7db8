"""For the supervisor, else the auditor: what citizens complain about, until when it is answered, and the answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from center.casework import queries as case_queries
from center.casework.feedback import queries
from center.casework.feedback.actions import complaining
from center.casework.feedback.answerers import answerers
from center.casework.pages.staff.new_case import Filled
from center.casework.pages.staff.staff_pages import StaffPages, faults_of, told_faults
from center.errors import BadRequest, CenterError, Conflict
from center.people.powers import Actor
from center.web.staff import StaffActor, signed_in

PATH = "/complaints"


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""
    window = pages.window

    @router.get(PATH)
    def listed(request: Request, actor: StaffActor) -> Response:
        with window.database.reading() as transaction:
            waiting, answered = queries.waiting(transaction), queries.answered(transaction)
            cases = {one.case_id for one in (*waiting, *answered)}
            lies_with = answerers(transaction, window.powers, cases, window.today())
        mine = {case_id for case_id, one in lies_with.items() if one.may(window.powers, actor)}
        return pages.page(
            request, "complaints", waiting=waiting, answered=answered, lies_with=lies_with, mine=mine
        )  # fmt: skip

    @router.get(f"{PATH}/{{complaint_id}}")
    def one(request: Request, actor: StaffActor, complaint_id: str) -> Response:
        return _show(pages, request, actor, complaint_id)

    @router.post(f"{PATH}/{{complaint_id}}")
    def answer(request: Request, actor: StaffActor, complaint_id: str, form: Filled) -> Response:
        given = {name: str(form.get(name, "")) for name in ("outcome", "answer")}
        try:
            with window.database.writing() as transaction:
                complaining.answer(transaction, window.vault, actor, complaint_id, given, window.now())
        except (BadRequest, Conflict) as error:
            return _show(pages, request, actor, complaint_id, form, error)
        return RedirectResponse(PATH, 303)


def count_of(pages: StaffPages, request: Request) -> int:
    """How many complaints wait that whoever asks may answer."""
    person, window = signed_in(request), pages.window
    if person is None:
        return 0
    with window.database.reading() as transaction:
        waiting = queries.cases_waiting(transaction)
        lies_with = answerers(transaction, window.powers, set(waiting), window.today()) if waiting else {}
    return sum(lies_with[case_id].may(window.powers, person.actor) for case_id in waiting)


def _show(
    pages: StaffPages,
    request: Request,
    actor: Actor,
    complaint_id: str,
    form: FormData | None = None,
    error: CenterError | None = None,
) -> Response:
    window = pages.window
    with window.database.reading() as transaction:
        told = complaining.to_answer(transaction, window.vault, actor, complaint_id, window.now())
        number = case_queries.case_row(transaction, told.case_id).number
    faults = told_faults(faults_of(error), pages.reader(request)) if error else []
    return pages.page(
        request, "complaint", error.status if error else 200, complaint=told, number=number, given=form or {},
        faults=faults,
    )  # fmt: skip
