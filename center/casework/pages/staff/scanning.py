"""From a case's page: scans taken in, and looked at as drawn pages."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from center.casework.documents import uploads
from center.casework.documents.actions import receiving, showing
from center.casework.documents.actions.receiving import Received
from center.casework.documents.office import DocumentOffice
from center.casework.pages.staff.staff_pages import StaffPages
from center.errors import CenterError
from center.web.staff import StaffActor

_PURPOSE: Final = "case.view"


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""
    window = pages.window
    office = DocumentOffice(window.database, window.vault, window.scans, window.now)
    large = APIRouter(max_body_size=uploads.LARGEST_REQUEST_BYTES)

    @large.post("/cases/{case_id}/scans")
    async def take(request: Request, actor: StaffActor, case_id: str) -> Response:
        try:
            upload = await uploads.receive(request.stream(), request.headers.get("content-type", ""), "scan")
            asked = upload.fields.get("requirement", ""), upload.fields.get("client_key", "")
            await run_in_threadpool(receiving.receive, office, actor, Received(case_id, *asked, upload.file))
        except CenterError as error:
            return pages.page(request, "scan_told", error.status, fault=pages.reader(request).refusal(error))
        return Response(status_code=204, headers={"HX-Redirect": f"/cases/{case_id}"})

    @large.get("/cases/{case_id}/scans/{scan_id}/{page}")
    def show(actor: StaffActor, case_id: str, scan_id: str, page: int) -> Response:
        drawn = showing.page(office, actor, case_id, scan_id, page, _PURPOSE)
        return Response(drawn, media_type="image/jpeg", headers={"Cache-Control": "no-store"})

    router.include_router(large)
