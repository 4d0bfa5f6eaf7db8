"""The citizen's pages given to an application, and their doors."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse

from center.casework.drafts.office import DraftOffice
from center.casework.one_window import OneWindow
from center.casework.pages.citizen import apply, booked_ticket, draft, my_case, ticket
from center.casework.pages.citizen.citizen_pages import CitizenPages
from center.web.languages import N_
from center.web.navigation import Door, Need
from center.web.templating import Web

DOORS: Final = (
    Door("/queue/ticket", N_("Take a ticket"), N_("A place in the line for a window, at once."), Need.VISIT),
    Door("/apply", N_("Apply from home"), N_("Fill in the form, book a time, and come with a ready case."), Need.VISIT),
    Door("/my", N_("My case"), N_("Where your case is, who read your data, a complaint and the survey."), Need.VISIT),
)


def install(app: FastAPI, web: Web, one_window: OneWindow) -> None:
    """Give an application these pages; ``web`` must hold their doors and casework's templates already."""
    pages = CitizenPages(web, one_window)
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    office = DraftOffice(one_window.hall, one_window.vault)
    for part in (ticket, my_case):
        part.add_to(router, pages)
    for one in (booked_ticket, apply, draft):
        one.add_to(router, pages, office)
    app.include_router(router)
