"""The self-service page for who applied from home: the draft's code gives a ticket at the booked time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework.drafts.actions import at_window
from center.casework.drafts.actions.at_window import OtherDay
from center.casework.drafts.office import DraftOffice
from center.casework.fields import N_, BadFields, Fault, Fields
from center.casework.pages.citizen.citizen_pages import CitizenPages, address_of
from center.casework.pages.citizen.ticket import NO_GROUND
from center.casework.queue.hall import check_client_key
from center.errors import BadRequest, Conflict, NotFound

PATH: Final = "/queue/ticket/booked"
_OVER: Final = N_("This draft is over.")
_OTHER_DAY: Final = N_("Your time is %(time)s. Come then, or take a ticket without the code and wait in turn.")


def add_to(router: APIRouter, pages: CitizenPages, office: DraftOffice) -> None:
    """Add the routes."""

    @router.get(PATH)
    def asked(request: Request) -> HTMLResponse:
        return _form(request, pages, {})

    @router.post(PATH)
    def take(
        request: Request,
        client_key: Annotated[str, Form(max_length=64)],
        code: Annotated[str, Form(max_length=200)] = "",
        ground: Annotated[str, Form(max_length=64)] = NO_GROUND,
    ) -> Response:
        given = {"code": code, "ground": ground}
        try:
            ticket_id = _taken(request, pages, office, given, check_client_key(client_key))
        except BadFields as error:
            return _form(request, pages, given, error)
        return RedirectResponse(f"/queue/tickets/{ticket_id}", 303)


def _taken(
    request: Request, pages: CitizenPages, office: DraftOffice, given: Mapping[str, str], client_key: str
) -> str:  # fmt: skip
    """The ticket of whoever has come; raises :class:`BadFields` with what the page tells them."""
    policy = pages.window.hall.policy(pages.window.now())
    fields = Fields({"ground": given["ground"]})
    ground = fields.choice("ground", [NO_GROUND, *(one.id for one in policy.grounds)])
    fields.finish()
    why_first = "" if ground == NO_GROUND else ground
    try:
        ticket = at_window.check_in(
            office, given["code"], client_key=client_key, ground=why_first, address=address_of(request)
        )  # fmt: skip
    except OtherDay as error:
        time = pages.reader(request).formats.moment(error.starts_at)
        raise BadFields([Fault("code", _OTHER_DAY, {"time": time})]) from error
    except Conflict as error:
        raise BadFields([Fault("code", _OVER)]) from error
    except (BadRequest, NotFound) as error:
        raise BadFields([Fault("code", N_("There is no draft with this code."))]) from error
    return ticket.ticket_id


def _form(
    request: Request, pages: CitizenPages, given: Mapping[str, str], error: BadFields | None = None
) -> HTMLResponse:
    policy = pages.window.hall.policy(pages.window.now())
    context: dict[str, Any] = {
        "grounds": policy.grounds,
        "no_ground": NO_GROUND,
        "policy": policy,
        "given": given,
        "client_key": secrets.token_urlsafe(18),
        "faults": pages.faults(request, error),
    }
    return pages.page(request, "ticket_booked", 400 if error else 200, **context)
