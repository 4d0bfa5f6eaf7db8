"""The staff's pages given to an application, and their doors."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse

from center.casework.one_window import OneWindow
from center.casework.pages.staff import (
    alerts,
    board,
    cases,
    complaints,
    day,
    desk,
    display,
    draws,
    hall,
    money,
    new_case,
    outside,
    portrait,
    receipt,
    refunds,
    refusing_scan,
    scanning,
    window,
    work,
)
from center.casework.pages.staff.staff_pages import StaffPages
from center.web.headers import Assets
from center.web.languages import N_
from center.web.navigation import Door, Need
from center.web.templating import Web

FOLDER: Final = Path(__file__).parents[2]
DOORS: Final = (
    Door(
        "/desk",
        N_("Desk"),
        N_("Call people, open cases, take documents in and hand documents over."),
        Need.WORK,
        ("/cases",),
    ),
    Door(
        "/work",
        N_("Work list"),
        N_("Steps that wait for an inspector or an issuer, by number and without names."),
        Need.WORK,
        ("/cases",),
    ),
    Door(
        alerts.PATH,
        N_("Alerts"),
        N_("Vehicles that the list of wanted ones knows, for the police alone."),
        Need.WORK,
    ),
    Door(
        "/board",
        N_("Board"),
        N_("Who holds each case, what is late and why, and where the bottleneck is."),
        Need.SUPERVISION,
        ("/cases",),
    ),
    Door(
        complaints.PATH,
        N_("Complaints"),
        N_("What citizens complain about, and until when it is answered."),
        Need.SUPERVISION,
    ),
    Door(
        refunds.PATH,
        N_("Refunds"),
        N_("Money that an operator proposes to give back, and that a second person confirms."),
        Need.SUPERVISION,
    ),
    Door(
        "/hall",
        N_("Hall"),
        N_("Windows and lines, and moving staff between desks when the load shifts."),
        Need.SUPERVISION,
    ),
    Door(
        "/day",
        N_("The day"),
        N_("Fees, documents, blanks and open cases, and the closing of the day."),
        Need.SUPERVISION,
    ),
    Door(
        "/queue/board",
        N_("Whose turn it is"),
        N_("The board in the hall: tickets, windows, and how long it takes."),
        Need.VISIT,
    ),
)


def install(app: FastAPI, web: Web, one_window: OneWindow) -> None:
    """Give an application these pages; ``web`` must hold their doors and casework's templates already."""
    pages = StaffPages(web, one_window)
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    web.waiting[alerts.PATH] = partial(alerts.count_of, pages)
    web.waiting[complaints.PATH] = partial(complaints.count_of, pages)
    web.waiting[refunds.PATH] = partial(refunds.count_of, pages)
    of_cases = (new_case, receipt, scanning, portrait, refusing_scan, cases, draws, outside, money)
    for part in (desk, window, work, alerts, board, complaints, refunds, *of_cases, hall, day, display):
        part.add_to(router, pages)
    app.include_router(router)
    app.mount("/static/casework", Assets(directory=FOLDER / "static"), name="casework-assets")
