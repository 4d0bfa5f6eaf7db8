"""IIN and BIN, the numbers of persons and firms in Kazakhstan: twelve digits, the last a check digit.

With digits a1 … a12, s = Σ i·a_i (i = 1 … 11) mod 11. If s = 10, a second pass takes the weights 3, 4, 5, 6, 7, 8, 9,
10, 11, 1, 2; if it gives 10 again the number is never issued. The check digit a12 is s. A mistyped eleventh digit is
not found by the first pass: its weight is the modulus.

An IIN begins with a birth date (YYMMDD) and has century and sex in its seventh digit; a BIN begins with the year and
month of registration and has 4, 5 or 6 in its fifth. Since 2013 a number that does not fit the birth date is no error,
so only the check digit refuses a number here. The centre's demo people have the impossible seventh digit 9, its demo
firms the impossible fifth digit 9.

>>> validate(" 980417 900018 ")
'980417900018'
>>> is_valid("960215900700")  # its check digit comes from the second pass
True
>>> is_valid("980417900019")
False
>>> format("980417900018")
'980417 900018'
>>> looks_like_a_firms("990940003030"), looks_like_a_firms("980417900018")
(True, False)
>>> can_be_a_firms("200190000017"), can_be_a_firms("980417900018")
(True, False)
>>> validate("98041790001")
Traceback (most recent call last):
center.casework.parties.iin.BadNumber: '98041790001' has 11 characters; an IIN or BIN has 12 digits.
"""

from __future__ import annotations

from typing import Final

from center.errors import N_, BadRequest

LENGTH: Final = 12
_DIGITS: Final = frozenset("0123456789")
"""``str.isdigit`` would let in the digits of other scripts."""
_SEPARATORS: Final = str.maketrans("", "", " -\u00a0\u2009\u202f")
_FIRST_PASS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_PASS: Final = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_FIRMS_FIFTH: Final = frozenset("456")
_DEMO_FIRMS_FIFTH: Final = "9"


class BadNumber(BadRequest):
    """A number that is no IIN or BIN."""

    field = "iin"


def compact(number: str) -> str:
    """The number without the spaces and hyphens that people write into it."""
    return number.translate(_SEPARATORS)


def validate(number: str) -> str:
    """The compact number; raises :class:`BadNumber` saying what is wrong with it."""
    digits = compact(number)
    shown = repr(digits[: LENGTH + 4])
    if len(digits) != LENGTH:
        raise BadNumber(
            N_("%(shown)s has %(digits)s characters; an IIN or BIN has %(length)s digits."),
            shown=shown,
            digits=len(digits),
            length=LENGTH,
        )
    strange = next((character for character in digits if character not in _DIGITS), None)
    if strange is not None:
        raise BadNumber(
            N_("%(shown)s holds '%(strange)s'; an IIN or BIN has only the digits 0 to 9."), shown=shown, strange=strange
        )
    if check_digit(digits[:-1]) != digits[-1]:
        raise BadNumber(N_("%(shown)s is mistyped: its last digit does not fit the others."), shown=shown)
    return digits


def is_valid(number: str) -> bool:
    """Whether a text is an IIN or BIN, spaces and hyphens aside."""
    try:
        validate(number)
    except BadNumber:
        return False
    return True


def format(number: str) -> str:  # noqa: A001 - the four verbs that every number of the centre has
    """The number in two groups of six, as people read it aloud; raises :class:`BadNumber`."""
    digits = validate(number)
    return f"{digits[:6]} {digits[6:]}"


def check_digit(first_eleven: str) -> str | None:
    """The twelfth digit; None for eleven digits that are never issued."""
    digits = [int(character) for character in first_eleven]
    for weights in (_FIRST_PASS, _SECOND_PASS):
        remainder = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
        if remainder < 10:
            return str(remainder)
    return None


def can_be_a_firms(number: str) -> bool:
    """Whether a valid number can be a BIN: one of the demo's firms looks like nobody's."""
    return looks_like_a_firms(number) or number[4] == _DEMO_FIRMS_FIFTH


def looks_like_a_firms(number: str) -> bool:
    """Whether a valid number has the build of a BIN: a hint for whoever typed it into a person's field."""
    return number[4] in _FIRMS_FIFTH
