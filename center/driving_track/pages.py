"""The pages of the practical exam: live track, exams, an exam's report, health."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Form
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response, StreamingResponse

from center.driving_track import rule_packs, traces, words
from center.driving_track.drawing import track_group, view_box
from center.driving_track.finding_view import FindingView, Setting, view_of
from center.driving_track.live_events import encoded, events
from center.driving_track.live_words import breakage, live_words, state_text, who_text
from center.driving_track.report_view import report_data, report_of
from center.driving_track.scoring.rules import Edition
from center.driving_track.views import ExamView, TrackData
from center.errors import BadRuleData, Forbidden, NotFound
from center.web.headers import Assets
from center.web.languages import N_, language_of
from center.web.navigation import Door, Need
from center.web.reader import Reader
from center.web.templating import Web
from messages.site import Site

FOLDER = Path(__file__).parent
TEMPLATES = FOLDER / "templates"
DOORS = (
    Door(
        "/track",
        N_("Live track"),
        N_("Watch a car drive the exam and the sensors judge it, finding by finding."),
        Need.EXAM,
    ),
    Door(
        "/exams",
        N_("Exams"),
        N_("Every attempt with its verdict, its score sheet and the evidence behind it."),
        Need.EXAM,
    ),
    Door(
        "/health",
        N_("Health of the centre"),
        N_("Devices, their links, and every message that was refused, by reason."),
        Need.EXAM,
    ),
)
PAGE_SIZE = 50


class TrackPages:
    """What the pages have in common: the site, where facts come from, and how they are laid out."""

    def __init__(self, web: Web, data: TrackData, site: Site) -> None:
        self.web = web
        self.data = data
        self.site = site

    def reader(self, request: Request) -> Reader:
        """Whoever asks."""
        return Reader(self.web.formats(language_of(request)))

    def setting(self, car_id: str | None, rules: str | None) -> Setting:
        """Site, car and rules of an exam."""
        car = next((one for one in self.site.cars if one.id == car_id), None)
        return Setting(self.site, car, _edition(rules))

    def page(self, request: Request, name: str, **context: Any) -> HTMLResponse:
        """A page of this feature."""
        return self.web.page(request, f"driving_track/{name}.html", **self._shared(self.reader(request)), **context)

    def findings(self, reader: Reader) -> list[FindingView]:
        """The running exam's findings, newest first, drawn where the pose is known."""
        view = self.data.live()
        setting = self.setting(view.car_id, view.rules)
        fallen = [view_of(one.content, one.number, setting, reader, one.pose) for one in self.data.live_findings()]
        return fallen[::-1]

    def findings_html(self, reader: Reader) -> str:
        """The same as a part of a page."""
        template = self.web.environment(reader.language).get_template("driving_track/live_findings.html")
        return template.render(findings=self.findings(reader))

    def breakages(self, reader: Reader) -> list[dict[str, Any]]:
        """What may be broken in the demo, in words."""
        return [breakage(one, reader) for one in self.data.demo_faults()]

    def _shared(self, reader: Reader) -> dict[str, Any]:
        names = {one.id: words.word(words.EXERCISES, one.kind, reader.translate) for one in self.site.route.exercises}
        return {
            "word": lambda table, key: words.word(table, key, reader.translate),
            "reason_of": lambda code: words.reason_of(code, reader.translate),
            "verdicts": words.VERDICTS,
            "meanings": words.VERDICT_MEANINGS,
            "tags": words.TAGS,
            "states": words.STATES,
            "device_states": words.DEVICE_STATES,
            "device_fault": lambda code: words.device_fault(code, reader.translate),
            "refusals": words.REFUSALS,
            "cars": {car.id: f"{car.model}, {car.plate}" for car in self.site.cars},
            "exercises": [{"id": name, "name": text} for name, text in names.items()],
            "track_group": track_group(self.site, names),
            "view_box": " ".join(f"{value:.2f}" for value in view_box(self.site)),
        }


def install(app: FastAPI, web: Web, data: TrackData, site: Site) -> None:
    """Give an application these pages; ``web`` must hold their doors and templates already."""
    pages = TrackPages(web, data, site)
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _add_live(router, pages)
    _add_exams(router, pages)
    _add_health(router, pages)
    app.include_router(router)
    app.mount("/static/track", Assets(directory=FOLDER / "static"), name="track-assets")


def _add_live(router: APIRouter, pages: TrackPages) -> None:
    @router.get("/track")
    def live(request: Request) -> HTMLResponse:
        reader = pages.reader(request)
        view = pages.data.live()
        return pages.page(
            request,
            "live",
            view=view,
            first=encoded(view).decode().replace("<", "\\u003c"),
            state_text=state_text(view, reader),
            who_text=who_text(view, pages.site),
            findings=pages.findings(reader),
            faults=pages.breakages(reader),
            words=live_words(pages.site, reader, pages.web.clock_rate or 1.0),
        )

    @router.get("/track/events", response_class=StreamingResponse)
    async def stream(request: Request) -> StreamingResponse:
        reader = pages.reader(request)
        moments = events(pages.data, lambda: pages.findings_html(reader))
        return StreamingResponse(moments, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    @router.get("/track/faults")
    def faults(request: Request) -> HTMLResponse:
        return pages.page(request, "breakages", faults=pages.breakages(pages.reader(request)))

    @router.post("/track/faults/{fault_id}")
    def set_fault(request: Request, fault_id: str, active: Annotated[bool, Form()]) -> Response:
        if not pages.web.demo:
            raise Forbidden(N_("Only the demo's simulated hardware can be broken."))
        if fault_id not in {one.fault_id for one in pages.data.demo_faults()}:
            raise NotFound(f"There is no fault {fault_id!r} to set.")
        pages.data.set_demo_fault(fault_id, active)
        if request.headers.get("hx-request") != "true":
            return RedirectResponse("/track#break-heading", 303)
        return pages.page(request, "breakages", faults=pages.breakages(pages.reader(request)))


def _add_exams(router: APIRouter, pages: TrackPages) -> None:
    @router.get("/exams")
    def exams(request: Request, before: str | None = None) -> HTMLResponse:
        rows = pages.data.exams(PAGE_SIZE + 1, before)
        older = rows[PAGE_SIZE - 1].exam_id if len(rows) > PAGE_SIZE else None
        return pages.page(request, "exams", rows=rows[:PAGE_SIZE], older=older)

    @router.get("/exams/{exam_id}")
    def report(request: Request, exam_id: str) -> HTMLResponse:
        exam = pages.data.exam(exam_id)
        reader = pages.reader(request)
        setting = pages.setting(exam.row.car_id, exam.row.rules)
        laid_out = report_of(exam, setting, reader) if exam.sheet else None
        data = report_data(exam_id, laid_out, reader) if laid_out else None
        return pages.page(request, "report", row=exam.row, report=laid_out, data=data)

    @router.get("/exams/{exam_id}/sheet.json")
    def sheet(exam_id: str) -> Response:
        exam = pages.data.exam(exam_id)
        if exam.sheet_bytes is None:
            raise NotFound(f"Exam {exam_id} has no score sheet yet.")
        return Response(exam.sheet_bytes, media_type="application/json")

    @router.get("/exams/{exam_id}/recording.mcap")
    def recording(exam_id: str) -> FileResponse:
        path = _recording(pages.data.exam(exam_id))
        return FileResponse(path, media_type="application/octet-stream", filename=path.name)

    @router.get("/exams/{exam_id}/traces.json")
    def drive(exam_id: str) -> Response:
        exam = pages.data.exam(exam_id)
        return Response(traces.traces_of(_recording(exam), exam.sheet or {}), media_type="application/json")

    @router.get("/exams/{exam_id}/findings/{number}.svg")
    def drawing(request: Request, exam_id: str, number: int) -> Response:
        exam = pages.data.exam(exam_id)
        findings = exam.sheet["findings"] if exam.sheet else []
        if not 1 <= number <= len(findings):
            raise NotFound(f"Exam {exam_id} has no finding {number}.")
        pose = traces.pose_at(_recording(exam), findings[number - 1]["at_ms"])
        setting = pages.setting(exam.row.car_id, exam.row.rules)
        drawn = view_of(findings[number - 1], number, setting, pages.reader(request), pose).drawing
        return Response(drawn, media_type="image/svg+xml")


def _add_health(router: APIRouter, pages: TrackPages) -> None:
    @router.get("/health")
    def health(request: Request) -> HTMLResponse:
        return pages.page(request, "health", health=pages.data.health())

    @router.get("/health/now")
    def now(request: Request) -> HTMLResponse:
        return pages.page(request, "health_now", health=pages.data.health())


def _recording(exam: ExamView) -> Path:
    if exam.recording is None or not exam.recording.is_file():
        raise NotFound(f"Exam {exam.row.exam_id} has no recording here.")
    return exam.recording


@lru_cache(maxsize=16)
def _edition(rules: str | None) -> Edition | None:
    """The edition an exam was called under; None when the pack is not there any more (its sheet still stands).

    Read once, as by the intake: reading a pack takes longer than drawing every finding of an exam.
    """
    if rules is None:
        return None
    try:
        return rule_packs.load(rules)
    except BadRuleData:
        return None
