"""The words of the live page that change while it is open, in a reader's language."""

from __future__ import annotations

from typing import Any

from center.driving_track import words
from center.driving_track.views import DemoFault, LiveView
from center.web.formats import NBSP
from center.web.reader import Reader
from messages.site import Site


def live_words(site: Site, reader: Reader, rate: float) -> dict[str, Any]:
    """What the page's script puts in as the moment changes."""
    _ = reader.translate
    exercises = enumerate(site.route.exercises, 1)
    return {
        "exercises": {one.id: f"{number}. {words.word(words.EXERCISES, one.kind, _)}" for number, one in exercises},
        "no_exercise": _("No exercise"),
        "states": {code: _(text) for code, text in words.STATES.items()} | {"idle": _("No exam")},
        "devices": {code: _(text) for code, text in words.DEVICE_STATES.items()},
        "faults": {code: _(text) for code, text in words.DEVICE_FAULTS.items()},
        "gears": {str(gear): _(text) for gear, text in words.GEARS.items()},
        "cars": {car.id: f"{car.model}, {car.plate}" for car in site.cars},
        "outlines": {car.id: car.outline for car in site.cars},
        "rate": rate,
        "left": _("left"),
        "right": _("right"),
        "unsent": _("unsent") + ":",
        "seconds": NBSP + reader.formats.unit("s"),
    }


def state_text(view: LiveView, reader: Reader) -> str:
    """Where the exam is."""
    return reader.translate(words.STATES.get(view.state or "", "No exam"))


def who_text(view: LiveView, site: Site) -> str:
    """Candidate, car and rules of the exam."""
    cars = {car.id: f"{car.model}, {car.plate}" for car in site.cars}
    car = cars.get(view.car_id or "", view.car_id)
    return " · ".join(part for part in (view.candidate, car, view.rules) if part)


def breakage(fault: DemoFault, reader: Reader) -> dict[str, Any]:
    """A way to break the demo, in words."""
    title, text = words.DEMO_FAULTS.get(fault.fault_id, (fault.fault_id.replace("_", " "), ""))
    title, text = reader.translate(title), reader.translate(text) if text else ""
    return {"id": fault.fault_id, "active": fault.active, "title": title, "text": text}
