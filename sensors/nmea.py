r"""Cuts a receiver's bytes into NMEA 0183 sentences, whatever the pieces they come in.

A sentence is ``$`` body ``*`` two hex digits and CR or LF; the digits are the XOR of the body's bytes. Between
sentences there may be u-blox binary frames (``B5 62``, class, id, length, payload, two checksum bytes), which are
passed over by their length, so that a ``$`` inside one is not taken for a sentence.

>>> framer = NmeaFramer()
>>> framer.feed(b"$GPHDT,274.07,T*03\r")
['GPHDT,274.07,T']
>>> framer.feed(b"\n$GPHDT,27"), framer.feed(b"4.07,T*04\n"), dict(framer.rejected)
([], [], {'bad_checksum': 1})
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate
from typing import Final

MAX_SENTENCE: Final = 200
"""NMEA 0183 allows 82 characters; receivers with high precision write more."""
MAX_UBX_PAYLOAD: Final = 8192
_UBX_OVERHEAD: Final = 8

_START = re.compile(rb"[$\xb5]")
_SENTENCE = re.compile(rb"\$([ -#%-)+-~]{1,196})\*([0-9A-Fa-f]{2})[\r\n]")
_NOT_IN_SENTENCE = re.compile(rb"[^ -#%-~]")


def nmea_checksum(body: bytes) -> int:
    """XOR of all bytes of a sentence's body, folded in halves (up to 512 bytes)."""
    folded = int.from_bytes(body, "big")
    for bits in (2048, 1024, 512, 256, 128, 64, 32, 16, 8):
        folded ^= folded >> bits
    return folded & 0xFF


def ubx_checksum(covered: bytes) -> bytes:
    """The two bytes of the 8-bit Fletcher sum (u-blox interface description) over class, id, length and payload."""
    return bytes((sum(covered) & 0xFF, sum(accumulate(covered)) & 0xFF))


class NmeaFramer:
    """Feed it bytes, it gives the bodies of the sentences whose checksum is right and counts the rest by reason."""

    def __init__(self) -> None:
        self.rejected: Counter[str] = Counter()
        self.ubx_frames = 0
        self._held = b""

    def feed(self, data: bytes) -> list[str]:
        """The bodies (between ``$`` and ``*``) of the sentences that are complete with these bytes."""
        return self._cut(data, is_last=False)

    def finish(self) -> list[str]:
        """What was held back because more bytes might have come."""
        return self._cut(b"", is_last=True)

    def restart(self) -> None:
        """Drop what is half read."""
        if self._held:
            self.rejected["truncated"] += 1
        self._held = b""

    def _cut(self, data: bytes, *, is_last: bool) -> list[str]:
        buffer = self._held + data if self._held else data
        bodies: list[str] = []
        position = 0
        while (start := _START.search(buffer, position)) is not None:
            at = start.start()
            match = _SENTENCE.match(buffer, at)
            if match is not None:
                position = match.end()
                body, digits = match.groups()
                if nmea_checksum(body) == int(digits, 16):
                    bodies.append(body.decode("ascii"))
                else:
                    self.rejected["bad_checksum"] += 1
                continue
            following = self._pass_over(buffer, at, is_last=is_last)
            if following is None:
                self._held = buffer[at:]
                return bodies
            position = following
        self._held = b""
        return bodies

    def _pass_over(self, buffer: bytes, at: int, *, is_last: bool) -> int | None:
        """Where to go on after something at ``at`` that is no sentence; None: it may become one with more bytes."""
        if buffer[at] == 0xB5:
            return self._pass_over_ubx(buffer, at, is_last=is_last)
        end = _NOT_IN_SENTENCE.search(buffer, at + 1)
        length = (end.start() if end else len(buffer)) - at
        if length > MAX_SENTENCE:
            return self._reject("too_long", at + length)
        if end is None:
            return self._reject("truncated", at + length) if is_last else None
        if buffer[end.start()] not in b"\r\n":
            return self._reject("truncated", end.start())
        has_checksum = buffer.find(b"*", at, end.start()) >= 0
        return self._reject("unreadable" if has_checksum else "no_checksum", end.start())

    def _pass_over_ubx(self, buffer: bytes, at: int, *, is_last: bool) -> int | None:
        if len(buffer) - at >= 2 and buffer[at + 1] != 0x62:
            return at + 1
        if len(buffer) - at >= 6:
            payload = int.from_bytes(buffer[at + 4 : at + 6], "little")
            end = at + _UBX_OVERHEAD + payload
            if payload > MAX_UBX_PAYLOAD:
                return self._reject("ubx_length", at + 2)
            if len(buffer) >= end:
                if ubx_checksum(buffer[at + 2 : end - 2]) != buffer[end - 2 : end]:
                    return self._reject("ubx_checksum", at + 2)
                self.ubx_frames += 1
                return end
        return self._reject("truncated", at + 1) if is_last else None

    def _reject(self, reason: str, following: int) -> int:
        self.rejected[reason] += 1
        return following
