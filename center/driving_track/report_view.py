"""An exam's score sheet as the report shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from center.driving_track.finding_view import FindingView, Setting, view_of
from center.driving_track.views import ExamView
from center.driving_track.words import SOURCES, Translate, device_fault, note_of, reason_of, word
from center.web.languages import N_
from center.web.reader import Reader

_DEFAULT_FAULT_FACTOR = 5.0


@dataclass(frozen=True, slots=True)
class ExerciseRow:
    """When an exercise was driven and what it cost; ``took`` is empty where it broke off."""

    name: str
    began: str
    took: str
    points: int


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """What a device contributed; ``covered`` is the share of its readings under a signed digest."""

    id: str
    simulated: bool
    readings: int
    covered: str
    missing: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """A sheet in a reader's words."""

    verdict: str
    reason: str
    points: int
    worst_points: int
    limit_text: str
    provisional_rules: bool
    fault_factor: float
    findings: tuple[FindingView, ...]
    exercises: tuple[ExerciseRow, ...]
    voids: tuple[str, ...]
    notes: tuple[str, ...]
    devices: tuple[DeviceRow, ...]
    sha256: str
    recording_name: str | None
    rules: str
    scorer: str
    began_ms: int
    ended_ms: int


def report_of(exam: ExamView, setting: Setting, reader: Reader) -> ReportView:
    """Lay a closed exam's sheet out."""
    sheet = exam.sheet
    assert sheet is not None, "an exam without a sheet has no report"
    edition = setting.edition
    return ReportView(
        verdict=sheet["verdict"],
        reason=reason_of(sheet["reason"], reader.translate),
        points=sheet["points"],
        worst_points=sheet["worst_points"],
        limit_text=_limit(sheet, setting, reader),
        provisional_rules=sheet["provisional_rules"],
        fault_factor=edition.decision.k_f if edition else _DEFAULT_FAULT_FACTOR,
        findings=tuple(view_of(one, number, setting, reader) for number, one in enumerate(sheet["findings"], 1)),
        exercises=tuple(_exercise(one, sheet, setting, reader) for one in sheet["exercises"]),
        voids=tuple(_void(one, setting, reader) for one in sheet["voids"]),
        notes=tuple(note_of(one, reader.translate) for one in sheet["notes"]),
        devices=tuple(_device(one, reader) for one in sheet["devices"]),
        sha256=exam.sheet_sha256 or "",
        recording_name=exam.recording.name if exam.recording else None,
        rules=f"{sheet['rules']['pack']}@{sheet['rules']['edition']}",
        scorer=sheet["scorer"],
        began_ms=sheet["began_ms"],
        ended_ms=sheet["ended_ms"],
    )


def report_data(exam_id: str, report: ReportView, reader: Reader) -> dict[str, Any]:
    """What the report's script needs: where the traces are, the findings' instants, and words for the plots."""
    fmt, _ = reader.formats, reader.translate
    return {
        "traces": f"/exams/{exam_id}/traces.json",
        "drawings": f"/exams/{exam_id}/findings",
        "zone": fmt.zone,
        "findings": {
            one.number: {"at_ms": one.at_ms, "title": one.title, "drawn": one.line_id is not None}
            for one in report.findings
        },
        "words": {
            "speed": _("Speed") + ", " + fmt.unit("km/h"),
            "gear": _("Gear"),
            "steering": _("Steering wheel") + ", °",
            "distance": _("Beyond the line") + ", " + fmt.unit("mm"),
            "read": _("Choose a finding to see that instant on the map and in the plots."),
            "read_none": _("Nothing was found; the path is drawn on the map."),
            "unread": _("The recording could not be read here."),
        },
    }


def _limit(sheet: Mapping[str, Any], setting: Setting, reader: Reader) -> str:
    subtracts = setting.edition is not None and setting.edition.scheme.direction == "subtract"
    words = N_("points left; {limit} are needed") if subtracts else N_("penalty points; over {limit} fail")
    return reader.translate(words).replace("{limit}", reader.formats.number(sheet["limit"]))


def _exercise(span: Mapping[str, Any], sheet: Mapping[str, Any], setting: Setting, reader: Reader) -> ExerciseRow:
    fmt = reader.formats
    ended = span["ended_ms"]
    return ExerciseRow(
        name=setting.exercise_name(span["id"], reader),
        began=fmt.clock_ms(span["began_ms"]),
        took="" if ended is None else fmt.duration(ended - span["began_ms"]),
        points=sum(one["points"] for one in sheet["findings"] if one["exercise"] == span["id"]),
    )


def _void(event: Mapping[str, Any], setting: Setting, reader: Reader) -> str:
    fmt, translate = reader.formats, reader.translate
    source = word(SOURCES, event["source"], translate)
    text = _loss(event, translate).replace("{source}", source[:1].upper() + source[1:])
    text = text.replace("{since}", fmt.clock_ms(event["since_ms"])).replace("{until}", fmt.clock_ms(event["until_ms"]))
    exercise = setting.exercise_name(event["exercise"], reader)
    return f"{text} ({exercise})" if exercise else text


def _loss(event: Mapping[str, Any], translate: Translate) -> str:
    """What a loss was and did, with ``{source}``, ``{since}`` and ``{until}`` to be filled in."""
    if event["fault"] is not None:
        if event["verdict"] == "void":
            words = translate("{source}: {fault}, told from {since} to {until}. The attempt is void.")
        else:
            words = translate("{source}: {fault}, told from {since} to {until}. The exam went on.")
        return words.replace("{fault}", device_fault(event["fault"], translate))
    if event["verdict"] == "void":
        return translate("{source}: nothing from {since} to {until}. The attempt is void.")
    return translate("{source}: nothing from {since} to {until}. The exam went on; what needed it stays open.")


def _device(tally: Mapping[str, Any], reader: Reader) -> DeviceRow:
    readings = tally["readings"]
    share = 100 * (readings - tally["uncovered"]) / readings if readings else 0.0
    # 99.96 % must not read as everything.
    shown = min(share, 99.9) if tally["uncovered"] else share
    return DeviceRow(
        id=tally["id"],
        simulated=tally["simulated"],
        readings=readings,
        covered=f"{reader.formats.number(shown, 1)} %",
        missing=tally["missing"],
    )
