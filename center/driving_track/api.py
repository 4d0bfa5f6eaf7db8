"""The practical exam as JSON: exams, sheets byte for byte, recordings, health. Nothing here changes anything."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import FileResponse, Response

from center.driving_track.track_data import CentreData
from center.driving_track.views import ExamRow
from center.errors import NotFound

ExamId = Annotated[str, Query(max_length=36)]


def router(data: CentreData) -> APIRouter:
    """The routes below ``/api``."""
    api = APIRouter(prefix="/api")

    @api.get("/exams")
    def exams(limit: Annotated[int, Query(ge=1, le=200)] = 50, before: ExamId | None = None) -> list[ExamRow]:
        """Exams, newest first; ``before`` is the last id of the page before."""
        return list(data.exams(limit, before))

    @api.get("/exams/{exam_id}")
    def exam(exam_id: str) -> dict[str, Any]:
        """One exam with its score sheet, once it has one."""
        view = data.exam(exam_id)
        return {**asdict(view.row), "sheet": view.sheet, "sheet_sha256": view.sheet_sha256}

    @api.get("/exams/{exam_id}/sheet")
    def sheet(exam_id: str) -> Response:
        """The very bytes that the sheet's SHA-256 is of."""
        view = data.exam(exam_id)
        if view.sheet_bytes is None:
            raise NotFound(f"Exam {exam_id} has no score sheet yet.")
        headers = {"X-Sheet-SHA256": view.sheet_sha256 or ""}
        return Response(view.sheet_bytes, media_type="application/json", headers=headers)

    @api.get("/exams/{exam_id}/recording")
    def recording(exam_id: str) -> FileResponse:
        """The recording, an MCAP file."""
        path = data.recording(exam_id)
        return FileResponse(path, media_type="application/octet-stream", filename=path.name)

    @api.get("/live")
    def live() -> dict[str, Any]:
        """This moment, and the findings so far."""
        return {**asdict(data.live()), "findings": [asdict(one) for one in data.live_findings()]}

    @api.get("/health")
    def health() -> dict[str, Any]:
        """Devices, counters, broker and clock."""
        return asdict(data.health())

    return api
