"""What sensors are like, healthy or sick: the numbers of ``noise/*.yaml``, read strictly."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import yaml

FOLDER: Final = Path(__file__).parent / "noise"

Size = Annotated[float, msgspec.Meta(ge=0.0, le=1000.0)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Rate = Annotated[float, msgspec.Meta(ge=1.0, le=50.0)]
Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=3600.0)]
Period = Annotated[float, msgspec.Meta(gt=0.0, le=3600.0)]


class BadNoise(ValueError):
    """A description of noise that cannot be used; the text names file, place, value and what is allowed."""


class _Described(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Delay(_Described, frozen=True):
    """From the instant that a reading tells of to its bytes: the mean and the standard deviation of what varies."""

    latency_s: Seconds
    jitter_s: Seconds


class Receiver(_Described, frozen=True):
    """A dual-antenna satellite receiver; sigmas are per axis."""

    rate_hz: Rate
    position_white_m: Size
    position_walk_m: Size
    """Of the first-order Gauss–Markov part."""
    heading_white_deg: Size
    heading_walk_deg: Size
    time_constant_s: Period
    height_factor: Size
    """How many times worse the height is than each horizontal axis."""
    speed_mps: Size
    delay: Delay


class CarBus(_Described, frozen=True):
    """The car's own sensors."""

    rate_hz: Rate
    wheel_quantum_mps: Size
    wheel_zero_below_mps: Size
    wheel_scale: Size
    """Sigma of the share by which the wheels' speed is wrong in an exam."""
    steering_quantum_deg: Size
    steering_offset_deg: Size
    """Sigma of the steering wheel's zero."""
    steering_ratio: Size
    """Sigma of the share by which the true steering ratio differs from the nominal one."""
    delay: Delay


class Survey(_Described, frozen=True):
    """Sigmas, per axis, of what the survey says of where things are."""

    line_m: Size
    outline_m: Size
    lever_arm_m: Size
    element_m: Size


class Spells(_Described, frozen=True):
    """Something that happens again and again: about every so often, for about so long (exponentially drawn)."""

    every_s: Period
    for_s: Period


class FloatSpells(Spells, frozen=True):
    """Spells without fixed ambiguities, and how wide the position is then."""

    white_m: Size
    walk_m: Size


class Stretch(_Described, frozen=True):
    """From one time of the exam to another."""

    from_s: Seconds
    until_s: Seconds


class Reordering(_Described, frozen=True):
    """A share of the epochs comes later than the ones after it."""

    share: Share
    delay_s: Seconds


class Sickness(_Described, frozen=True):
    """What goes wrong with a satellite receiver and its link."""

    float_epochs: FloatSpells | None = None
    dropouts: Spells | None = None
    lost_heading: Spells | None = None
    stale_corrections: Stretch | None = None
    clock_offset_s: Annotated[float, msgspec.Meta(ge=-60.0, le=60.0)] = 0.0
    duplicates: Share = 0.0
    reordering: Reordering | None = None


class NoiseSpec(_Described, frozen=True):
    """All of it."""

    receiver: Receiver
    car_bus: CarBus
    track: Delay
    survey: Survey
    sickness: Sickness = Sickness()


def names() -> list[str]:
    """The descriptions that come with the simulators."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_noise(name_or_path: str) -> NoiseSpec:
    """Read a description by its name or from a ``.yaml`` file.

    A file may say ``like: NAME`` and then only what differs. Raises :class:`BadNoise`.
    """
    path = Path(name_or_path) if name_or_path.endswith(".yaml") else FOLDER / f"{name_or_path}.yaml"
    if not path.exists():
        raise BadNoise(f"{path}: there is no such file; known by name are {', '.join(names())}")
    fields = _read(path)
    like = fields.pop("like", None)
    if like is not None:
        if like not in names():
            raise BadNoise(f"{path}: like: {like!r} is unknown; there are {', '.join(names())}")
        fields = _overlaid(_read(FOLDER / f"{like}.yaml"), fields)
    try:
        return msgspec.convert(fields, NoiseSpec, strict=False)
    except msgspec.ValidationError as error:
        raise BadNoise(f"{path}: {error}") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        fields = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadNoise(f"{path}: {error}") from error
    if not isinstance(fields, dict):
        raise BadNoise(f"{path}: holds no mapping")
    return fields


def _overlaid(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _overlaid(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
