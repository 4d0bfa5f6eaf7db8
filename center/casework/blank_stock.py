"""Series of blank forms and how their serial numbers are written. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Receipt:
    """Blanks that came: ``count`` of a series, from a number on.

    >>> serial_in("AA-000012", Receipt("AA", 1, 100)), serial_in("AA-000101", Receipt("AA", 1, 100))
    (True, False)
    """

    series: str
    first: int
    count: int

    def overlaps(self, other: Receipt) -> bool:
        """Whether a blank would have come twice."""
        begins, ends = max(self.first, other.first), min(self.first + self.count, other.first + other.count)
        return self.series == other.series and begins < ends


def serial(series: str, number: int) -> str:
    """``AA-000012``"""
    return f"{series}-{number:0{_DIGITS}d}"


def serial_in(text: str, receipt: Receipt) -> bool:
    """Whether this blank came with that receipt."""
    series, _, digits = text.rpartition("-")
    is_number = len(digits) == _DIGITS and digits.isascii() and digits.isdigit()
    return is_number and series == receipt.series and 0 <= int(digits) - receipt.first < receipt.count
