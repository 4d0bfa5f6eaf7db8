"""The data file of appeal times, read strictly."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from center import rulesets
from center.casework.retention import AppealTime

FILE: Final = Path(__file__).parent / "rulesets" / "retention.yaml"


@cache
def load(path: Path = FILE) -> tuple[AppealTime, ...]:
    """The appeal times that ship with the centre; raises :class:`BadRuleData`."""
    return parse(path.read_bytes(), path.name)


def parse(data: bytes, file: str) -> tuple[AppealTime, ...]:
    """Appeal times from a file's bytes, in the order of their dates; raises :class:`BadRuleData`."""
    root = rulesets.parse(data, file).fields(("pack", "appeal"), required=("pack", "appeal"))
    root["pack"].text(("retention",))
    found: list[AppealTime] = []
    names = ("from", "days", "clause", "source", "provisional")
    for value in root["appeal"].items():
        fields = value.fields(names, required=names)
        fields["source"].text()
        one = AppealTime(
            fields["from"].day(),
            fields["days"].integer(1, 3660),
            fields["clause"].text(),
            fields["provisional"].boolean(),
        )
        if found and one.valid_from <= found[-1].valid_from:
            value.place.refuse(f"{one.valid_from} does not come after {found[-1].valid_from}")
        found.append(one)
    if not found:
        root["appeal"].place.refuse("at least one appeal time is needed")
    return tuple(found)
