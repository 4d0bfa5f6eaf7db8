"""The supervisor's board: who holds what, what is late and why, where the bottleneck is; and a search."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from center.casework import board_queries, services_file
from center.casework.board_queries import Search
from center.casework.pages.staff import board_plots
from center.casework.pages.staff.board_plots import Plot
from center.casework.pages.staff.staff_pages import PageWords, StaffPages
from center.errors import BadRequest
from center.web.languages import N_

_HOURS: Final = 12
_FOUND: Final = 50


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""

    @router.get("/board")
    def board(request: Request) -> HTMLResponse:
        now = pages.window.now()
        with pages.window.database.reading() as transaction:
            found = board_queries.board(transaction, now, hours=_HOURS)
        desks = _desks()
        drawn = board_plots.plots(found.hours, desks)
        return pages.page(
            request, "board", board=found, plots=drawn, hours=_HOURS, desks=desks,
            bottleneck=board_plots.bottleneck(found.hours, desks),
            data=_plot_data(drawn, PageWords(pages.reader(request), pages.window), pages.window.zone),
            titles={one.service: one.title for one in services_file.load().latest()},
            step_titles=_step_titles(),
        )  # fmt: skip

    @router.get("/cases")
    def search(request: Request, number: str = "", status: str = "", service: str = "") -> HTMLResponse:
        wanted = Search(number=number.strip()[:32], status=status, service=service[:64])
        try:
            with pages.window.database.reading() as transaction:
                rows = board_queries.search(transaction, wanted, _FOUND)
        except BadRequest:
            wanted, rows = Search(number=wanted.number, service=wanted.service), []
        latest = services_file.load().latest()
        return pages.page(
            request, "cases", rows=rows, wanted=wanted, most=_FOUND, services={one.service: one.title for one in latest}
        )


def _desks() -> dict[str, str]:
    """Step → the desk that holds it."""
    latest = services_file.load().latest()
    return {step.id: step.held_by for edition in latest for step in edition.steps.values()}


def _step_titles() -> dict[tuple[str, str], Mapping[str, str]]:
    """Service and step → what the newest edition that has the step calls it."""
    every = (edition for editions in services_file.load().editions.values() for edition in editions)
    return {(edition.service, step.id): step.title for edition in every for step in edition.steps.values()}


def _plot_data(plots: list[Plot], told: PageWords, zone: str) -> str:
    """The plots as JSON for the page's script."""
    data: dict[str, Any] = {
        "zone": zone,
        "hour": told.word({"hour": N_("Hour")}, "hour"),
        "plots": [
            {
                "hours": [round(hour.timestamp()) for hour in one.hours],
                "series": [{"label": told.role(line.desk), "values": line.minutes} for line in one.series],
            }
            for one in plots
        ],
    }
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
