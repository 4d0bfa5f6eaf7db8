"""One frozen struct for each kind of message body; the unit stands in every name.

A field that a sensor cannot tell is ``None``, never a made-up value. Adding an optional field is a minor change of the
schema, which older readers pass over; anything else is a major one, which they refuse (see ``codec``).
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Annotated, ClassVar

import msgspec

# What no sensor of a car on a track can mean; a message with such a value is refused as absurd.
Latitude = Annotated[float, msgspec.Meta(ge=-90.0, le=90.0)]
Longitude = Annotated[float, msgspec.Meta(ge=-180.0, le=180.0)]
Height = Annotated[float, msgspec.Meta(ge=-1000.0, le=10_000.0)]
Angle = Annotated[float, msgspec.Meta(ge=-360.0, le=360.0)]
WheelAngle = Annotated[float, msgspec.Meta(ge=-3600.0, le=3600.0)]
Speed = Annotated[float, msgspec.Meta(ge=-150.0, le=150.0)]
EngineSpeed = Annotated[float, msgspec.Meta(ge=0.0, le=20_000.0)]
Gear = Annotated[int, msgspec.Meta(ge=-1, le=8)]
Offset = Annotated[float, msgspec.Meta(ge=-10_000.0, le=10_000.0)]
Variance = Annotated[float, msgspec.Meta(ge=0.0, le=1e12)]
Covariance = Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]
Amount = Annotated[float, msgspec.Meta(ge=0.0, le=1e6)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Nanoseconds = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


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

    latitude_deg: Latitude
    longitude_deg: Longitude
    height_m: Height
    """Ellipsoidal height."""
    fix_quality: FixQuality
    heading_deg: Angle | None = None
    """Clockwise from true north, along the car's x axis after the receiver's baseline offset; None with one antenna."""
    speed_mps: Speed | None = None
    course_deg: Angle | None = None
    east_variance_m2: Variance | None = None
    north_variance_m2: Variance | None = None
    east_north_covariance_m2: Covariance | None = None
    height_variance_m2: Variance | None = None
    heading_sigma_deg: Amount | None = None
    correction_age_s: Amount | None = None
    satellites: Count | None = None
    hdop: Amount | None = None


class CarState(Body, frozen=True, gc=False, tag="car_state"):
    """What the car's own bus says at one instant; a signal not heard of lately is ``None``."""

    speed_mps: Speed | None = None
    """From the wheels: positive forwards, negative in reverse gear."""
    engine_speed_rpm: EngineSpeed | None = None
    gear: Gear | None = None
    """-1 reverse, 0 neutral, 1 … 8 forward."""
    steering_wheel_deg: WheelAngle | None = None
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
    tilt_deg: Angle


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
    east_m: Offset
    north_m: Offset
    heading_deg: Angle
    east_variance_m2: Variance
    north_variance_m2: Variance
    east_north_covariance_m2: Covariance
    heading_sigma_deg: Amount
    markers: Count
    reprojection_error_px: Amount


class CameraCone(Body, frozen=True, gc=False, tag="camera_cone"):
    """A cone or pole as one camera sees it."""

    element_id: str
    cone_id: str
    standing: bool
    displaced_m: Amount
    displaced_sigma_m: Amount


class Birth(Body, frozen=True, gc=False, tag="birth"):
    """First message of every boot of a device."""

    model: str
    software: str
    kinds: tuple[str, ...]


class Heartbeat(Body, frozen=True, gc=False, tag="heartbeat"):
    """Says that a device lives, and what it could not pass on since its boot."""

    faults: tuple[str, ...] = ()
    """Open faults by code, such as ``serial_link_lost``."""
    rejected: Count = 0
    """Sentences or frames refused since boot (bad checksum, unreadable, out of range)."""
    gaps: Count = 0
    """Stretches since boot in which bytes are known or presumed to be lost unread."""
    outbox: Count = 0
    """Messages the centre has not acknowledged yet."""


class Gap(Body, frozen=True, gc=False, tag="gap"):
    """A stretch of source time for which this device has nothing: bytes came while nobody read."""

    since_ns: Nanoseconds
    until_ns: Nanoseconds
    reason: str


class Death(Body, frozen=True, gc=False, tag="death"):
    """Last message of a boot: a clean stop, chained and signed. The broker's will is ``LostLink``."""

    reason: str


class Digest(Body, frozen=True, gc=False, tag="digest"):
    """The device's signature over its chain up to a sequence number (see ``envelope.digest_bytes``)."""

    through_seq: Count
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
    last_exercise: str | None = None
    """After which the exam is over when the car has been stopped; None: the route's last."""
    signature: str | None = None
    """Ed25519 of the centre's own device over ``orders.order_bytes``, in hex; an order without it is not obeyed."""


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
