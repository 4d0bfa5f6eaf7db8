"""A finding of a score sheet in a reader's words: title, measured value, limit, clause, cost and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from center.driving_track.finding_drawing import Excess, edge_of, finding_svg, scale_m
from center.driving_track.scoring.rules import Edition
from center.driving_track.views import Pose
from center.driving_track.words import EXERCISES, OUTCOMES, PARTS, SOURCES, word
from center.web.formats import NBSP, Formats
from center.web.reader import Reader
from messages.site import Car, Line, Point, Site

_LINE_REACH_M = 1.6


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an exam was driven, with which car, by which rules (None: the pack is not there any more)."""

    site: Site
    car: Car | None
    edition: Edition | None

    def exercise_name(self, exercise_id: str | None, reader: Reader) -> str:
        """An exercise's number on the route and its name; empty without one."""
        for number, exercise in enumerate(self.site.route.exercises, 1):
            if exercise.id == exercise_id:
                return f"{number}. {word(EXERCISES, exercise.kind, reader.translate)}"
        return exercise_id or ""


@dataclass(frozen=True, slots=True)
class FindingView:
    """What a page shows of one finding."""

    number: int
    outcome: str
    outcome_text: str
    charged: bool
    title: str
    measured: str
    limit_text: str
    points_text: str
    exercise: str
    time: str
    at_ms: int
    place: Point | None
    line_id: str | None
    """The line beside which it is measured."""
    facts: tuple[tuple[str, str], ...]
    drawing: str


def view_of(
    content: Mapping[str, Any], number: int, setting: Setting, reader: Reader, pose: Pose | None = None
) -> FindingView:
    """Lay a finding out; with the car's pose at its instant also drawn, where it was measured beside a line."""
    fmt, _ = reader.formats, reader.translate
    unit, outcome = content["unit"], content["outcome"]
    line = line_beside(content, setting.site)
    place = None if content["place"] is None else (content["place"][0] / 10_000, content["place"][1] / 10_000)
    title = _title(content, setting.edition, reader)
    signed = unit == "0.1 mm" and content["limit"] == 0
    measured = fmt.measured(content["value"], content["uncertainty"], unit, signed=signed)
    return FindingView(
        number=number,
        outcome=outcome,
        outcome_text=word(OUTCOMES, outcome, _),
        charged=content["charged"],
        title=title,
        measured=measured,
        limit_text="(" + _("limit") + NBSP + fmt.quantity(content["limit"], unit) + ")",
        points_text=_points(content, reader),
        exercise=setting.exercise_name(content["exercise"], reader),
        time=fmt.clock_ms(content["at_ms"]),
        at_ms=content["at_ms"],
        place=place,
        line_id=line.id if line else None,
        facts=tuple(_facts(content, setting, reader)),
        drawing=_drawing(content, setting.car, line, place, pose, fmt, f"{title}: {measured}"),
    )


def line_beside(content: Mapping[str, Any], site: Site) -> Line | None:
    """The line a length was measured against: the one it is about, or the nearest one of its exercise."""
    if content["unit"] != "0.1 mm" or content["place"] is None:
        return None
    by_id = {line.id: line for line in site.lines}
    if content["subject"] in by_id:
        return by_id[content["subject"]]
    named = next((one for one in site.route.exercises if one.id == content["exercise"]), None)
    if named is None:
        return None
    place = (content["place"][0] / 10_000, content["place"][1] / 10_000)
    lines = [by_id[name] for name in (*named.lines, named.stop_line) if name is not None]
    near = [(distance, line) for line in lines if (distance := _apart(line, place)) < _LINE_REACH_M]
    return min(near, key=lambda one: one[0])[1] if near else None


def _apart(line: Line, place: Point) -> float:
    nearest, _, across = edge_of(line, place)
    return abs((place[0] - nearest[0]) * across[0] + (place[1] - nearest[1]) * across[1])


def _drawing(
    content: Mapping[str, Any], car: Car | None, line: Line | None, place: Point | None, pose: Pose | None,
    fmt: Formats, description: str,
) -> str:  # fmt: skip
    if car is None or line is None or place is None or pose is None:
        return ""
    nearest, _, across = edge_of(line, place)
    beyond = (place[0] - nearest[0]) * across[0] + (place[1] - nearest[1]) * across[1]
    label = fmt.measured(content["value"], content["uncertainty"], content["unit"], signed=content["limit"] == 0)
    sigma_m = content["uncertainty"] / 10_000
    scale = fmt.quantity(round(scale_m(beyond, sigma_m) * 10_000), "0.1 mm")
    excess = Excess(place, beyond, sigma_m, label, scale, description)
    return finding_svg(car, pose, line, excess)


def _title(content: Mapping[str, Any], edition: Edition | None, reader: Reader) -> str:
    rule = edition.by_id.get(content["rule"]) if edition else None
    return rule.title[reader.language] if rule else str(content["rule"]).replace("_", " ")


def _points(content: Mapping[str, Any], reader: Reader) -> str:
    if content["disqualifies"]:
        return reader.translate("Ends the exam")
    if not content["charged"]:
        return reader.translate("Not charged")
    return reader.plural("+{count} point", "+{count} points", content["points"])


def _facts(content: Mapping[str, Any], setting: Setting, reader: Reader) -> list[tuple[str, str]]:
    _ = reader.translate
    facts = [
        (_("Exercise"), setting.exercise_name(content["exercise"], reader) or "–"),
        (_("Time"), _span(content, reader)),
    ]
    if content["subject"]:
        part = _part(content["part"], reader)
        subject = word(SOURCES, content["subject"], _) if content["subject"] in SOURCES else content["subject"]
        facts.append((_("About"), f"{subject}{', ' + part if part else ''}"))
    clause = content["clause"] + (" – " + _("provisional") if content["provisional"] else "")
    facts.append((_("Clause"), clause))
    if content["false_at_most_one_in"] > 1:
        one_in = reader.formats.number(content["false_at_most_one_in"])
        facts.append((_("Chance that it is false"), _("at most 1 in {count}").replace("{count}", one_in)))
    if content["agree"]:
        facts.append((_("Sensors that agree"), ", ".join(content["agree"])))
    if content["disagree"]:
        facts.append((_("Sensors that disagree"), ", ".join(content["disagree"])))
    return facts


def _part(part: str | None, reader: Reader) -> str:
    """A wheel by its name, or a point of the outline by its number."""
    if part is None:
        return ""
    if part.isdigit():
        return reader.translate("outline point {number}").replace("{number}", part)
    return word(PARTS, part, reader.translate)


def _span(content: Mapping[str, Any], reader: Reader) -> str:
    fmt = reader.formats
    text = fmt.clock_ms(content["at_ms"])
    lasted_ms = content["until_ms"] - content["since_ms"]
    return f"{text} ({fmt.measure(lasted_ms / 1000, 's', 1)})" if lasted_ms > 0 else text
