"""Up to where a device's messages have arrived without a hole: what the centre may acknowledge."""

from __future__ import annotations


class Received:
    """Which sequence numbers of a boot have arrived, for the acknowledgement: the highest with none missing before.

    A boot known from its start counts from 0. If the first message seen is a later one, ``through`` stays None until
    ``settle`` says that the sender has offered everything that it still holds.
    """

    def __init__(self, through: int | None = None) -> None:
        self._through = through
        self._ahead: set[int] = set()

    @property
    def through(self) -> int | None:
        """The highest sequence number up to which nothing is missing; None: not known yet, acknowledge nothing."""
        return self._through

    @property
    def has_hole(self) -> bool:
        """Whether something later has arrived than what is missing."""
        return bool(self._ahead)

    def add(self, seq: int) -> bool:
        """Take one number in; False if it had arrived before."""
        through = self._through
        if through is None:
            if seq == 0:
                self._advance(0)
                return True
        elif seq == through + 1:
            self._advance(seq)
            return True
        elif seq <= through:
            return False
        is_new = seq not in self._ahead
        self._ahead.add(seq)
        return is_new

    def settle(self) -> tuple[int, int] | None:
        """Give the lowest hole up: what it held cannot come any more. Returns its first and last number.

        Called when messages have been held back for longer than the sender waits before it sends everything again.
        """
        if not self._ahead:
            return None
        lowest = min(self._ahead)
        lost = None if self._through is None else (self._through + 1, lowest - 1)
        self._ahead.discard(lowest)
        self._advance(lowest)
        return lost

    def _advance(self, seq: int) -> None:
        ahead = self._ahead
        while ahead and seq + 1 in ahead:
            seq += 1
            ahead.discard(seq)
        self._through = seq
