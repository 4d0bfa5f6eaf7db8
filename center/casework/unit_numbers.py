"""The numbers that an inspector reads off a vehicle: body, engine and chassis. Pure.

Of the body's number the papers say what it must be; it is typed as it is read, without being shown before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from center.casework import vin
from center.casework.fields import N_, Fields
from center.casework.services import BODY, UNITS
from center.errors import BadRequest

PREFIX: Final = "unit_"
"""How their fields begin in a form."""
_LONGEST: Final = 25
_NUMBER: Final = re.compile(r"[0-9A-ZА-ЯЁ*/-]{3,25}")
"""Older makers stamped Cyrillic letters, and stars at both ends; no standard bounds an engine's or chassis's number."""


class UnitNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As they stand on the vehicle; empty: it has none."""

    body: str
    engine: str = ""
    chassis: str = ""


def read(given: Mapping[str, str], units: Collection[str], expected_vin: str) -> UnitNumbers:
    """The numbers from a form; raises :class:`BadFields` with every fault.

    A body whose number is not the vehicle's is no inspection that was passed.
    """
    fields = Fields({PREFIX + one: given.get(PREFIX + one, "") for one in UNITS})
    told = {one: _number(fields, one) for one in UNITS if one in units}
    if told.get(BODY) and told[BODY] != expected_vin:
        text = N_(
            "%(value)s is not the vehicle of this case. Read it again; if it stays so, suspend or refuse the case."
        )
        fields.fault(PREFIX + BODY, text, value=told[BODY])
    for name in set(UNITS) - set(units):
        if fields.text(PREFIX + name, at_most=_LONGEST, required=False):
            fields.fault(PREFIX + name, N_("This number is not asked for."))
    fields.finish()
    return UnitNumbers(**told)


def _number(fields: Fields, unit: str) -> str:
    name = PREFIX + unit
    text = fields.text(name, at_most=_LONGEST, required=unit == BODY)
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    if not number:
        return ""
    if unit == BODY:
        try:
            return vin.validate(number)
        except BadRequest as error:
            fields.fault(name, error.text)
            return ""
    if _NUMBER.fullmatch(number) is None:
        fields.fault(name, N_("%(value)s is no unit's number: 3 to 25 letters, digits, * / - only."), value=number)
        return ""
    return number
