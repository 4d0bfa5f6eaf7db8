"""The centre's day: totals since the last closing, blanks, desks that are away, the gateway's book, and the closing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import center_queries
from center.casework.actions.center_acting import CenterCommand, act_for_center
from center.casework.fields import N_, Fields
from center.casework.pages.staff.new_case import Filled
from center.casework.pages.staff.staff_pages import StaffPages, faults_of, told_faults
from center.casework.payments import queries as payments
from center.casework.payments.actions.reconciling import reconcile
from center.casework.payments.office import GatewaySilent
from center.errors import BadRequest, CenterError, Conflict
from center.people.powers import Actor
from center.web.staff import StaffActor

_LEAST: Final = 10
_ACTIONS: Final = ("blanks.receive", "blanks.spoil", "desk.leave", "desk.return", "day.close", "payments.reconcile")
_COMMON: Final = ("kind", "client_key", "form_token")


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""
    window = pages.window

    @router.get("/day")
    def day(request: Request, actor: StaffActor) -> HTMLResponse:
        return _page(pages, request, actor)

    @router.post("/day")
    def act(request: Request, actor: StaffActor, form: Filled) -> Response:
        kind = str(form.get("kind", ""))
        try:
            command = CenterCommand(kind, str(form.get("client_key", "")), _payload(kind, form))
            with window.database.writing() as transaction:
                act_for_center(transaction, actor, command, window.now())
        except (BadRequest, Conflict) as error:
            return _page(pages, request, actor, error, form)
        return RedirectResponse("/day", 303)

    @router.post("/day/reconcile")
    def compare(request: Request, actor: StaffActor) -> Response:
        try:
            reconcile(window.payments, window.today(), who=actor)
        except (GatewaySilent, Conflict) as error:
            return _page(pages, request, actor, error)
        return RedirectResponse("/day", 303)


def _page(
    pages: StaffPages, request: Request, actor: Actor, error: CenterError | None = None, form: FormData | None = None
) -> HTMLResponse:
    window = pages.window
    with window.database.reading() as transaction:
        told = {
            "totals": center_queries.day_totals(transaction, window.now()),
            "closing": center_queries.last_closing(transaction),
            "away": center_queries.desks_away(transaction),
            "comparisons": payments.reconciliations(transaction, 7),
        }
    faults = told_faults(faults_of(error), pages.reader(request)) if isinstance(error, BadRequest) else []
    refusal = pages.reader(request).refusal(error) if error is not None and not faults else ""
    may = {action for action in _ACTIONS if window.powers.may(actor, action) is None}
    return pages.page(
        request, "day", error.status if error else 200, faults=faults, refusal=refusal, may=may,
        given=form if faults and form is not None else {}, desks=_desks(window.powers.roles), **told,
    )  # fmt: skip


def _desks(roles: Mapping[str, object]) -> list[str]:
    return [role for role in roles if role in ("operator", "police_inspector", "document_issuer")]


def _payload(kind: str, form: FormData) -> dict[str, Any]:
    """What the form of a kind of action carries; raises :class:`BadFields`."""
    names = _FORMS.get(kind)
    if names is None:
        raise BadRequest(N_("There is no kind of action '%(kind)s'."), kind=kind[:64])
    given = {name: value for name, value in form.items() if isinstance(value, str) and name not in _COMMON}
    fields = Fields(given)
    payload = {name: _READERS[name](fields) for name in names}
    fields.finish()
    return {name: value for name, value in payload.items() if value != ""}


def _count(name: str) -> Callable[[Fields], Any]:
    def read(fields: Fields) -> Any:
        text = fields.text(name, at_most=9)
        if text and not (text.isascii() and text.isdigit()):
            fields.fault(name, N_("%(value)s is no whole number."), value=text)
            return ""
        return int(text) if text else ""

    return read


def _reason(name: str, *, required: bool = True) -> Callable[[Fields], str]:
    def read(fields: Fields) -> str:
        text = fields.text(name, at_most=2000, required=required, lines=True)
        if text and len(text) < _LEAST:
            fields.fault(name, N_("Write at least %(least)s characters: somebody will read this."), least=_LEAST)
        return text

    return read


def _capitals(name: str, most: int) -> Callable[[Fields], str]:
    def read(fields: Fields) -> str:
        text = fields.text(name, at_most=most).upper().replace(" ", "")
        if text and not all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in text):
            fields.fault(name, N_("%(value)s is no serial number: letters, digits and hyphens only."), value=text)
        return text

    return read


_FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "blanks.receive": ("series", "first", "count"),
    "blanks.spoil": ("serial", "reason"),
    "desk.leave": ("desk", "reason"),
    "desk.return": ("desk",),
    "day.close": ("blanks_counted", "difference_reason"),
}
_READERS: Final[Mapping[str, Callable[[Fields], Any]]] = {
    "series": _capitals("series", 8),
    "first": _count("first"),
    "count": _count("count"),
    "serial": _capitals("serial", 32),
    "reason": _reason("reason"),
    "desk": lambda fields: fields.text("desk", at_most=32),
    "blanks_counted": _count("blanks_counted"),
    "difference_reason": _reason("difference_reason", required=False),
}
