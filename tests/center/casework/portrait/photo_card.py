"""A service that wants a portrait, added to the centre's own; the small certificate wants none."""

from __future__ import annotations

from pathlib import Path

import pytest

from center.casework import fee_schedule, services_file
from center.casework.services import Services
from center.people import powers_file

SERVICE = "photo_card"


def add(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give it to the centre of this process."""
    path = Path(__file__).parent / f"{SERVICE}.yaml"
    fees = frozenset(fee_schedule.load().fees)
    editions = services_file.parse(path.read_bytes(), path.name, powers=powers_file.load(), fees=fees)
    services = Services({**services_file.load().editions, SERVICE: editions})
    monkeypatch.setattr(services_file, "load", lambda: services)
