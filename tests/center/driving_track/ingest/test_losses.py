"""When a loss that the live scorer sees may end an exam: only when nothing to come can undo it."""

from __future__ import annotations

from pathlib import Path

from center.driving_track import rule_packs
from center.driving_track.ingest.losses import Losses
from center.driving_track.scoring.points import VoidEvent
from messages import site as survey
from messages.envelope import Envelope
from messages.readings import CarState, FixQuality, Heartbeat, Reading, SatellitePose

SITE = survey.load(Path(__file__).parents[4] / "sites" / "sarytau")
CAR = SITE.cars[0]
S = 1_000_000_000
BEGAN = 1_776_135_600 * S
LOST = VoidEvent("satellite", BEGAN + 10 * S, BEGAN + 20 * S, "snake", "void")
POSE = SatellitePose(43.2, 76.9, 700.0, FixQuality.RTK_FIXED)


def _said(device: str, at_s: float, body: Reading) -> Envelope:
    return Envelope("1.0", "sarytau-1", device, "boot", 1, BEGAN + round(at_s * S), "", body)


def _losses() -> Losses:
    return Losses(SITE, CAR, rule_packs.load("kz"))


def test_a_device_that_goes_on_speaking_and_has_nothing_to_say_is_lost_for_good() -> None:
    losses = _losses()
    losses.note(_said(CAR.satellite_device, 9.9, POSE), taken=True)
    losses.note(_said(CAR.satellite_device, 13.5, Heartbeat()), taken=True)
    assert losses.for_good([LOST]) == []
    losses.note(_said(CAR.satellite_device, 14.1, Heartbeat()), taken=True)
    assert losses.for_good([LOST]) == [LOST]


def test_a_device_that_is_not_heard_at_all_may_have_it_all_in_its_outbox() -> None:
    losses = _losses()
    losses.note(_said(CAR.satellite_device, 9.9, POSE), taken=True)
    losses.note(_said(CAR.bus_device, 25.0, CarState()), taken=True)
    assert losses.for_good([LOST]) == []


def test_readings_of_that_time_which_the_live_scorer_did_not_take_leave_it_to_the_recording() -> None:
    for device, body in ((CAR.satellite_device, POSE), (CAR.bus_device, CarState())):
        losses = _losses()
        losses.note(_said(device, 12.0, body), taken=False)
        losses.note(_said(CAR.satellite_device, 30.0, Heartbeat()), taken=True)
        assert losses.for_good([LOST]) == []


def test_readings_passed_over_at_another_time_change_nothing() -> None:
    losses = _losses()
    for at_s in (1.0, 2.0, 40.0):
        losses.note(_said(CAR.bus_device, at_s, CarState()), taken=False)
    losses.note(_said(CAR.satellite_device, 30.0, Heartbeat()), taken=True)
    assert losses.for_good([LOST]) == [LOST]


def test_a_heartbeat_that_comes_late_is_no_reading() -> None:
    losses = _losses()
    losses.note(_said(CAR.satellite_device, 15.0, Heartbeat()), taken=False)
    assert losses.for_good([LOST]) == [LOST]


def test_a_source_that_no_device_tells_is_left_to_the_recording() -> None:
    assert _losses().for_good([VoidEvent("safety_stop", BEGAN, BEGAN, None, "void")]) == []


def test_what_may_be_a_strangers_is_no_sign_of_life_and_leaves_that_time_to_the_recording() -> None:
    losses = _losses()
    losses.note(_said(CAR.satellite_device, 9.9, POSE), taken=True)
    losses.doubt(_said(CAR.satellite_device, 30.0, Heartbeat()))
    assert losses.for_good([LOST]) == []
    losses.note(_said(CAR.satellite_device, 31.0, Heartbeat()), taken=True)
    assert losses.for_good([LOST]) == [LOST]
    losses.doubt(_said(CAR.bus_device, 12.0, CarState()))
    assert losses.for_good([LOST]) == []
