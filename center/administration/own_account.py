"""Everybody's own page: roles, keys, sessions, a new password, relatives to declare."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.administration.shared import StaffPages
from center.casework.parties import iin as iins
from center.errors import CenterError
from center.people import details, queries
from center.people.actions import accounts, own_password, relatives, requests
from center.people.sessions import SignedIn
from center.web.staff import StaffSession, drop_token

Text = Annotated[str, Form(max_length=512)]


def router(pages: StaffPages) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    office = pages.office

    @routes.get("/me")
    def me(request: Request, person: StaffSession, done: str = "") -> HTMLResponse:
        return _page(request, pages, person, done=done)

    @routes.post("/me/sign-out-everywhere")
    def sign_out_everywhere(request: Request, person: StaffSession) -> Response:
        with office.database.writing() as transaction:
            accounts.sign_out_everywhere(transaction, office, person.account_id, person.account_id)
        response = RedirectResponse("/sign-in", 303)
        drop_token(request, response)
        return response

    @routes.post("/me/password")
    def password(
        request: Request, person: StaffSession, current: Text = "", new: Text = "", again: Text = ""
    ) -> Response:
        try:
            own_password.change(office, person, current, new, again)
        except CenterError as error:
            return _page(request, pages, person, error=error)
        return RedirectResponse("/me?done=password", 303)

    @routes.post("/me/relatives")
    def declare(request: Request, person: StaffSession, iin: Text = "") -> Response:
        requests.refuse(office.powers.may(person.actor, "relative.declare"))
        try:
            with office.database.writing() as transaction:
                relatives.declare(transaction, office, person.account_id, iins.validate(iin))
        except CenterError as error:
            return _page(request, pages, person, error=error)
        return RedirectResponse("/me?done=relative", 303)

    return routes


def _page(
    request: Request, pages: StaffPages, person: SignedIn, *, error: CenterError | None = None, done: str = ""
) -> HTMLResponse:
    office = pages.office
    with office.database.reading() as transaction:
        account = queries.account(transaction, office.powers, person.account_id, office.today)
        keys = details.keys(transaction, person.account_id)
        declared = details.relatives(transaction, person.account_id)
        sessions = details.open_sessions(transaction, person.account_id)
    usable = office.powers.usable_roles(person.actor)
    return pages.page(
        request,
        "me",
        error.status if error else 200,
        error=error,
        done=done,
        account=account,
        keys=keys,
        relatives=declared,
        sessions=sessions,
        usable=usable,
        may_declare=office.powers.may(person.actor, "relative.declare") is None,
    )
