"""What a track controller says, and when."""

from __future__ import annotations

from pathlib import Path

import pytest

from messages import site as sites
from messages.readings import Aspect, BarrierPosition, Beam, ConeTilt, TrafficLight
from simulators.devices.track_controller import State, TrackController, body_of
from simulators.scenario import Fault

SITE = sites.load(Path("sites/sarytau"))
SECOND = 1_000_000_000
RESTING: dict[str, State] = {
    "light-rail": Aspect.OFF,
    "barrier-rail": BarrierPosition.UP,
    "beam-zebra": False,
    "lamp-emergency": Aspect.OFF,
    "loop-emergency": False,
}


def controller() -> TrackController:
    return TrackController("track-north", SITE.elements)


def test_it_knows_its_own_elements_only() -> None:
    assert set(controller().element_ids) == set(RESTING)


def test_at_birth_it_says_everything_and_then_only_changes() -> None:
    one = controller()
    assert len(one.look(0, RESTING)) == 5
    assert one.look(SECOND, RESTING) == []
    assert one.look(2 * SECOND, {**RESTING, "beam-zebra": True}) == [Beam("beam-zebra", True)]


def test_everything_is_said_again_every_5_s_and_when_asked() -> None:
    one = controller()
    one.look(0, RESTING)
    assert len(one.look(5 * SECOND, RESTING)) == 5
    one.announce()
    assert len(one.look(6 * SECOND, RESTING)) == 5


def test_a_silent_element_says_nothing_until_it_is_mended() -> None:
    one = controller()
    one.look(0, RESTING)
    one.silence("beam-zebra")
    assert one.look(SECOND, {**RESTING, "beam-zebra": True}) == []
    assert len(one.look(5 * SECOND, RESTING)) == 4
    one.mend("beam-zebra")
    assert one.look(6 * SECOND, {**RESTING, "beam-zebra": True}) == [Beam("beam-zebra", True)]


@pytest.mark.parametrize(("fault", "shown"), [(Fault.BLIND, False), (Fault.BLOCKED, True)])
def test_a_blind_beam_feels_nothing_and_a_blocked_one_always_something(fault: Fault, shown: bool) -> None:
    one = controller()
    one.fail("beam-zebra", fault)
    for truth in (True, False):
        assert Beam("beam-zebra", shown) in one.look(SECOND, {**RESTING, "beam-zebra": truth})
        one.announce()


@pytest.mark.parametrize(("element", "fault"), [("light-rail", Fault.BLIND), ("beam-zebra", Fault.FLOAT)])
def test_a_fault_that_an_element_cannot_have_is_refused(element: str, fault: Fault) -> None:
    with pytest.raises(ValueError, match=element):
        controller().fail(element, fault)


def test_a_stuck_element_goes_on_saying_what_it_said() -> None:
    one = controller()
    one.look(0, RESTING)
    one.stick("light-rail")
    assert one.look(SECOND, {**RESTING, "light-rail": Aspect.FLASHING_RED}) == []
    one.stick("light-rail", Aspect.RED)
    assert one.look(2 * SECOND, RESTING) == [TrafficLight("light-rail", Aspect.RED)]


def test_another_controllers_element_cannot_be_broken_here() -> None:
    with pytest.raises(KeyError):
        controller().silence("cone-1")


def test_a_tilt_is_said_in_steps() -> None:
    one = TrackController("track-east", SITE.elements)
    states: dict[str, State] = {"cone-1": 0.0}
    assert one.look(0, states) == [ConeTilt("cone-1", 0.0)]
    assert one.look(1, {"cone-1": 0.3}) == []
    assert one.look(2, {"cone-1": 75.0}) == [ConeTilt("cone-1", 75.0)]


def test_a_state_that_an_element_cannot_show_is_refused() -> None:
    with pytest.raises(ValueError, match="beam-zebra"):
        body_of(SITE.element("beam-zebra"), Aspect.RED)
