"""A case's page, and the actions that are taken from it."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import board_queries, fee_schedule, holders, permission, queries
from center.casework.actions.acting import act
from center.casework.commands import CaseCommand
from center.casework.one_window import OneWindow
from center.casework.pages.staff import (
    action_forms,
    agreeing,
    case_now,
    case_view,
    following,
    handing_over,
    reading_units,
    signing,
)
from center.casework.pages.staff.case_view import CaseView
from center.casework.pages.staff.new_case import Filled
from center.casework.pages.staff.staff_pages import StaffPages, faults_of, told_faults
from center.casework.parties import kept
from center.casework.parties.kept import PartyFacts
from center.errors import N_, BadRequest, CenterError, Conflict, NotFound
from center.people.powers import Actor
from center.web.staff import StaffActor

_DATA_ROLES = frozenset({"operator"})
"""Who meets applicants and so sees their names where they hold a step; others ask for the data, and that is noted."""
OTHER_KEYS: Final = {
    "step.explain": "X",
    "step.reassign": "M",
    "case.correct": "C",
    "case.refuse": "K",
    "case.withdraw": "W",
    "case.suspend": "Z",
    "case.resume": "Y",
    "blank.spoil": "O",
}


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""

    @router.get("/cases/{case_id}")
    def case(request: Request, actor: StaffActor, case_id: str) -> HTMLResponse:
        return show(pages, request, actor, case_id)

    @router.get("/cases/{case_id}/changes")
    def changes(request: Request, case_id: str, since: int = 0) -> Response:
        with pages.window.database.reading() as transaction:
            row = queries.case_row(transaction, case_id)
        if row.last_ordinal <= since:
            return Response(status_code=204)
        return pages.page(request, "case_moved", case_id=row.id)

    @router.get("/cases/{case_id}/actions/{kind}")
    def form(request: Request, actor: StaffActor, case_id: str, kind: str) -> HTMLResponse:
        return _form(pages, request, actor, case_id, kind)

    @router.post("/cases/{case_id}/actions")
    def take(request: Request, actor: StaffActor, case_id: str, form: Filled) -> Response:
        try:
            return _act(pages, actor, case_id, form)
        except Conflict as error:
            return show(pages, request, actor, case_id, status=409, refusal=error)
        except BadRequest as error:
            kind = str(form.get("kind", ""))
            if action_forms.FIELDS.get(kind):
                return _form(pages, request, actor, case_id, kind, form=form, error=error)
            return show(pages, request, actor, case_id, status=400, error=error, form=form)


def show(
    pages: StaffPages,
    request: Request,
    actor: Actor,
    case_id: str,
    *,
    status: int = 200,
    error: BadRequest | None = None,
    refusal: CenterError | None = None,
    form: FormData | None = None,
) -> HTMLResponse:
    """The page, with what was wrong, or why something could not be done any more."""
    with pages.window.database.reading() as transaction:
        view = case_view.view(transaction, pages.window, actor, case_id)
        delays = board_queries.delays(transaction, view.edition, view.state, pages.window.now())
    reader = pages.reader(request)
    faults = told_faults(faults_of(error), reader) if error else []
    roles = pages.window.powers.usable_roles(actor)
    fees = fee_schedule.load().fees
    language = reader.language

    def may(action: str) -> bool:
        return pages.window.powers.may(actor, action, view.state.status, permission.facts_of(view.state)) is None

    parties = _shown_parties(pages, actor, view)
    return pages.page(
        request, "case", status, view=view, faults=faults, refusal=reader.refusal(refusal) if refusal else "",
        given=_given(form), parties=parties, receivers=handing_over.people(parties), home=home_of(roles),
        other_keys=OTHER_KEYS, delays=delays, may=may,
        late=_is_late(pages, view), fee_title=lambda fee: fees[fee].title[language],
        is_police="police_inspector" in roles, may_see_data=may("register.show") and view.mine,
    )  # fmt: skip


def home_of(roles: frozenset[str]) -> str:
    """Where somebody's lists are."""
    if "operator" in roles:
        return "/desk"
    return "/work" if roles & {"police_inspector", "document_issuer"} else "/board"


def _is_late(pages: StaffPages, view: CaseView) -> bool:
    step = view.completable
    due = next((row.due_at for row in view.steps if step is not None and row.step.id == step.id), None)
    return due is not None and due < pages.window.now()


def _given(form: FormData | None) -> dict[str, Any]:
    """What was filled in before it was refused."""
    if form is None:
        return {"documents": [], "consent": []}
    several = {name: form.getlist(name) for name in ("documents", "consent")}
    return {**{name: value for name, value in form.items() if isinstance(value, str)}, **several}


def _shown_parties(pages: StaffPages, actor: Actor, view: CaseView) -> list[PartyFacts]:
    if not view.mine or not pages.window.powers.usable_roles(actor) & _DATA_ROLES:
        return []
    with pages.window.database.reading() as transaction:
        return [one for one in kept.parties(transaction, pages.window.vault, view.row.id) if one.kept is not None]


def _act(pages: StaffPages, actor: Actor, case_id: str, form: FormData) -> Response:
    window = pages.window
    kind, step = str(form.get("kind", "")), str(form.get("step", "")) or None
    key = str(form.get("client_key", ""))
    if kind == "step.complete":
        payload = _completion(window, case_id, step, form)
    elif kind in action_forms.FIELDS:
        payload = action_forms.payload_of(kind, form)
    else:
        raise BadRequest(N_("'%(kind)s' is no action that a case's page offers."), kind=kind[:64])
    with window.database.writing() as transaction:
        act(transaction, actor, CaseCommand(kind, key, case_id, step, payload), window.now())
    task = BackgroundTask(following.ask_outside, window, actor, case_id) if kind == "step.complete" else None
    return RedirectResponse(f"/cases/{case_id}", 303, background=task)


def _completion(window: OneWindow, case_id: str, step_id: str | None, form: FormData) -> dict[str, Any]:
    with window.database.reading() as transaction:
        case = case_now.read(transaction, case_id)
    step = case.edition.step(step_id)
    payload = action_forms.completion_of(form, case.edition, case.state, step)
    if "consent" in step.needs:
        agreeing.require_right(window, case)
    if step.reads:
        payload |= reading_units.units_of(window, case, step, form)
    if "signature" in step.needs:
        payload |= handing_over.receiver_of(window, case, form)
        payload |= signing.signature_of(window, case, step, form)
    return payload


def _form(
    pages: StaffPages,
    request: Request,
    actor: Actor,
    case_id: str,
    kind: str,
    *,
    form: FormData | None = None,
    error: BadRequest | None = None,
) -> HTMLResponse:
    if not action_forms.FIELDS.get(kind):
        raise NotFound("There is no such action.")
    window = pages.window
    with window.database.reading() as transaction:
        view = case_view.view(transaction, window, actor, case_id)
        steps = [one.step for one in view.open_actions if one.kind == kind]
        if not steps:
            refused = permission.refusal(window.powers, view.edition, view.state, actor, kind, _any_step(view, kind))
            raise refused or Conflict(N_("This is not open now."))
        accounts = _accounts(pages, transaction, view, steps) if kind == "step.reassign" else []
    faults = told_faults(faults_of(error), pages.reader(request)) if error else []
    return pages.page(
        request, "action", 400 if error else 200, view=view, kind=kind, steps=steps, given=_given(form),
        faults=faults, names=action_forms.FIELDS[kind], accounts=accounts,
    )  # fmt: skip


def _any_step(view: CaseView, kind: str) -> str | None:
    if kind.startswith("step.") or kind == "case.correct":
        return next((row.step.id for row in view.steps if row.status == "open"), view.steps[0].step.id)
    return None


def _accounts(pages: StaffPages, transaction: Any, view: CaseView, steps: list[str | None]) -> list[str]:
    """Who may be given one of these steps and could complete it."""
    window, today = pages.window, pages.window.today()
    found = {
        account
        for step in steps
        for account in holders.who_may_hold(transaction, window.powers, view.state, view.edition.step(step), today)
    }
    return sorted(found, key=window.names.of)
