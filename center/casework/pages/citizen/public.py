"""The public pages: what each service needs, costs and takes, and how the centre did on the days that are over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse

from center.casework import fee_schedule, services_file
from center.casework.pages import words
from center.casework.published import figures, survey
from center.casework.published.services import Offer, offers
from center.casework.registers import policy
from center.clock import Clock
from center.database import Database
from center.errors import NotFound
from center.web.languages import N_, language_of
from center.web.navigation import Door, Need
from center.web.templating import Web

TEMPLATES: Final = Path(__file__).parents[2] / "templates"
DOORS: Final = (
    Door("/services", N_("Services"), N_("What each service needs, what it costs and how long it takes."), Need.VISIT),
    Door("/figures", N_("Figures"), N_("How many cases ended each day, and how long they took."), Need.VISIT),
)
_DAYS_SHOWN: Final = 14
_MONTHS_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class PublicPages:
    """What they have in common."""

    web: Web
    clock: Clock
    database: Database

    @property
    def today(self) -> date:
        """The civil date at the centre."""
        return self.clock.now().astimezone(ZoneInfo(self.web.zone)).date()

    def offers(self) -> list[Offer]:
        """Every service as it is today."""
        return offers(services_file.load(), fee_schedule.load(), policy.load(), self.today)

    def page(self, request: Request, name: str, **context: Any) -> HTMLResponse:
        """A page in the reader's language; ``said`` gives a text of rule data in it."""
        language = language_of(request)

        def said(titles: Mapping[str, str]) -> str:
            return titles[language]

        return self.web.page(
            request,
            f"casework/citizen/{name}.html",
            said=said,
            words=words,
            **context,
        )


def install(app: FastAPI, web: Web, clock: Clock, database: Database) -> None:
    """Give an application these pages; ``web`` must hold their doors and templates already."""
    pages = PublicPages(web, clock, database)
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/services")
    def services(request: Request) -> HTMLResponse:
        return pages.page(request, "services", offers=pages.offers())

    @router.get("/services/{service}")
    def service(request: Request, service: str) -> HTMLResponse:
        found = [one for one in pages.offers() if one.service == service]
        if not found:
            raise NotFound(f"There is no service {service[:64]!r}.")
        return pages.page(request, "service", offer=found[0], today=pages.today)

    @router.get("/figures")
    def told(request: Request) -> HTMLResponse:
        with database.reading() as transaction:
            days = figures.days(transaction, clock.now(), web.zone, _DAYS_SHOWN)
            months = survey.months(transaction, clock.now(), web.zone, _MONTHS_SHOWN)
        titles = {one.service: one.title for one in pages.offers()}
        shown = {"days": days, "months": months, "days_shown": _DAYS_SHOWN, "months_shown": _MONTHS_SHOWN}
        return pages.page(request, "figures", titles=titles, **shown)

    app.include_router(router)
