"""Which device models there are, and what each needs: the one table that a new driver is added to."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sensors.device import Device
from sensors.devices.exam_car_can import ExamCarCan
from sensors.devices.nmea_gnss import NmeaGnss

EXAM_CAR_DBC: Final = Path(__file__).resolve().parent.parent / "sites" / "vehicles" / "exam_car.dbc"
MODELS: Final = (NmeaGnss.model, ExamCarCan.model)
CAN_MODELS: Final = (ExamCarCan.model,)
"""Those that read CAN frames; the others read a serial line's bytes."""


def make_device(model: str, dbc: Path | None = None) -> Device:
    """A driver; ``dbc`` is a CAN model's file if it is another than its own.

    Raises KeyError for a model that is not in ``MODELS``, OSError and ``sensors.dbc.BadDbc`` for the file.
    """
    if model == NmeaGnss.model:
        return NmeaGnss()
    if model == ExamCarCan.model:
        return ExamCarCan((dbc or EXAM_CAR_DBC).read_text(encoding="cp1252"))
    raise KeyError(model)
