"""The machine-readable zone of an identity document (ICAO Doc 9303, parts 4 to 6), as a scanner types it. Pure.

TD1 (cards) has three lines of 30 signs, TD2 two of 36, TD3 (passports) two of 44. Names are Latin in it whatever the
document's own script, so they only propose what the operator writes. A Kazakh document carries the IIN in its optional
field.

>>> told = read("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\\nL898902C36UTO7408122F1204159ZE184226B<<<<<10", date(2026, 4, 14))
>>> (told.family_name, told.given_names, told.number, told.born_on.isoformat())
('ERIKSSON', 'ANNA MARIA', 'L898902C3', '1974-08-12')
"""  # noqa: E501 - a line of a passport is as long as it is

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from center.casework.fields import N_, BadFields, Fault
from center.casework.parties import iin

FIELD: Final = "entry"
_LINE: Final = re.compile(r"[A-Z0-9<]+")
_SHAPES: Final = {(3, 30): "TD1", (2, 36): "TD2", (2, 44): "TD3"}
_WEIGHTS: Final = (7, 3, 1)


@dataclass(frozen=True, slots=True)
class Mrz:
    """What the zone says; ``iin`` is empty where none is in it."""

    is_passport: bool
    issuer: str
    number: str
    family_name: str
    given_names: str
    citizenship: str
    born_on: date | None
    """None: the zone leaves parts of the date open."""
    valid_until: date | None
    iin: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """The zone cut into its fields, in ICAO's names."""

    code: str
    issuer: str
    names: str
    number: str
    number_check: str
    born: str
    born_check: str
    expires: str
    expires_check: str
    nationality: str
    optional: str
    composite: str
    composite_check: str


def lines_of(text: str) -> list[str]:
    """The lines of what was typed, without the spaces that some scanners put in."""
    return [line for raw in text.upper().splitlines() if (line := re.sub(r"\s", "", raw))]


def looks_like_one(text: str) -> bool:
    """Whether this can only be meant as such a zone."""
    lines = lines_of(text)
    return len(lines) >= 2 and "<" in text and all(_LINE.fullmatch(line) and len(line) >= 20 for line in lines)


def read(text: str, on: date) -> Mrz:
    """A zone, its check digits checked; ``on`` tells the century of a birth. Raises :class:`BadFields`."""
    lines = lines_of(text)
    shape = _SHAPES.get((len(lines), len(lines[0]) if lines else 0))
    if shape is None or len({len(line) for line in lines}) != 1 or not all(_LINE.fullmatch(line) for line in lines):
        raise _bad(N_("These are not the lines of an identity document; scan it again."))
    parts = {"TD1": _td1, "TD2": _td2, "TD3": _td3}[shape](lines)
    _check(parts)
    family, _, given = parts.names.partition("<<")
    return Mrz(
        is_passport=parts.code.startswith("P"),
        issuer=_plain(parts.issuer),
        number=_plain(parts.number).replace(" ", ""),
        family_name=_plain(family),
        given_names=_plain(given),
        citizenship=_plain(parts.nationality),
        born_on=_born(parts.born, on),
        valid_until=_day(f"20{parts.expires}"),
        iin=_iin(parts),
    )


def check_digit(text: str) -> str:
    """ICAO's digit over a field: weights 7 3 1, letters from 10, the filler 0, modulo 10."""
    values = (0 if sign == "<" else int(sign, 36) for sign in text)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def _td1(lines: list[str]) -> _Parts:
    one, two, three = lines
    number, number_check, optional = one[5:14], one[14], one[15:30]
    if number_check == "<" and optional.strip("<"):
        # A number longer than nine signs goes on in the optional field and ends with its check digit.
        rest, _, after = optional.partition("<")
        number, number_check, optional = number + rest[:-1], rest[-1], after
    composite = one[5:30] + two[0:7] + two[8:15] + two[18:29]
    return _Parts(
        one[0:2], one[2:5], three, number, number_check, two[0:6], two[6], two[8:14], two[14], two[15:18],
        optional, composite, two[29],
    )  # fmt: skip


def _td2(lines: list[str]) -> _Parts:
    one, two = lines
    composite = two[0:10] + two[13:20] + two[21:35]
    return _Parts(
        one[0:2], one[2:5], one[5:], two[0:9], two[9], two[13:19], two[19], two[21:27], two[27], two[10:13],
        two[28:35], composite, two[35],
    )  # fmt: skip


def _td3(lines: list[str]) -> _Parts:
    one, two = lines
    composite = two[0:10] + two[13:20] + two[21:43]
    return _Parts(
        one[0:2], one[2:5], one[5:], two[0:9], two[9], two[13:19], two[19], two[21:27], two[27], two[10:13],
        two[28:42], composite, two[43],
    )  # fmt: skip


def _check(parts: _Parts) -> None:
    for text, digit, what in (
        (parts.number, parts.number_check, N_("The document's number does not fit its check digit; scan it again.")),
        (parts.born, parts.born_check, N_("The date of birth does not fit its check digit; scan it again.")),
        (parts.expires, parts.expires_check, N_("The last day does not fit its check digit; scan it again.")),
        (parts.composite, parts.composite_check, N_("The lines do not fit their check digit; scan them again.")),
    ):
        if check_digit(text) != digit.replace("<", "0"):
            raise _bad(what)


def _iin(parts: _Parts) -> str:
    found = re.match(r"[0-9]{12}", parts.optional.lstrip("<"))
    return found[0] if found and iin.is_valid(found[0]) else ""


def _plain(text: str) -> str:
    return re.sub(r"<+", " ", text).strip()


def _born(text: str, on: date) -> date | None:
    """Two digits of a year: the latest year that is not to come."""
    day = _day(f"20{text}")
    return _day(f"19{text}") if day is None or day > on else day


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def _bad(text: str) -> BadFields:
    return BadFields([Fault(FIELD, text)])
