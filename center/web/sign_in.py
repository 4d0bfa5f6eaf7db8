"""Signing in and out: by password, by passkey, and in the demo by one click."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from center.errors import CenterError, Forbidden, SignInNeeded, TooOften
from center.people import sessions
from center.people.actions import sign_in as actions
from center.people.actions.sign_in import Machine
from center.people.demo_people import one_click_people
from center.people.names import StaffNames
from center.people.office import Office
from center.people.passkeys import LONGEST_ANSWER, read_answer
from center.web.languages import N_
from center.web.staff import binding_of, drop_token, keep_token, signed_in
from center.web.staff_words import ROLE_TASKS, ROLES
from center.web.templating import Web

_LONGEST_NEXT = 500
_REFUSED = {
    "password": N_(
        "Name or password are wrong. After five wrong tries the password is blocked for a quarter of an hour."
    ),
    "passkey": N_("This passkey opens nothing here, or the attempt took too long. Try again."),
    "often": N_("Too many sign-ins from this machine have failed. Wait a quarter of an hour."),
}
Text = Annotated[str, Form(max_length=512)]
Next = Annotated[str, Form(alias="next", max_length=_LONGEST_NEXT)]


class SignInPages:
    """What these pages have in common."""

    def __init__(self, web: Web, office: Office, names: StaffNames, demo_seed: bytes | None) -> None:
        self.web = web
        self.office = office
        self.names = names
        self.demo_seed = demo_seed

    def page(
        self, request: Request, status: int = 200, *, error: str = "", onward: str = "/", login: str = ""
    ) -> HTMLResponse:
        """The page, with what went wrong before if anything did."""
        people = one_click_people(self.office, self.names)
        context: dict[str, Any] = {"error": error, "onward": onward, "login": login, "people": people}
        origin = self.office.party.origin
        return self.web.page(
            request, "sign_in.html", status, roles=ROLES, tasks=ROLE_TASKS, origin=origin,
            passkeys_work=str(request.base_url).rstrip("/") == origin, **context,
        )  # fmt: skip

    def enter(self, request: Request, token: str, onward: str) -> Response:
        """On to where they wanted, with the session."""
        response = RedirectResponse(onward, 303)
        keep_token(request, response, token)
        return response


def install(app: FastAPI, web: Web, office: Office, names: StaffNames, demo_seed: bytes | None) -> None:
    """Give an application these pages."""
    pages = SignInPages(web, office, names, demo_seed)
    router = APIRouter(include_in_schema=False)
    _add_page(router, pages)
    _add_passkey(router, pages)
    _add_out(router, pages)
    app.include_router(router)
    web.has_sign_in = True


def machine_of(request: Request) -> Machine:
    """From where a request comes."""
    return Machine(request.client.host if request.client else "", binding_of(request))


def local_path(wanted: str) -> str:
    """A path of this centre to go on to, whatever was asked for."""
    fits = wanted.startswith("/") and not wanted.startswith("//") and len(wanted) <= _LONGEST_NEXT
    return wanted if fits and "\\" not in wanted and wanted.isprintable() and not wanted.startswith("/sign-") else "/"


def _add_page(router: APIRouter, pages: SignInPages) -> None:
    @router.get("/sign-in", response_class=HTMLResponse)
    def show(request: Request, next: str = "/") -> HTMLResponse:  # noqa: A002 - the address's own word
        return pages.page(request, onward=local_path(next))

    @router.post("/sign-in")
    def by_password(request: Request, login: Text, password: Text, onward: Next = "/") -> Response:
        onward = local_path(onward)
        try:
            token = actions.by_password(pages.office, machine_of(request), login, password)
        except TooOften:
            return pages.page(request, 429, error=_REFUSED["often"], onward=onward)
        except Forbidden:
            return pages.page(request, 403, error=_REFUSED["password"], onward=onward, login=login[:64])
        return pages.enter(request, token, onward)

    @router.post("/sign-in/demo")
    def as_demo_person(request: Request, account: Text, onward: Next = "/") -> Response:
        if pages.demo_seed is None:
            raise Forbidden(N_("One-click people exist in the demo only."))
        token = actions.as_demo_person(pages.office, pages.demo_seed, machine_of(request), account)
        return pages.enter(request, token, local_path(onward))


def _add_passkey(router: APIRouter, pages: SignInPages) -> None:
    @router.post("/sign-in/passkey/begin")
    def begin() -> JSONResponse:
        attempt, options = actions.begin_passkey(pages.office)
        return JSONResponse({"attempt": attempt, "options": options}, headers={"Cache-Control": "no-store"})

    @router.post("/sign-in/passkey")
    def finish(
        request: Request,
        attempt: Annotated[str, Form(max_length=36)],
        answer: Annotated[str, Form(max_length=LONGEST_ANSWER)],
        onward: Next = "/",
    ) -> Response:
        onward = local_path(onward)
        try:
            token = actions.by_passkey(pages.office, machine_of(request), attempt, read_answer(answer))
        except CenterError:
            return pages.page(request, 403, error=_REFUSED["passkey"], onward=onward)
        return pages.enter(request, token, onward)


def _add_out(router: APIRouter, pages: SignInPages) -> None:
    @router.post("/sign-out")
    def out(request: Request) -> Response:
        person = signed_in(request)
        if person is None:
            raise SignInNeeded(N_("Nobody is signed in."))
        with pages.office.database.writing() as transaction:
            sessions.end(transaction, person.session_id, pages.office.now())
        response = RedirectResponse("/", 303)
        drop_token(request, response)
        return response
