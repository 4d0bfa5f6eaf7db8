"""What waits for a second person: to confirm, to decline, to take back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.administration.shared import StaffPages
from center.errors import CenterError, NotFound
from center.people import details
from center.people.actions import requests
from center.people.actions.accounts import NAME
from center.people.details import RequestFacts
from center.people.persons import read_reason
from center.people.powers import Actor
from center.web.staff import StaffActor


def router(pages: StaffPages) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get("/administration/proposals")
    def everything(request: Request, actor: StaffActor) -> HTMLResponse:
        return _page(request, pages, actor)

    @routes.post("/administration/proposals/{request_id}/confirm")
    def confirm(request: Request, actor: StaffActor, request_id: str) -> Response:
        try:
            confirmed = requests.confirm(pages.office, actor, request_id)
        except NotFound:
            raise
        except CenterError as error:
            return _page(request, pages, actor, error)
        if confirmed.half is not None:
            return pages.half(request, confirmed.half, first=False, account_id=confirmed.account_id)
        return RedirectResponse("/administration/proposals", 303)

    @routes.post("/administration/proposals/{request_id}/decline")
    def decline(
        request: Request, actor: StaffActor, request_id: str, reason: Annotated[str, Form(max_length=600)] = ""
    ) -> Response:
        try:
            requests.decline(pages.office, actor, request_id, read_reason(reason))
        except NotFound:
            raise
        except CenterError as error:
            return _page(request, pages, actor, error)
        return RedirectResponse("/administration/proposals", 303)

    return routes


def _page(request: Request, pages: StaffPages, actor: Actor, error: CenterError | None = None) -> HTMLResponse:
    office = pages.office
    requests.expire_old(office)
    with office.database.reading() as transaction:
        waiting = details.requests(transaction, waiting=True)
        decided = details.requests(transaction, waiting=False)
    shown = [
        (
            one,
            _about(pages, one),
            requests.may_decide(office, actor, one.action, one.proposer_id, one.account_id) is None,
            one.proposer_id == actor.account_id,
        )
        for one in waiting
    ]
    return pages.page(
        request,
        "proposals",
        error.status if error else 200,
        error=error,
        waiting=shown,
        decided=[(one, _about(pages, one)) for one in decided],
    )


def _about(pages: StaffPages, proposal: RequestFacts) -> str:
    """The person that a proposal is about."""
    login = str(proposal.details.get("login", ""))
    if proposal.account_id is not None:
        return pages.names.of(proposal.account_id, login or proposal.account_id)
    return pages.office.vault.reveal(requests.vault_subject(proposal.request_id)).get(NAME, login)
