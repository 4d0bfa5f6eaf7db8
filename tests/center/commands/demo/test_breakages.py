"""What the page's panel asks of the demo, and what the demo does to its hardware."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from center.commands.demo import breakages as module
from center.commands.demo.breakages import Breakages, breakages_of
from center.driving_track.demo_faults import DemoFaults
from center.errors import NotFound
from messages import site as survey

SITE = survey.load(Path(__file__).parents[4] / "sites" / "sarytau")


class Hardware:
    """Simulators and a cable that remember what was done to them."""

    def __init__(self) -> None:
        self.broken: dict[str, str] = {}

    def break_(self, device: str, fault: str) -> None:
        self.broken[device] = fault

    def mend(self, device: str = "cable") -> None:
        self.broken.pop(device, None)

    def cut(self) -> None:
        self.broken["cable"] = "cut"


@pytest.fixture
def panel(tmp_path: Path) -> tuple[DemoFaults, Hardware, Breakages]:
    hardware: Any = Hardware()
    path = tmp_path / ("deep-" * 30) / "socket"  # deeper than the address of a socket may be long
    path.parent.mkdir()
    broken = Breakages(path, SITE, hardware, {"car-1": hardware, "car-2": hardware}, lambda: "car-2")
    return DemoFaults(path), hardware, broken


def _active(panel: DemoFaults) -> set[str]:
    return {one.fault_id for one in panel.all() if one.active}


def test_everything_can_be_broken_and_mended(panel: tuple[DemoFaults, Hardware, Breakages]) -> None:
    faults, hardware, _ = panel
    for fault in breakages_of(SITE):
        faults.set(fault, True)
        assert hardware.broken
        assert fault in _active(faults)
        faults.set(fault, False)
        assert hardware.broken == {}
    assert _active(faults) == set()


def test_it_is_the_car_that_drives_whose_receiver_is_unplugged(panel: tuple[DemoFaults, Hardware, Breakages]) -> None:
    faults, hardware, _ = panel
    faults.set("satellite_lost", True)
    assert hardware.broken == {"car-2-gnss": "silent"}


def test_of_two_faults_of_a_device_the_newer_holds(panel: tuple[DemoFaults, Hardware, Breakages]) -> None:
    faults, hardware, _ = panel
    faults.set("satellite_float", True)
    faults.set("satellite_lost", True)
    assert hardware.broken == {"car-2-gnss": "silent"}
    assert _active(faults) == {"satellite_lost"}


def test_before_the_next_exam_everything_works_again(panel: tuple[DemoFaults, Hardware, Breakages]) -> None:
    faults, hardware, broken = panel
    for fault in ("cones_unplugged", "car_bus_lost", "gateway_link_cut"):
        faults.set(fault, True)
    broken.mend_all()
    assert hardware.broken == {}
    assert _active(faults) == set()


def test_a_cut_link_is_mended_by_itself(
    panel: tuple[DemoFaults, Hardware, Breakages], monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, hardware, _ = panel
    monkeypatch.setattr(module, "CUT_FOR_S", 0.2)
    faults.set("gateway_link_cut", True)
    assert hardware.broken == {"cable": "cut"}
    deadline = time.monotonic() + 5.0
    while hardware.broken:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert _active(faults) == set()


def test_what_is_not_on_the_list_cannot_be_broken(panel: tuple[DemoFaults, Hardware, Breakages]) -> None:
    with pytest.raises(NotFound, match="no fault 'warp'"):
        panel[0].set("warp", True)
