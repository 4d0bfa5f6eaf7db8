"""Accounts: the list, one of them, a new one, and what one person may do alone: take powers away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.administration.shared import StaffPages, read_day
from center.casework.parties import iin as iins
from center.errors import N_, BadRequest, CenterError, NotFound
from center.people import details, queries
from center.people.actions import accounts, keys, requests
from center.people.persons import read_person, read_reason
from center.people.powers import Actor
from center.people.proposals import (
    AccountCreate,
    AccountUnlock,
    CertificateRecord,
    PasskeyEnrol,
    PasskeyReplace,
    PasswordReset,
    Proposal,
    RelativeWithdraw,
    RoleGrant,
)
from center.web.staff import StaffActor

Field = Annotated[str, Form(max_length=300)]
_BARE = {one.action: one for one in (PasskeyEnrol, PasskeyReplace, PasswordReset, AccountUnlock)}


def router(pages: StaffPages) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _add_list(routes, pages)
    _add_one(routes, pages)
    _add_taking_away(routes, pages)
    return routes


def _add_list(routes: APIRouter, pages: StaffPages) -> None:
    @routes.get("/administration")
    def everybody(request: Request, actor: StaffActor) -> HTMLResponse:
        office = pages.office
        with office.database.reading() as transaction:
            found = queries.accounts(transaction, office.powers, office.today)
            waiting = details.requests(transaction, waiting=True)
        may_create = office.powers.may(actor, "propose:account.create") is None
        return pages.page(request, "accounts", people=found, waiting=len(waiting), may_create=may_create)

    @routes.get("/administration/new")
    def new(request: Request) -> HTMLResponse:
        return pages.page(request, "new", given={})

    @routes.post("/administration/new")
    def propose(request: Request, actor: StaffActor, login: Field = "", name: Field = "", iin: Field = "") -> Response:
        try:
            person = read_person(login, name, iins.validate(iin))
            proposed = requests.propose(pages.office, actor, AccountCreate(person))
        except CenterError as error:
            given = {"login": login, "name": name, "iin": iin}
            return pages.page(request, "new", error.status, error=error, given=given)
        return pages.half(request, proposed.half or "", first=True)


def _add_one(routes: APIRouter, pages: StaffPages) -> None:
    @routes.get("/administration/accounts/{account_id}")
    def one(request: Request, actor: StaffActor, account_id: str) -> HTMLResponse:
        return _account_page(request, pages, actor, account_id)

    @routes.post("/administration/accounts/{account_id}/propose")
    def propose(
        request: Request,
        actor: StaffActor,
        account_id: str,
        action: Field = "",
        role: Field = "",
        issued_on: Field = "",
        expires_on: Field = "",
        relative: Field = "",
    ) -> Response:
        try:
            proposal = _proposal(pages, account_id, action, (role, issued_on, expires_on), relative)
            proposed = requests.propose(pages.office, actor, proposal)
        except NotFound:
            raise
        except CenterError as error:
            return _account_page(request, pages, actor, account_id, error)
        if proposed.half is not None:
            return pages.half(request, proposed.half, first=True, account_id=account_id)
        return RedirectResponse("/administration/proposals", 303)


def _add_taking_away(routes: APIRouter, pages: StaffPages) -> None:
    office = pages.office

    @routes.post("/administration/accounts/{account_id}/lock")
    def lock(request: Request, actor: StaffActor, account_id: str, reason: Field = "") -> Response:
        requests.refuse(office.powers.may(actor, "account.lock"))
        try:
            with office.database.writing() as transaction:
                accounts.lock(transaction, office, account_id, actor.account_id, read_reason(reason))
        except BadRequest as error:
            return _account_page(request, pages, actor, account_id, error)
        return _back(account_id)

    @routes.post("/administration/accounts/{account_id}/sign-out")
    def sign_out(actor: StaffActor, account_id: str) -> Response:
        requests.refuse(office.powers.may(actor, "account.sign_out"))
        with office.database.writing() as transaction:
            accounts.sign_out_everywhere(transaction, office, account_id, actor.account_id)
        return _back(account_id)

    @routes.post("/administration/accounts/{account_id}/revoke-role")
    def revoke_role(
        request: Request, actor: StaffActor, account_id: str, role: Field = "", reason: Field = ""
    ) -> Response:
        requests.refuse(office.powers.may(actor, "role.revoke"))
        try:
            with office.database.writing() as transaction:
                accounts.revoke_role(transaction, office, account_id, role, actor.account_id, read_reason(reason))
        except (BadRequest, NotFound) as error:
            return _account_page(request, pages, actor, account_id, error)
        return _back(account_id)

    @routes.post("/administration/accounts/{account_id}/revoke-passkey")
    def revoke_passkey(actor: StaffActor, account_id: str, passkey: Field = "") -> Response:
        requests.refuse(office.powers.may(actor, "passkey.revoke"))
        with office.database.writing() as transaction:
            if passkey not in {one.passkey_id for one in details.keys(transaction, account_id)}:
                raise NotFound("There is no such passkey in use.")
            keys.revoke(transaction, office, passkey, actor.account_id)
        return _back(account_id)


def _account_page(
    request: Request, pages: StaffPages, actor: Actor, account_id: str, error: CenterError | None = None
) -> HTMLResponse:
    office = pages.office
    with office.database.reading() as transaction:
        account = queries.account(transaction, office.powers, account_id, office.today)
        found = {
            "keys": details.keys(transaction, account_id),
            "relatives": details.relatives(transaction, account_id),
            "sessions": details.open_sessions(transaction, account_id),
            "waiting": details.requests(transaction, waiting=True, account_id=account_id),
        }
    return pages.page(
        request,
        "account",
        error.status if error else 200,
        error=error,
        account=account,
        proposable=pages.proposable(actor),
        may=set(office.powers.open_actions(actor)),
        roles=office.powers.roles,
        **found,
    )


def _proposal(pages: StaffPages, account_id: str, action: str, role: tuple[str, str, str], relative: str) -> Proposal:
    if action in _BARE:
        return _BARE[action](account_id)
    if action == RelativeWithdraw.action:
        return RelativeWithdraw(account_id, relative)
    if action not in (RoleGrant.action, CertificateRecord.action):
        raise BadRequest(N_("There is no such thing to propose."))
    name, issued_on, expires_on = role
    row = pages.office.powers.roles.get(name)
    if row is None:
        raise BadRequest(N_("Choose a role."))
    if not row.certificate and action == RoleGrant.action:
        return RoleGrant(account_id, name)
    dates = (
        read_day(issued_on, N_("The day of issue is no date.")),
        read_day(expires_on, N_("The day of expiry is no date.")),
    )
    return (RoleGrant if action == RoleGrant.action else CertificateRecord)(account_id, name, dates)


def _back(account_id: str) -> RedirectResponse:
    return RedirectResponse(f"/administration/accounts/{account_id}", 303)
