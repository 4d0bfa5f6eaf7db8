"""A track with as many cars as a measurement wants, and their messages in real chains."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.recordings import ROOT, Told
from messages import keys, topics
from messages import site as survey
from messages.intake_log import RecordedMessage
from messages.site import FILES, Car, Site
from simulators.recorder import Post, Sent, chained, key_of

SITE = ROOT / "sites" / "sarytau"
SEED = 1
_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Fleet:
    """A copy of the reference centre with ``car-1`` to ``car-n``, all built like the survey's first car."""

    folder: Path
    site: Site

    def car(self, number: int) -> Car:
        """The car of that number, from 1 on."""
        return self.site.car(f"car-{number}")

    def public_key(self, device_id: str) -> str:
        """The key that a device is enrolled with, in hex."""
        return keys.public_hex(key_of(device_id, SEED))

    def messages(self, told: Iterable[Told], born_ns: int, until_ns: int) -> list[RecordedMessage]:
        """What was told, chained and signed by its devices, in source order; every device of the survey is alive."""
        posts = {one.id: Post(one.id, one.gateway, one.model, one.kinds, 0) for one in self.site.devices}
        spoken = set()
        for one in told:
            posts[one.device_id].sent.append(Sent(one.source_time_ns, one.source_time_ns, one.body))
            spoken.add(one.device_id)
        quiet_ns = round(topics.QUIET_AFTER_S * _S)
        track = {element.device for element in self.site.elements}
        found: list[RecordedMessage] = []
        for name in sorted(spoken | track):
            found += chained(posts[name], self.site.centre_id, SEED, born_ns, until_ns, quiet_ns=quiet_ns)
        return sorted(found, key=lambda message: message.source_time_ns)


def build(folder: Path, cars: int) -> Fleet:
    """Write the site's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        document = yaml.load((SITE / name).read_text("utf-8"), Loader=yaml.CSafeLoader)
        if "cars" in document:
            document["cars"] = [_car(document["cars"][0], number) for number in range(1, cars + 1)]
        if "devices" in document:
            track = [one for one in document["devices"] if one["model"] == "track_controller"]
            document["devices"] = [*track, *(one for number in range(1, cars + 1) for one in _devices(number))]
        (folder / name).write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return Fleet(folder, survey.load(folder))


def _car(first: dict[str, Any], number: int) -> dict[str, Any]:
    car = copy.deepcopy(first)
    car["id"] = f"car-{number}"
    car["satellite_device"], car["bus_device"] = f"car-{number}-gnss", f"car-{number}-can"
    return car


def _devices(number: int) -> list[dict[str, Any]]:
    return [
        {"id": f"car-{number}-gnss", "gateway": f"car-{number}", "model": "nmea_gnss", "kinds": ["satellite_pose"]},
        {"id": f"car-{number}-can", "gateway": f"car-{number}", "model": "exam_car_can", "kinds": ["car_state"]},
    ]
