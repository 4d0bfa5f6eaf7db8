"""What a drive shall be: the candidate's style, the stretch of the route, and chosen mistakes of chosen size."""

from __future__ import annotations

import random
from enum import StrEnum
from typing import Any

import msgspec


class MistakeKind(StrEnum):
    """What a driver may do wrong; the unit of ``size`` stands behind each."""

    LINE_EXCESS = "line_excess"  # m beyond the reference edge of `line`, of `part`; negative: short of it
    CONE_KNOCK = "cone_knock"  # m by which the outline reaches over the ring of the cone `line`; 0: well over it
    STOP_DISTANCE = "stop_distance"  # m from the front bumper to the stop line's near edge; negative: beyond it
    NO_STOP = "no_stop"  # drives past stop line or emergency lamp without stopping, whatever is shown
    ROLLBACK = "rollback"  # m rolled back at the hill start
    LATE_MOVE_OFF = "late_move_off"  # s: hill: from stop to moving; start: from start signal to moving
    EARLY_MOVE_OFF = "early_move_off"  # s stood at the stop line before moving again, whatever is shown
    STALL = "stall"  # times the engine is stalled on moving off
    NO_BELT = "no_belt"  # s driven before the belt is fastened; 0: never fastened in this drive
    LIGHTS_OFF = "lights_off"  # s driven before they are on; 0: never put on in this drive
    NO_INDICATOR = "no_indicator"
    SLOW_CLEARING = "slow_clearing"  # s from green until the whole car is past the exit line
    OUTSIDE_BAY = "outside_bay"  # m of the parked outline beyond the bay's open side
    EXTRA_REVERSE = "extra_reverse"  # engagements of reverse beyond the first
    TOO_LONG = "too_long"  # s of waiting added in the exercise
    NO_HANDBRAKE = "no_handbrake"
    NO_NEUTRAL = "no_neutral"
    LATE_STOP = "late_stop"  # s from lamp red to standing still
    NO_HAZARDS = "no_hazards"
    HAZARDS_LEFT_ON = "hazards_left_on"
    TOP_SPEED = "top_speed"  # m/s: the highest speed driven in the speed section
    ENGINE_LEFT_ON = "engine_left_on"
    DOOR_OPENS = "door_opens"  # s open
    BELT_OFF = "belt_off"  # s unfastened
    OVER_REVVING = "over_revving"  # s above the car's limit
    HANDBRAKE_LEFT_ON = "handbrake_left_on"  # s of driving with it on
    SPEEDING = "speeding"  # m/s: the highest speed driven in the exercise's zone
    SKIPS_EXERCISE = "skips_exercise"  # drives past without doing it


class Part(StrEnum):
    """Which shape of the car is measured."""

    BODY = "body"
    WHEEL = "wheel"


class Mistake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mistake of one exercise. ``size`` is in SI units, see :class:`MistakeKind`."""

    kind: MistakeKind
    exercise: str
    size: float = 0.0
    part: Part = Part.BODY
    line: str | None = None


class Style(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How somebody drives: pace as a share of the usual speeds, and how gently speed changes (1: as usual)."""

    pace: float = 1.0
    gentleness: float = 1.0
    wander_m: float = 0.0
    """How far the car wanders from the middle of a lane."""

    @classmethod
    def drawn(cls, seed: int) -> Style:
        """Some candidate's style."""
        source = random.Random(f"{seed}:style")
        return cls(source.uniform(0.85, 1.05), source.uniform(0.85, 1.2), source.uniform(0.0, 0.12))


class DrivePlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole drive; the seed decides the signals' timing and what the style leaves open."""

    seed: int = 0
    style: Style = Style()
    mistakes: tuple[Mistake, ...] = ()
    first_exercise: str | None = None
    last_exercise: str | None = None


class BadPlan(ValueError):
    """A plan that cannot be driven; the text names what and why."""


def plan_from(fields: Any) -> DrivePlan:
    """A plan from parsed YAML or JSON; raises :class:`BadPlan` that names the field."""
    try:
        return msgspec.convert(fields, DrivePlan)
    except msgspec.ValidationError as error:
        raise BadPlan(str(error)) from error
