"""One frozen struct for each kind of message body; the unit stands in every name.

A field that a sensor cannot tell is ``None``, never a made-up value. Adding an optional field is a minor change of the
schema, which older readers pass over; anything else is a major one, which they refuse (see ``codec``).
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import ClassVar

import msgspec


class FixQuality(IntEnum):
    """Quality of a satellite fix, numbered as in field 6 of NMEA 0183 GGA."""

    NONE = 0
    SINGLE = 1
    DIFFERENTIAL = 2
    PPS = 3
    RTK_FIXED = 4
    RTK_FLOAT = 5
    ESTIMATED = 6
    MANUAL = 7
    SIMULATOR = 8


class Aspect(StrEnum):
    """What a traffic light or a signal lamp shows."""

    RED = "red"
    RED_AMBER = "red_amber"
    AMBER = "amber"
    GREEN = "green"
    FLASHING_RED = "flashing_red"
    OFF = "off"


class BarrierPosition(StrEnum):
    """Where the barrier of a level crossing stands."""

    UP = "up"
    MOVING = "moving"
    DOWN = "down"


class ExamAction(StrEnum):
    """What the centre orders in an exam."""

    CALL = "call"
    START = "start"
    STOP = "stop"
    SAFETY_STOP = "safety_stop"


class Body(msgspec.Struct, frozen=True, gc=False, tag_field="kind", omit_defaults=True):
    """What every message body shares: the tag ``kind``, which is also the last part of its topic."""


class SatellitePose(Body, frozen=True, gc=False, tag="satellite_pose"):
    """One epoch of a dual-antenna satellite receiver; the position is that of the main antenna (WGS84).

    Covariances are the receiver's own word (GST) for white noise; what they leave out is in the car's file.
    """

    latitude_deg: float
    longitude_deg: float
    height_m: float
    """Ellipsoidal height."""
    fix_quality: FixQuality
    heading_deg: float | None = None
    """Clockwise from true north, along the car's x axis after the receiver's baseline offset; None with one antenna."""
    speed_mps: float | None = None
    course_deg: float | None = None
    east_variance_m2: float | None = None
    north_variance_m2: float | None = None
    east_north_covariance_m2: float | None = None
    height_variance_m2: float | None = None
    heading_sigma_deg: float | None = None
    correction_age_s: float | None = None
    satellites: int | None = None
    hdop: float | None = None


class CarState(Body, frozen=True, gc=False, tag="car_state"):
    """What the car's own bus says at one instant; a signal not heard of lately is ``None``."""

    speed_mps: float | None = None
    """From the wheels: positive forwards, negative in reverse gear."""
    engine_speed_rpm: float | None = None
    gear: int | None = None
    """-1 reverse, 0 neutral, 1 … 8 forward."""
    steering_wheel_deg: float | None = None
    """Positive to the left (anticlockwise), as in ISO 8855."""
    brake_pressed: bool | None = None
    clutch_pressed: bool | None = None
    handbrake_on: bool | None = None
    belt_fastened: bool | None = None
    doors_closed: bool | None = None
    left_indicator_on: bool | None = None
    """The lever, not the blinking lamp: on for as long as it is set. Both on: hazard warning lights."""
    right_indicator_on: bool | None = None
    dipped_beam_on: bool | None = None
    engine_running: bool | None = None


class Beam(Body, frozen=True, gc=False, tag="beam"):
    """A light barrier across the track."""

    element_id: str
    interrupted: bool


class InductionLoop(Body, frozen=True, gc=False, tag="induction_loop"):
    """A loop in the ground that feels a car above it."""

    element_id: str
    occupied: bool


class KerbStrip(Body, frozen=True, gc=False, tag="kerb_strip"):
    """A pressure strip on a kerb that feels a wheel."""

    element_id: str
    pressed: bool


class ConeTilt(Body, frozen=True, gc=False, tag="cone_tilt"):
    """A tilt sensor in a cone or pole; beyond 20° it has been knocked."""

    element_id: str
    tilt_deg: float


class TrafficLight(Body, frozen=True, gc=False, tag="traffic_light"):
    """The aspect a traffic light or the emergency-braking lamp shows."""

    element_id: str
    aspect: Aspect


class LevelCrossingBarrier(Body, frozen=True, gc=False, tag="level_crossing_barrier"):
    """The barrier of a level crossing."""

    element_id: str
    position: BarrierPosition


class CameraPose(Body, frozen=True, gc=False, tag="camera_pose"):
    """A car's place as one camera sees it by its roof markers, in the site's local frame."""

    element_id: str
    car_id: str
    east_m: float
    north_m: float
    heading_deg: float
    east_variance_m2: float
    north_variance_m2: float
    east_north_covariance_m2: float
    heading_sigma_deg: float
    markers: int
    reprojection_error_px: float


class CameraCone(Body, frozen=True, gc=False, tag="camera_cone"):
    """A cone or pole as one camera sees it."""

    element_id: str
    cone_id: str
    standing: bool
    displaced_m: float
    displaced_sigma_m: float


class Birth(Body, frozen=True, gc=False, tag="birth"):
    """First message of every boot of a device."""

    model: str
    software: str
    kinds: tuple[str, ...]


class Heartbeat(Body, frozen=True, gc=False, tag="heartbeat"):
    """Says that a device lives, and what it could not pass on since its boot."""

    faults: tuple[str, ...] = ()
    """Open faults by code, such as ``serial_link_lost``."""
    rejected: int = 0
    """Sentences or frames refused since boot (bad checksum, unreadable, out of range)."""
    gaps: int = 0
    """Stretches since boot in which bytes are known or presumed to be lost unread."""
    outbox: int = 0
    """Messages the centre has not acknowledged yet."""


class Gap(Body, frozen=True, gc=False, tag="gap"):
    """A stretch of source time for which this device has nothing: bytes came while nobody read."""

    since_ns: int
    until_ns: int
    reason: str


class Death(Body, frozen=True, gc=False, tag="death"):
    """Last message of a boot: a clean stop, chained and signed. The broker's will is ``LostLink``."""

    reason: str


class Digest(Body, frozen=True, gc=False, tag="digest"):
    """The device's signature over its chain up to a sequence number (see ``envelope.digest_bytes``)."""

    through_seq: int
    head_sha256: str
    """SHA-256 (hex) of the bytes of message ``through_seq``; the chain carries it back to the first."""
    signature: str
    """Ed25519 over ``digest_bytes``, in hex."""


class ExamControl(Body, frozen=True, gc=False, tag="exam_control"):
    """The centre's order to a track and a car: call, start signal, stop, safety stop."""

    exam_id: str
    action: ExamAction
    car_id: str
    first_exercise: str | None = None
    """Where the exam begins; None: with the route's first exercise."""
    reason: str | None = None


Reading = (
    SatellitePose | CarState | Beam | InductionLoop | KerbStrip | ConeTilt | TrafficLight | LevelCrossingBarrier
    | CameraPose | CameraCone | Birth | Heartbeat | Gap | Death | Digest | ExamControl
)  # fmt: skip


class LostLink(msgspec.Struct, frozen=True, gc=False):
    """The broker's will: a gateway's link went down without a death. Not chained, not signed, for display only."""

    kind: ClassVar[str] = "lost_link"
    gateway_id: str
    boot_id: str


class Acknowledgement(msgspec.Struct, frozen=True, gc=False):
    """The centre's word that a device's messages up to a sequence number are fsynced in a recording or the log."""

    kind: ClassVar[str] = "ack"
    device_id: str
    boot_id: str
    through_seq: int
