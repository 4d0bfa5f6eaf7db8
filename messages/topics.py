"""The one table of topics: kind → quality of service, retained or not, how often expected, when it counts as silent.

A device's topic is ``speccenter/v1/<centre>/<gateway>/<device>/<kind>``. A gateway may publish below its own name only,
and reads the acknowledgements of its devices and the centre's orders.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ROOT = "speccenter/v1"
CENTRE_GATEWAY = "centre"
"""The centre speaks as a gateway of its own name; its one chained device is ``CENTRE_DEVICE``."""
CENTRE_DEVICE = "exam-control"


@dataclass(frozen=True, slots=True)
class Topic:
    """How one kind of message travels; ``expected_hz`` is None where it comes only on a change."""

    kind: str
    qos: int = 1
    retained: bool = False
    expected_hz: float | None = None
    silent_after_s: float | None = None
    """Without any message of this kind for so long, its source counts as silent (None: heartbeats tell)."""


TOPICS: dict[str, Topic] = {
    topic.kind: topic
    for topic in (
        Topic("satellite_pose", expected_hz=20.0, silent_after_s=0.5),
        Topic("car_state", expected_hz=50.0, silent_after_s=0.5),
        Topic("beam"),
        Topic("induction_loop"),
        Topic("kerb_strip"),
        Topic("cone_tilt"),
        Topic("traffic_light"),
        Topic("level_crossing_barrier"),
        Topic("camera_pose", expected_hz=10.0, silent_after_s=1.0),
        Topic("camera_cone"),
        Topic("birth"),
        Topic("heartbeat", expected_hz=1.0, silent_after_s=3.0),
        Topic("gap"),
        Topic("death"),
        Topic("digest", expected_hz=1.0),
        Topic("exam_control"),
        Topic("ack", retained=True),
        Topic("lost_link", retained=True),
    )
}


QUIET_AFTER_S = 0.2
"""A device that speaks only on a change says that it lives when it has said nothing for so long.

Whoever puts the readings of several devices in order waits until each has told of as much.
"""


def speaks_on_change(kinds: Iterable[str]) -> bool:
    """Whether a device of these kinds may have nothing to say for long."""
    return all(TOPICS[kind].expected_hz is None for kind in kinds if kind in TOPICS)


def device_topic(centre_id: str, gateway_id: str, device_id: str, kind: str) -> str:
    """Where a device's message of a kind is published (for ``ack``: where the centre acknowledges it)."""
    return f"{ROOT}/{centre_id}/{gateway_id}/{device_id}/{kind}"


def control_topic(centre_id: str) -> str:
    """Where the centre's orders are published."""
    return device_topic(centre_id, CENTRE_GATEWAY, CENTRE_DEVICE, "exam_control")


def lost_link_topic(centre_id: str, gateway_id: str) -> str:
    """Where the broker publishes a gateway's will."""
    return device_topic(centre_id, gateway_id, "gateway", "lost_link")


def acknowledgements_of(centre_id: str, gateway_id: str) -> str:
    """The filter by which a gateway hears the acknowledgements of its devices."""
    return device_topic(centre_id, gateway_id, "+", "ack")


def everything_of(centre_id: str) -> str:
    """The filter by which the centre hears all."""
    return f"{ROOT}/{centre_id}/#"


def parts_of(topic: str) -> tuple[str, str, str, str] | None:
    """Centre, gateway, device and kind of a topic, or None if it is not one of ours."""
    parts = topic.split("/")
    if len(parts) != 6 or "/".join(parts[:2]) != ROOT:
        return None
    return parts[2], parts[3], parts[4], parts[5]
