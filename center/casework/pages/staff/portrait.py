"""From a case's page: the applicant's portrait, judged by what was measured of it, then accepted or taken again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from center.casework.documents import uploads
from center.casework.documents.office import DocumentOffice
from center.casework.pages.staff.staff_pages import StaffPages
from center.casework.portrait.actions import taking
from center.casework.portrait.actions.taking import PoorPortrait
from center.casework.portrait.examination import Portrait
from center.errors import CenterError
from center.people.powers import Actor
from center.web.staff import StaffActor

Work = Callable[..., Any]


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes; each answers with a part of the case's page."""
    window = pages.window
    office = DocumentOffice(window.database, window.vault, window.scans, window.now)
    large = APIRouter(max_body_size=uploads.LARGEST_REQUEST_BYTES)

    async def sent(request: Request, actor: Actor, case_id: str, work: Work) -> Any:
        upload = await uploads.receive(request.stream(), request.headers.get("content-type", ""), "portrait")
        key = upload.fields.get("client_key", "")
        return await run_in_threadpool(work, office, actor, case_id, key, upload.file, window.today())

    @large.post("/cases/{case_id}/portrait/check")
    async def look(request: Request, actor: StaffActor, case_id: str) -> Response:
        try:
            found = await sent(request, actor, case_id, taking.look)
        except CenterError as error:
            return pages.page(request, "scan_told", error.status, fault=pages.reader(request).refusal(error))
        return _report(pages, request, case_id, found)

    @large.post("/cases/{case_id}/portrait")
    async def take(request: Request, actor: StaffActor, case_id: str) -> Response:
        try:
            await sent(request, actor, case_id, taking.take)
        except PoorPortrait as error:
            return _report(pages, request, case_id, error.portrait, error.status)
        except CenterError as error:
            return pages.page(request, "scan_told", error.status, fault=pages.reader(request).refusal(error))
        return Response(status_code=204, headers={"HX-Redirect": f"/cases/{case_id}"})

    router.include_router(large)


def _report(pages: StaffPages, request: Request, case_id: str, found: Portrait, status: int = 200) -> Response:
    say = pages.reader(request).say
    faults = [say(one.text, one.values) for one in found.faults]
    return pages.page(request, "portrait_told", status, case_id=case_id, checks=found.checks, faults=faults)
