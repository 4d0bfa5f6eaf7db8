"""The self-service page: a ticket for the queue, how long it takes, and leaving the line. Nobody says who they are."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import services_file
from center.casework.attempts import Attempts
from center.casework.booking import queries as bookings
from center.casework.fields import BadFields, Fields
from center.casework.pages.citizen.citizen_pages import CitizenPages, address_of
from center.casework.published.services import is_in_force
from center.casework.queue import queries
from center.casework.queue.actions import tickets
from center.casework.queue.actions.tickets import TicketRequest
from center.casework.queue.policy import QueuePolicy
from center.casework.queue.queries import TicketFacts
from center.casework.services import Edition

NO_GROUND: Final = "none"
_TICKETS_A_MINUTE: Final = "12/minute"
"""From one address: the hall's one self-service screen may be busy, a script empties no roll."""


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket as its holder sees it."""

    facts: TicketFacts
    title: Mapping[str, str]
    now: datetime
    expected_s: int | None
    """Until it is called, by what is known now; None: no window that serves its line is open."""
    booked_at: datetime | None
    """The time that its holder had booked from home."""
    policy: QueuePolicy

    @property
    def is_early(self) -> bool:
        """Whether the booked time is still to come."""
        return self.facts.due_at is not None and self.now < self.facts.due_at

    @property
    def is_late(self) -> bool:
        """Whether the holder came too late for the booked time."""
        return self.booked_at is not None and self.facts.due_at is None


def add_to(router: APIRouter, pages: CitizenPages) -> None:
    """Add the routes."""
    hall, attempts = pages.window.hall, Attempts(_TICKETS_A_MINUTE)

    @router.get("/queue/ticket")
    def asked(request: Request, service: str = "") -> HTMLResponse:
        return _form(request, pages, {"service": service[:64]})

    @router.post("/queue/ticket")
    def take(
        request: Request,
        client_key: Annotated[str, Form(max_length=64)],
        service: Annotated[str, Form(max_length=64)] = "",
        ground: Annotated[str, Form(max_length=64)] = NO_GROUND,
    ) -> Response:
        policy = hall.policy(hall.now())
        fields = Fields({"service": service, "ground": ground})
        fields.choice("service", [one.service for one in _offered(pages, policy)])
        fields.choice("ground", [NO_GROUND, *(one.id for one in policy.grounds)])
        try:
            fields.finish()
        except BadFields as error:
            return _form(request, pages, {"service": service, "ground": ground}, error)
        attempts.count(address_of(request))
        asked_for = TicketRequest(service, client_key, ground="" if ground == NO_GROUND else ground)
        taken = tickets.take(hall, asked_for)
        return RedirectResponse(f"/queue/tickets/{taken.ticket_id}", 303)

    @router.get("/queue/tickets/{ticket_id}")
    def shown(request: Request, ticket_id: str) -> HTMLResponse:
        return pages.page(request, "ticket", view=_view(pages, ticket_id))

    @router.get("/queue/tickets/{ticket_id}/now")
    def now(request: Request, ticket_id: str) -> HTMLResponse:
        return pages.page(request, "ticket_now", view=_view(pages, ticket_id))

    @router.post("/queue/tickets/{ticket_id}/leave")
    def leave(ticket_id: str) -> Response:
        tickets.leave(hall, ticket_id)
        return RedirectResponse(f"/queue/tickets/{ticket_id}", 303)


def _form(
    request: Request, pages: CitizenPages, given: Mapping[str, str], error: BadFields | None = None
) -> HTMLResponse:
    policy = pages.window.hall.policy(pages.window.now())
    context: dict[str, Any] = {
        "services": _offered(pages, policy),
        "grounds": policy.grounds,
        "no_ground": NO_GROUND,
        "given": given,
        "client_key": secrets.token_urlsafe(18),
        "faults": pages.faults(request, error),
    }
    return pages.page(request, "ticket_form", 400 if error else 200, **context)


def _offered(pages: CitizenPages, policy: QueuePolicy) -> list[Edition]:
    """The services that are in force and that a line of the hall serves."""
    served = {service for line in policy.lines.values() for service in line.services}
    services, today = services_file.load(), pages.window.today()
    known = services.editions.items()
    return [services.on(name, today) for name, every in known if name in served and is_in_force(every, today)]


def _view(pages: CitizenPages, ticket_id: str) -> TicketView:
    at: datetime = pages.window.now()
    policy = pages.window.hall.policy(at)
    with pages.window.database.reading() as transaction:
        found = queries.ticket(transaction, ticket_id)
        waits = queries.expected_waits(transaction, policy, at)
        booking = bookings.of_draft(transaction, found.draft_id) if found.draft_id else None
    day = found.taken_at.astimezone(ZoneInfo(pages.window.zone)).date()
    edition = services_file.load().on(found.service, day)
    booked_at = booking.starts_at if booking else None
    return TicketView(found, edition.title, at, waits.get(found.leg_id), booked_at, policy)
