"""The words a rule pack may use: observations with their units and parameters (docs/observations.md)."""

from __future__ import annotations

from dataclasses import dataclass, field

from messages.site import ExerciseKind

EXERCISES = tuple(kind.value for kind in ExerciseKind)
REPEATS = ("each", "once_per_exercise", "once_per_exam", "latched")
UNITS = ("m", "s", "mps", "deg", "count")

Allowed = type[float] | type[bool] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObservationKind:
    """The unit of an observation's value and the parameters a rule must give."""

    unit: str
    parameters: dict[str, Allowed] = field(default_factory=dict)


CAR_SIGNALS = (
    "belt_fastened",
    "doors_closed",
    "dipped_beam_on",
    "handbrake_on",
    "left_indicator_on",
    "right_indicator_on",
    "engine_running",
    "brake_pressed",
    "clutch_pressed",
    "hazards_on",
    "neutral",
    "indicator_for_turn",
)
DEVICE_FAULTS = (
    "silent",
    "serial_link_lost",
    "can_link_lost",
    "driver_failed",
    "outbox_full",
    "no_fix",
    "elements_silent",
    "element_failed",
)
"""Codes that devices tell in their heartbeats; ``element_failed:<element>`` is about one element of a controller."""
STRETCHES = ("moving", "crossing_exit_line", "crossing_stop_line", "turn", "parked", "moving_off")

OBSERVATIONS: dict[str, ObservationKind] = {
    "line_excess": ObservationKind("m", {"part": ("wheel", "body"), "lines": ("exercise", "general")}),
    "signal": ObservationKind("s", {"signal": CAR_SIGNALS, "must_be": bool, "during": STRETCHES, "debounce_s": float}),
    "stall": ObservationKind("s", {"debounce_s": float}),
    "over_revving": ObservationKind("s", {"rpm": float, "debounce_s": float}),
    "speed_over": ObservationKind("mps", {"where": ("outside_speed_section", "inside_speed_section"), "held_s": float}),
    "speed_reached": ObservationKind("mps"),
    "rollback": ObservationKind("m"),
    "move_off_delay": ObservationKind("s"),
    "no_stop": ObservationKind("count", {"within_m": float}),
    "stop_distance": ObservationKind("m"),
    "beyond_stop_line": ObservationKind("m"),
    "against_signal": ObservationKind("m", {"signal": ("light", "barrier", "occupancy"), "grace_s": float}),
    "hold_duration": ObservationKind("s"),
    "clearing_time": ObservationKind("s"),
    "exercise_time": ObservationKind("s"),
    "route_time": ObservationKind("s"),
    "cone_knocked": ObservationKind("deg"),
    "kerb_pressed": ObservationKind("s", {"debounce_s": float}),
    "reverse_engagements": ObservationKind("count"),
    "outside_bay": ObservationKind("m"),
    "not_attempted": ObservationKind("count"),
    "reaction_time": ObservationKind("s"),
    "hazard_delay": ObservationKind("s"),
    "wrong_order": ObservationKind("count"),
    "stopped_beyond": ObservationKind("m"),
}
