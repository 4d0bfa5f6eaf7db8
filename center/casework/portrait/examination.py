"""A picture from the desk's camera, examined: what is wrong with it, and the fresh JPEG that is kept of it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from center.casework import confinement
from center.casework.documents import scans
from center.casework.documents.refusal import BadScan
from center.casework.fields import N_, Fault
from center.casework.portrait import judgement
from center.casework.portrait.judgement import Check, Limits
from center.casework.portrait.measures import Measures


@dataclass(frozen=True, slots=True)
class Portrait:
    """An examined picture; it will do if it has no faults."""

    measures: Measures
    checks: tuple[Check, ...]
    faults: tuple[Fault, ...]
    jpeg: bytes


def examine(data: bytes, limits: Limits) -> Portrait:
    """Measure and judge a picture; raises :class:`BadScan` for what is no picture at all."""
    if scans.examine(data).media is scans.Media.PDF:
        raise BadScan(N_("A portrait is a JPEG or a PNG."))
    output = confinement.run("center.casework.portrait.process", data)
    if output is None:
        raise BadScan(N_("The picture is broken or cut off."))
    length = int.from_bytes(output[:4], "big")
    measures = msgspec.json.decode(output[4 : 4 + length], type=Measures)
    checks = tuple(judgement.checks(measures, limits))
    return Portrait(measures, checks, tuple(judgement.faults(measures, limits)), output[4 + length :])
