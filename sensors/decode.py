"""What a capture holds: its readings as JSON lines, or all of it in one summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from sensors.can_frame import EXTENDED, unpack
from sensors.dbc import BadFrame, FrameReader, Value
from sensors.device import Chunk, Device, Timed
from sensors.models import CAN_MODELS, EXAM_CAR_DBC, MODELS, make_device
from sensors.sources import capture

CAN_PREFIX: Final = "can:"


class UnknownDevice(ValueError):
    """A device that is no model and no DBC file; the text says what is allowed."""


class SignalTotals:
    """Frames by message, and the lowest and highest value of each signal of a DBC file's messages."""

    def __init__(self, dbc_text: str) -> None:
        """Raises :class:`sensors.dbc.BadDbc`."""
        self.frames: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self._reader = FrameReader(dbc_text)
        self._ranges: dict[str, tuple[int | float, int | float]] = {}

    def take(self, frame: Chunk) -> tuple[str, dict[str, Value]] | None:
        """A frame's message and signals; None if the DBC file does not know it, or if it cannot be read."""
        identifier, payload = unpack(frame.data)
        plan = self._reader.plans.get(identifier)
        if plan is None:
            self.frames[f"0x{identifier & ~EXTENDED:03X}"] += 1
            return None
        try:
            values = plan.read(payload)
        except BadFrame as refusal:
            self.rejected[refusal.reason] += 1
            return None
        self.frames[plan.name] += 1
        for name, value in values.items():
            if value is not None:
                key = f"{plan.name}.{name}"
                lowest, highest = self._ranges.get(key, (value, value))
                self._ranges[key] = (min(lowest, value), max(highest, value))
        return plan.name, values

    def ranges(self) -> dict[str, dict[str, float]]:
        """Of each signal, without the last bits that a scale of 0.1 brings in."""
        return {
            key: {"lowest": round(lowest, 9), "highest": round(highest, 9)}
            for key, (lowest, highest) in sorted(self._ranges.items())
        }


def readings_of(device: str, path: Path) -> Iterator[dict[str, Any]]:
    """The capture's readings in order, ready for JSON; for ``can:PATH.dbc`` the signals of each frame that it knows.

    Raises :class:`UnknownDevice`, OSError and :class:`sensors.dbc.BadDbc`.
    """
    if device.startswith(CAN_PREFIX):
        totals = SignalTotals(_dbc_text(device))
        for frame in capture.read_frames(path, totals.rejected):
            taken = totals.take(frame)
            if taken is not None:
                yield {"source_time_ns": frame.source_time_ns, "message": taken[0], "signals": taken[1]}
        return
    driver = _driver(device)
    for timed in _run(driver, _chunks(device, path, Counter())):
        yield {"source_time_ns": timed.source_time_ns, **msgspec.to_builtins(timed.reading)}


def summary_of(device: str, path: Path) -> dict[str, Any]:
    """The capture in one object; raises as :func:`readings_of` does.

    ``accepted``: sentences or frames by kind; ``rejected``: by reason; ``signals``: lowest and highest value of each
    CAN signal; ``fix_qualities`` and ``quality_changes`` of a satellite receiver.
    """
    summary: dict[str, Any] = {"device": device, "file": str(path)}
    if device.startswith(CAN_PREFIX):
        totals = SignalTotals(_dbc_text(device))
        for frame in capture.read_frames(path, totals.rejected):
            totals.take(frame)
        return summary | {
            "accepted": _sorted(totals.frames),
            "rejected": _sorted(totals.rejected),
            "signals": totals.ranges(),
        }
    driver = _driver(device)
    unread: Counter[str] = Counter()
    chunks = _chunks(device, path, unread)
    signals: SignalTotals | None = None
    if device in CAN_MODELS:
        signals = SignalTotals(EXAM_CAR_DBC.read_text(encoding="cp1252"))
        chunks = _watched(chunks, signals)
    kinds = Counter(str(timed.reading.__struct_config__.tag) for timed in _run(driver, chunks))
    summary |= {
        "accepted": _sorted(driver.counts.accepted),
        "rejected": _sorted(driver.counts.rejected + unread),
        "readings": _sorted(kinds),
        **driver.summary(),
    }
    return summary if signals is None else summary | {"signals": signals.ranges()}


def _driver(device: str) -> Device:
    if device not in MODELS:
        raise UnknownDevice(f"{device!r} is no device; those are {', '.join(MODELS)} and {CAN_PREFIX}PATH.dbc")
    return make_device(device)


def _dbc_text(device: str) -> str:
    return Path(device.removeprefix(CAN_PREFIX)).read_text(encoding="cp1252")


def _chunks(device: str, path: Path, unread: Counter[str]) -> Iterator[Chunk]:
    return capture.read_frames(path, unread) if device in CAN_MODELS else capture.read_bytes(path)


def _watched(chunks: Iterator[Chunk], totals: SignalTotals) -> Iterator[Chunk]:
    for chunk in chunks:
        totals.take(chunk)
        yield chunk


def _run(driver: Device, chunks: Iterator[Chunk]) -> Iterator[Timed]:
    for chunk in chunks:
        yield from driver.read(chunk)
    yield from driver.finish()


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))
