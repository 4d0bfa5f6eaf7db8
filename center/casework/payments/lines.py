"""Which of a payment's fees a refund gives back: from the first line on, after what went back before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """So much of one fee."""

    fee_id: str
    tenge: int


def given_back(lines: Iterable[Part], before_tenge: int, tenge: int) -> list[Part]:
    """The parts of a refund of ``tenge``, of whose payment ``before_tenge`` went back already.

    >>> given_back([Part("a", 100), Part("b", 50)], before_tenge=90, tenge=40)
    [Part(fee_id='a', tenge=10), Part(fee_id='b', tenge=30)]
    """
    parts, begin = [], 0
    for line in lines:
        end = begin + line.tenge
        from_here = max(0, min(end, before_tenge + tenge) - max(begin, before_tenge))
        if from_here:
            parts.append(Part(line.fee_id, from_here))
        begin = end
    return parts
