"""The rules of the hall, read strictly from dated data."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from center import rulesets
from center.casework.queue.policy import Ground, Line, QueuePolicy
from center.rulesets import Value

PATH: Final = Path(__file__).parents[1] / "rulesets" / "queue.yaml"
LANGUAGES: Final = ("kk", "ru", "en")
_OTHERS: Final = ("provisional", "lines", "grounds")
_NUMBERS: Final = tuple(field.name for field in dataclasses.fields(QueuePolicy) if field.name not in _OTHERS)
_EDITION: Final = ("from", "provisional", "clause", *_NUMBERS)
_LINE: Final = tuple(field.name for field in dataclasses.fields(Line))


def load(on: date, path: Path = PATH) -> QueuePolicy:
    """The rules in force on a day; raises :class:`BadRuleData`."""
    return read(rulesets.read(path), on)


def read(document: Value, on: date) -> QueuePolicy:
    """The rules in force on a day from a document; raises :class:`BadRuleData`."""
    top = document.fields(["editions", "lines", "priority_grounds"], ["editions", "lines", "priority_grounds"])
    editions = [item.fields(_EDITION, _EDITION) for item in top["editions"].items()]
    in_force = [edition for edition in editions if edition["from"].day() <= on]
    if not in_force:
        top["editions"].place.refuse(f"no edition is in force on {on.isoformat()}")
    newest = max(in_force, key=lambda edition: edition["from"].day())
    return QueuePolicy(
        **{name: newest[name].integer(at_least=1) for name in _NUMBERS},
        provisional=newest["provisional"].boolean(),
        lines=_lines(top["lines"]),
        grounds=tuple(_ground(item) for item in top["priority_grounds"].items()),
    )


def _lines(value: Value) -> dict[str, Line]:
    lines: dict[str, Line] = {}
    taken: set[str] = set()
    for item in value.items():
        line = _line(item)
        # A number on the board means one line, a service waits in one.
        for name in (line.id, line.letter, *line.services):
            if name in taken:
                item.place.refuse(f"{name!r} stands in two lines")
            taken.add(name)
        lines[line.id] = line
    return lines


def _line(item: Value) -> Line:
    given = item.fields(_LINE, _LINE)
    return Line(
        id=given["id"].text(),
        letter=given["letter"].text("ABCDEFGHJKLMNPQRSTUVWXYZ"),
        title=_title(given["title"]),
        usual_service_s=given["usual_service_s"].integer(at_least=10),
        seats_per_slot=given["seats_per_slot"].integer(),
        services=tuple(service.text() for service in given["services"].items()),
    )


def _ground(item: Value) -> Ground:
    given = item.fields(["id", "title"], ["id", "title"])
    return Ground(given["id"].text(), _title(given["title"]))


def _title(value: Value) -> Mapping[str, str]:
    return {language: text.text() for language, text in value.fields(LANGUAGES, LANGUAGES).items()}
