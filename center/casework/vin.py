"""A vehicle's identification number (ISO 3779): how it is written, and the check digit that only some makers set. Pure.

The check digit is compulsory in North America (49 CFR 565.15) and meaningless elsewhere: one that does not fit is told
to whoever compares the numbers, and refuses nothing.
"""

from __future__ import annotations

import re
from typing import Final

from center.errors import N_, BadRequest

_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}", re.ASCII)
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VALUES: Final = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_CHECK_AT: Final = 8


def validate(text: str) -> str:
    """The number in its one form, without spaces and in capitals; raises :class:`BadRequest`, naming no value."""
    number = re.sub(r"[ -]", "", text).upper()
    if _VIN.fullmatch(number) is None:
        raise BadRequest(N_("A VIN has 17 Latin letters and digits, and never I, O or Q."))
    return number


def check_digit_fits(number: str) -> bool:
    """Whether the ninth sign is what the others give; for a number that :func:`validate` took."""
    rest = sum(weight * _VALUES[sign] for weight, sign in zip(_WEIGHTS, number, strict=True)) % 11
    return number[_CHECK_AT] == ("X" if rest == 10 else str(rest))
