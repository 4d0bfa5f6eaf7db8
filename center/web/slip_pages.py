"""Where a slip with two codes is used: a password is set, a passkey enrolled, without being signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, FastAPI, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from center.errors import BadRequest, CenterError, TooOften
from center.people.actions import sign_in, ways_in
from center.people.actions.ways_in import SlipCode
from center.people.office import Office
from center.people.passkeys import LONGEST_ANSWER, read_answer
from center.web.languages import N_
from center.web.sign_in import machine_of
from center.web.templating import Web

Code = Annotated[str, Form(max_length=64)]
_WRONG = N_("Name and codes do not belong together, or the slip has expired or is used up.")
_UNALIKE = N_("The new password was not typed the same way twice.")
_OFTEN = N_("Too many sign-ins from this machine have failed. Wait a quarter of an hour.")


def install(app: FastAPI, web: Web, office: Office) -> None:
    """Give an application these pages."""
    router = APIRouter(include_in_schema=False, prefix="/slip")
    _add_pages(router, web, office)
    _add_passkey(router, web, office)
    app.include_router(router)
    web.has_slips = True


def _add_pages(router: APIRouter, web: Web, office: Office) -> None:
    @router.get("", response_class=HTMLResponse)
    def ask(request: Request) -> HTMLResponse:
        return web.page(request, "slip.html", error=None, way=None)

    @router.post("", response_class=HTMLResponse)
    def show(request: Request, login: Code = "", first: Code = "", second: Code = "") -> HTMLResponse:
        return _way(request, web, office, SlipCode(login, first, second))

    @router.post("/password", response_class=HTMLResponse)
    def set_password(
        request: Request,
        login: Code = "",
        first: Code = "",
        second: Code = "",
        new: Annotated[str, Form(max_length=512)] = "",
        again: Annotated[str, Form(max_length=512)] = "",
    ) -> Response:
        code = SlipCode(login, first, second)
        if new != again:
            return _way(request, web, office, code, BadRequest(_UNALIKE))
        try:
            ways_in.set_password(office, code, new)
        except CenterError as error:
            return _way(request, web, office, code, error)
        return _way(request, web, office, code)


def _add_passkey(router: APIRouter, web: Web, office: Office) -> None:
    @router.post("/passkey/begin")
    def begin(login: Code = "", first: Code = "", second: Code = "") -> JSONResponse:
        with office.database.writing() as transaction:
            attempt, options = ways_in.begin_passkey(transaction, office, SlipCode(login, first, second))
        return JSONResponse({"attempt": attempt, "options": options}, headers={"Cache-Control": "no-store"})

    @router.post("/passkey", response_class=HTMLResponse)
    def finish(
        request: Request,
        login: Code = "",
        first: Code = "",
        second: Code = "",
        attempt: Annotated[str, Form(max_length=36)] = "",
        answer: Annotated[str, Form(max_length=LONGEST_ANSWER)] = "",
    ) -> Response:
        code = SlipCode(login, first, second)
        try:
            with office.database.writing() as transaction:
                ways_in.enrol_passkey(transaction, office, code, attempt, read_answer(answer), simulated=False)
        except CenterError as error:
            return _way(request, web, office, code, error)
        return _way(request, web, office, code)


def _way(request: Request, web: Web, office: Office, code: SlipCode, error: CenterError | None = None) -> HTMLResponse:
    """What the slip still allows, or the question for its codes again."""
    reader = web.reader(request)
    try:
        sign_in.count_try(office, machine_of(request))
        with office.database.reading() as transaction:
            way = ways_in.look(transaction, office, code)
    except TooOften as refusal:
        return web.page(request, "slip.html", refusal.status, error=reader.translate(_OFTEN), way=None)
    except CenterError as refusal:
        return web.page(request, "slip.html", refusal.status, error=reader.translate(_WRONG), way=None)
    sign_in.forgive_try(office, machine_of(request))
    here = str(request.base_url).rstrip("/") == office.party.origin
    told, status = (reader.refusal(error), error.status) if error else (None, 200)
    return web.page(
        request, "slip.html", status, error=told, way=way, code=code, passkeys_work=here, origin=office.party.origin
    )
