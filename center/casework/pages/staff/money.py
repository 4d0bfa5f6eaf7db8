"""From a case's page: a payment that is not to be paid any more, and a proposal to give money back."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from center.casework import permission
from center.casework.fields import Fields
from center.casework.pages.staff import case_view, cases
from center.casework.pages.staff.case_view import CaseView
from center.casework.pages.staff.new_case import Filled
from center.casework.pages.staff.staff_pages import StaffPages, faults_of, told_faults
from center.casework.payments.actions import asking, proposing_refunds
from center.casework.payments.actions.refunding import REASONS, RefundOrder
from center.casework.payments.callbacks import IntentState
from center.casework.payments.office import GatewaySilent
from center.casework.payments.queries import IntentFacts
from center.casework.queue.hall import check_client_key
from center.errors import N_, BadRequest, Conflict, NotFound
from center.people.powers import Actor
from center.web.staff import StaffActor


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""
    office = pages.window.payments

    @router.post("/cases/{case_id}/payments/{payment_id}/cancel")
    def cancel(request: Request, actor: StaffActor, case_id: str, payment_id: str) -> Response:
        _, payment = _found(pages, actor, case_id, payment_id)
        try:
            asking.cancel(office, payment.intent_id, who=actor)
        except (Conflict, GatewaySilent) as error:
            return cases.show(pages, request, actor, case_id, status=error.status, refusal=error)
        return RedirectResponse(f"/cases/{case_id}", 303)

    @router.get("/cases/{case_id}/payments/{payment_id}/refund")
    def ask(request: Request, actor: StaffActor, case_id: str, payment_id: str) -> Response:
        return _form(pages, request, actor, case_id, payment_id)

    @router.post("/cases/{case_id}/payments/{payment_id}/refund")
    def propose(request: Request, actor: StaffActor, case_id: str, payment_id: str, form: Filled) -> Response:
        _, payment = _found(pages, actor, case_id, payment_id)
        try:
            proposing_refunds.propose(office, _order(form, payment, actor))
        except Conflict as error:
            return cases.show(pages, request, actor, case_id, status=409, refusal=error)
        except BadRequest as error:
            return _form(pages, request, actor, case_id, payment_id, form, error)
        return RedirectResponse(f"/cases/{case_id}", 303)


def left_of(payment: IntentFacts) -> int:
    """How many tenge of a payment can still be given back."""
    return payment.amount_tenge - payment.refunded_tenge if payment.state is IntentState.PAID else 0


def _order(form: FormData, payment: IntentFacts, actor: Actor) -> RefundOrder:
    fields = Fields({name: str(form.get(name, "")) for name in ("amount_tenge", "refund_reason")})
    amount = fields.whole("amount_tenge", most=max(1, left_of(payment)))
    reason = fields.choice("refund_reason", REASONS)
    fields.finish()
    key = check_client_key(str(form.get("client_key", "")))
    return RefundOrder(payment.intent_id, amount, reason, key, actor)


def _found(pages: StaffPages, actor: Actor, case_id: str, payment_id: str) -> tuple[CaseView, IntentFacts]:
    with pages.window.database.reading() as transaction:
        view = case_view.view(transaction, pages.window, actor, case_id)
    payment = next((one for one in view.payments if one.intent_id == payment_id), None)
    if payment is None:
        raise NotFound("There is no such payment in this case.")
    return view, payment


def _form(
    pages: StaffPages,
    request: Request,
    actor: Actor,
    case_id: str,
    payment_id: str,
    form: FormData | None = None,
    error: BadRequest | None = None,
) -> Response:
    view, payment = _found(pages, actor, case_id, payment_id)
    facts = permission.facts_of(view.state)
    refusal = pages.window.powers.may(actor, "propose:fee.refund", view.state.status, facts)
    if refusal is not None:
        raise refusal.error()
    left = left_of(payment)
    if not left:
        told = Conflict(N_("Nothing is left of this payment that could be given back."))
        return cases.show(pages, request, actor, case_id, status=409, refusal=told)
    faults = told_faults(faults_of(error), pages.reader(request)) if error else []
    given = form if form is not None else {"amount_tenge": str(left)}
    return pages.page(
        request, "propose_refund", 400 if error else 200, view=view, payment=payment, left=left, given=given,
        faults=faults, reasons=REASONS,
    )  # fmt: skip
