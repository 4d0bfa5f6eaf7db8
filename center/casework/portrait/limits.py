"""The limits of a portrait, as dated data read strictly."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Final

from center import rulesets
from center.casework.portrait.judgement import Limits
from center.rulesets import Value

PATH: Final = Path(__file__).parents[1] / "rulesets" / "portrait.yaml"
_NUMBERS: Final = tuple(field.name for field in dataclasses.fields(Limits) if field.name != "provisional")
_FIELDS: Final = ("from", "provisional", "clause", *_NUMBERS)


def load(on: date, path: Path = PATH) -> Limits:
    """The limits in force on a day; raises :class:`BadRuleData`."""
    return read(rulesets.read(path), on)


def read(document: Value, on: date) -> Limits:
    """The limits in force on a day from a document; raises :class:`BadRuleData`."""
    listed = document.fields(["editions"], ["editions"])["editions"]
    editions = [item.fields(_FIELDS, _FIELDS) for item in listed.items()]
    in_force = [edition for edition in editions if edition["from"].day() <= on]
    if not in_force:
        listed.place.refuse(f"no edition is in force on {on.isoformat()}")
    newest = max(in_force, key=lambda edition: edition["from"].day())
    numbers = {name: newest[name].integer() for name in _NUMBERS}
    return Limits(**numbers, provisional=newest["provisional"].boolean())
