"""The file by which a demo's gateway knows its devices, their lines and keys, and its broker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import yaml

from messages.clock import TimeScale
from messages.site import Device, Site

_SOURCES: Final = {"nmea_gnss": "serial", "exam_car_can": "slcan"}
"""Which kind of line a simulated device writes to; what has none speaks MQTT itself."""


def write(folder: Path, site: Site, gateway: str, devices: Sequence[Device], port: int, scale: TimeScale) -> Path:
    """Write it into the demo's folder; ``port``: where the gateway reaches the broker."""
    document = {
        "centre_id": site.centre_id,
        "gateway_id": gateway,
        "broker": f"mqtt://127.0.0.1:{port}",
        "credential": {"file": str(folder / "keys" / f"{gateway}.password")},
        "state": str(folder / "outbox" / gateway),
        "devices": [
            {
                "id": one.id,
                "model": one.model,
                "key": str(folder / "keys" / f"{one.id}.pem"),
                "source": {"kind": _SOURCES[one.model], "path": str(folder / "lines" / one.id)},
            }
            for one in devices
        ],
        "demo": True,
        "time_scale": str(scale),
    }
    path = folder / f"{gateway}.yaml"
    path.write_text(yaml.safe_dump(document))
    return path
