"""A scenario: what is driven, in which car, with which mistakes and sensors, and what must come of it."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
import yaml

from simulators.driver.plan import DrivePlan, Mistake, MistakeKind, Part, Style

FOLDER = Path(__file__).parent / "scenarios"
_LANGUAGES = ("kk", "ru", "en")


class BadScenario(ValueError):
    """A scenario that cannot be used; the text names file, line, value and what is allowed."""


class Verdict(StrEnum):
    """How an exam ends."""

    PASS = "pass"
    FAIL = "fail"
    UNDETERMINED = "undetermined"
    VOID = "void"


class Fault(StrEnum):
    """What may go wrong with a device or element; a blind beam feels nothing, a blocked one always something."""

    SILENT = "silent"
    STUCK = "stuck"
    BLIND = "blind"
    BLOCKED = "blocked"
    TOLD = "told"
    FLOAT = "float"
    NO_HEADING = "no_heading"
    STALE = "stale"
    CLOCK = "clock"


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Breakage(_Strict, frozen=True):
    """A device or element that fails ``after_s`` from the start signal, for ``for_s`` seconds (None: to the end).

    ``tells`` is the code that the heartbeats of its device tell meanwhile; with the fault ``told`` all else works.
    """

    device: str
    fault: Fault
    after_s: float
    for_s: float | None = None
    tells: str | None = None


class SafetyStop(_Strict, frozen=True):
    """The safety officer ends the exam."""

    after_s: float
    reason: str


class Expected(_Strict, frozen=True):
    """One rule broken, so many times; ``exercise`` None: not one exercise's."""

    rule: str
    exercise: str | None = None
    times: int = 1


class Expectation(_Strict, frozen=True):
    """What must come of a drive, by the text of the rules: exactly these faults; nothing else is charged.

    ``may_be_open`` are rules that may be left undetermined; those of ``open`` must be. ``may_be_charged`` are rules
    that are broken, but by less than what is surely found.
    """

    verdict: Verdict
    or_verdicts: tuple[Verdict, ...] = ()
    """Verdicts that sick sensors may lead to instead; none of them is wrong."""
    faults: tuple[Expected, ...] = ()
    open: tuple[str, ...] = ()
    may_be_open: tuple[str, ...] = ()
    may_be_charged: tuple[str, ...] = ()
    void_by: str | None = None


class Scenario(_Strict, frozen=True):
    """One drive and what must come of it."""

    title: dict[str, str]
    expect: Expectation
    car: str = "car-1"
    seed: int = 1
    noise: str = "healthy"
    first_exercise: str | None = None
    last_exercise: str | None = None
    exam_from: str | None = None
    """The first exercise that the exam is called with, where the car begins elsewhere (None: where the car begins)."""
    style: Style = Style()
    mistakes: tuple[Mistake, ...] = ()
    breakages: tuple[Breakage, ...] = ()
    safety_stop: SafetyStop | None = None
    stop_after_s: float | None = None
    """From the start signal to the centre's stop order; None: when the driver has done all."""
    name: str = ""

    def plan(self, seed: int | None = None) -> DrivePlan:
        """What the driver is to do; another seed gives other signal timing and wandering."""
        return DrivePlan(
            seed=self.seed if seed is None else seed,
            style=self.style,
            mistakes=self.mistakes,
            first_exercise=self.first_exercise,
            last_exercise=self.last_exercise,
        )


_ENUMS: dict[str, type[StrEnum]] = {"kind": MistakeKind, "part": Part, "verdict": Verdict, "fault": Fault}
_STRUCTS: dict[str, type[msgspec.Struct]] = {
    "style": Style,
    "mistakes": Mistake,
    "breakages": Breakage,
    "safety_stop": SafetyStop,
    "expect": Expectation,
    "faults": Expected,
}


def names() -> list[str]:
    """The scenarios that come with the simulators, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load(name_or_path: str) -> Scenario:
    """Read a scenario by its name, or from a file. Raises :class:`BadScenario`."""
    path = Path(name_or_path) if name_or_path.endswith(".yaml") else FOLDER / f"{name_or_path}.yaml"
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise BadScenario(
            f"{path}: cannot be read ({error.strerror}); the scenarios are {', '.join(names())}"
        ) from error
    return parse(text, str(path))


def parse(text: str, where: str) -> Scenario:
    """Read a scenario's YAML; ``where`` names the file in errors."""
    try:
        fields = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise BadScenario(f"{where}: {error}") from error
    if not isinstance(fields, dict):
        raise BadScenario(f"{where}:1: holds no mapping")
    if "name" in fields:
        raise BadScenario(f"{where}:{_line_of(text, ['name'])}: a scenario's name is its file's")
    try:
        scenario = msgspec.convert({**fields, "name": Path(where).stem}, Scenario)
    except msgspec.ValidationError as error:
        raise BadScenario(_explained(text, where, fields, str(error))) from error
    _check(scenario, text, where)
    return scenario


def _check(scenario: Scenario, text: str, where: str) -> None:
    missing = [language for language in _LANGUAGES if not scenario.title.get(language)]
    if missing:
        raise BadScenario(f"{where}:{_line_of(text, ['title'])}: the title has no {', '.join(missing)}")
    for place, breakage in enumerate(scenario.breakages):
        if breakage.fault is Fault.TOLD and breakage.tells is None:
            line = _line_of(text, ["breakages", place])
            raise BadScenario(f"{where}:{line}: a fault that is only told needs 'tells', the code that is told")
    expect = scenario.expect
    if (expect.void_by is None) == (expect.verdict is Verdict.VOID):
        raise BadScenario(
            f"{where}:{_line_of(text, ['expect'])}: verdict {expect.verdict.value!r} with void_by {expect.void_by!r}; "
            "a void exam names what voids it, and no other does"
        )
    for place, one in enumerate(expect.faults):
        if one.times < 1:
            line = _line_of(text, ["expect", "faults", place])
            raise BadScenario(f"{where}:{line}: times is {one.times}; at least 1 is allowed")


def _explained(text: str, where: str, fields: Any, message: str) -> str:
    """msgspec's words with the line and the value that they are about."""
    what, _, place = message.partition(" - at `")
    path: list[str | int] = [
        int(index) if index else key for key, index in re.findall(r"\.?([A-Za-z_]\w*)|\[(\d+)\]", place.lstrip("$"))
    ]
    value: Any = fields
    for step in path:
        value = value[step]
    shown = "" if isinstance(value, (dict, list)) else f" (it is {value!r})"
    return f"{where}:{_line_of(text, path)}: {what}{shown}{_allowed(what, path)}"


def _allowed(what: str, path: list[str | int]) -> str:
    """The words that would have done at that place."""
    keys = [step for step in path if isinstance(step, str)]
    if what.startswith("Invalid enum value") and keys[-1] in _ENUMS:
        return f"; allowed are {', '.join(_ENUMS[keys[-1]])}"
    if "unknown field" in what:
        struct = _STRUCTS[keys[-1]] if keys else Scenario
        return f"; allowed are {', '.join(name for name in struct.__struct_fields__ if name != 'name')}"
    return ""


def _line_of(text: str, path: list[str | int]) -> int:
    """The line (from 1) at which the value of that path stands; the nearest one above it if it is not there."""
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    for step in path:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
        if found is None:
            break
        node = found
    return int(node.start_mark.line) + 1
