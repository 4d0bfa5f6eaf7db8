"""The front page: the promises, and a door to each part that works."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse

from center.web.error_pages import install_error_pages
from center.web.headers import Assets, SafetyHeaders
from center.web.templating import STATIC, Web


def install(app: FastAPI, web: Web) -> None:
    """Give an application the front page, the shared assets, the error pages and the headers of safety."""
    router = APIRouter()

    @router.get("/", response_class=HTMLResponse, include_in_schema=False)
    def home(request: Request) -> HTMLResponse:
        return web.page(request, "home.html")

    app.include_router(router)
    app.mount("/static/web", Assets(directory=STATIC), name="web-assets")
    app.add_middleware(SafetyHeaders)
    install_error_pages(app, web)
