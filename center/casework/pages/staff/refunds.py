"""For the supervisor, else the safety officer: money that an operator proposes to give back, confirmed or declined."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from center.casework import permission
from center.casework import queries as case_queries
from center.casework.fields import Fields
from center.casework.pages.staff.new_case import Filled
from center.casework.pages.staff.staff_pages import StaffPages, faults_of, told_faults
from center.casework.payments import queries
from center.casework.payments.actions import proposing_refunds
from center.casework.payments.confirmers import CONFIRM, confirmers
from center.errors import BadRequest, CenterError, Conflict
from center.people.powers import Actor
from center.web.staff import StaffActor, signed_in

PATH = "/refunds"
_LONGEST_REASON = 500


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""
    window, office = pages.window, pages.window.payments

    @router.get(PATH)
    def listed(request: Request, actor: StaffActor) -> Response:
        with window.database.reading() as transaction:
            waiting = [
                (one, case_queries.case_row(transaction, one.case_id).number)
                for one in queries.proposed_refunds(transaction)
            ]
            lies_with = confirmers(transaction, window.powers, {one.case_id for one, _ in waiting}, window.today())
        mine = {case_id for case_id, one in lies_with.items() if one.may(window.powers, actor)}
        return pages.page(request, "refunds", waiting=waiting, lies_with=lies_with, mine=mine)

    @router.get(f"{PATH}/{{refund_id}}")
    def one(request: Request, actor: StaffActor, refund_id: str) -> Response:
        return _show(pages, request, actor, refund_id)

    @router.post(f"{PATH}/{{refund_id}}/confirm")
    def confirm(request: Request, actor: StaffActor, refund_id: str) -> Response:
        try:
            proposing_refunds.confirm(office, actor, refund_id)
        except Conflict as error:
            return _show(pages, request, actor, refund_id, error=error)
        return RedirectResponse(PATH, 303)

    @router.post(f"{PATH}/{{refund_id}}/decline")
    def decline(request: Request, actor: StaffActor, refund_id: str, form: Filled) -> Response:
        try:
            proposing_refunds.decline(office, actor, refund_id, _reason(form))
        except (BadRequest, Conflict) as error:
            return _show(pages, request, actor, refund_id, form, error)
        return RedirectResponse(PATH, 303)


def count_of(pages: StaffPages, request: Request) -> int:
    """How many refunds wait that whoever asks may confirm or decline."""
    person, window = signed_in(request), pages.window
    if person is None:
        return 0
    with window.database.reading() as transaction:
        waiting = [one.case_id for one in queries.proposed_refunds(transaction)]
        lies_with = confirmers(transaction, window.powers, set(waiting), window.today()) if waiting else {}
    return sum(lies_with[case_id].may(window.powers, person.actor) for case_id in waiting)


def _reason(form: FormData) -> str:
    fields = Fields({"reason": str(form.get("reason", ""))})
    reason = fields.reason("reason", at_most=_LONGEST_REASON)
    fields.finish()
    return reason


def _show(
    pages: StaffPages,
    request: Request,
    actor: Actor,
    refund_id: str,
    form: FormData | None = None,
    error: CenterError | None = None,
) -> Response:
    window = pages.window
    with window.database.reading() as transaction:
        refund = queries.refund(transaction, refund_id)
        row, payments = case_queries.case_row(transaction, refund.case_id), queries.of_case(transaction, refund.case_id)
        facts = permission.facts_of(case_queries.case_state(transaction, refund.case_id))
        (lies_with,) = confirmers(transaction, window.powers, [refund.case_id], window.today()).values()
    may_decide = window.powers.may(actor, CONFIRM, facts=facts) is None and lies_with.may(window.powers, actor)
    faults = told_faults(faults_of(error), pages.reader(request)) if error else []
    return pages.page(
        request, "refund", error.status if error else 200, refund=refund, payments=payments, row=row,
        lies_with=lies_with, may_decide=may_decide, given=form or {}, faults=faults,
        may_see_case=window.powers.may(actor, "case.view") is None,
    )  # fmt: skip
