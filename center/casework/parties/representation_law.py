"""What the law says about representation, as dated data read strictly."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from center import rulesets
from center.casework.parties.representation import Law
from center.rulesets import Value

PATH: Final = Path(__file__).parents[1] / "rulesets" / "representation.yaml"
_NUMBERS: Final = (
    "adult_from_years",
    "own_hand_from_years",
    "longest_power_of_attorney_years",
    "power_of_attorney_without_term_years",
)
_FIELDS: Final = ("from", *_NUMBERS, "one_person_may_represent_both_sides", "provisional", "clause")


def load(on: date, path: Path = PATH) -> Law:
    """The law in force on a day; raises :class:`BadRuleData`."""
    return read(rulesets.read(path), on)


def read(document: Value, on: date) -> Law:
    """The law in force on a day from a document; raises :class:`BadRuleData`."""
    top = document.fields(["editions", "personal_acts", "acts"], ["editions", "personal_acts", "acts"])
    personal, acts = (frozenset(item.text() for item in top[name].items()) for name in ("personal_acts", "acts"))
    if both := sorted(personal & acts):
        top["acts"].place.refuse(f"{both[0]!r} is an act that a representative can do, and one that nobody else can")
    editions = [item.fields(_FIELDS, _FIELDS) for item in top["editions"].items()]
    in_force = [edition for edition in editions if edition["from"].day() <= on]
    if not in_force:
        top["editions"].place.refuse(f"no edition is in force on {on.isoformat()}")
    newest = max(in_force, key=lambda edition: edition["from"].day())
    adult, own_hand, longest, usual = (newest[name].integer(at_least=1, at_most=100) for name in _NUMBERS)
    both_sides = newest["one_person_may_represent_both_sides"].boolean()
    return Law(personal, acts, adult, own_hand, longest, usual, both_sides, newest["provisional"].boolean())
