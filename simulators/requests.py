"""What a demo asks of the running simulators: one JSON object a line, read strictly."""

from __future__ import annotations

import msgspec

from simulators.scenario import Fault


class BadRequest(ValueError):
    """A line that is no request; the text says why."""


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Break(_Strict, frozen=True):
    """Break a device (a car's receiver or bus, a track controller) or one element of the track."""

    device: str
    fault: Fault = Fault.SILENT


class Mend(_Strict, frozen=True):
    """Mend what was broken."""

    device: str


class Request(_Strict, frozen=True, rename={"break_": "break"}):
    """Exactly one of ``drive``, ``break``, ``mend`` and ``stop``; the rest goes with ``drive``."""

    drive: str | None = None
    """A scenario's name or file."""
    car: str | None = None
    seed: int | None = None
    exam_id: str | None = None
    break_: Break | None = None
    mend: Mend | None = None
    stop: bool = False


_decoder = msgspec.json.Decoder(Request)


def parse(line: str) -> Request:
    """Read one line; raises :class:`BadRequest`."""
    try:
        request = _decoder.decode(line)
    except msgspec.MsgspecError as error:
        raise BadRequest(f"{line.strip()[:200]!r}: {error}") from error
    asked = [request.drive is not None, request.break_ is not None, request.mend is not None, request.stop]
    if sum(asked) != 1:
        raise BadRequest(f"{line.strip()[:200]!r}: exactly one of drive, break, mend and stop is allowed")
    return request
