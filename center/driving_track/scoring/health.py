"""Which sources fell silent, for how long and in which exercise: what the void rules of a pack ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from center.driving_track.scoring.points import VoidEvent
from center.driving_track.scoring.rules import Edition, VoidRule
from center.driving_track.scoring.score_sheet import ExerciseSpan
from center.driving_track.scoring.signals import NS_PER_S
from center.driving_track.scoring.told_faults import ToldFault, ToldFaults
from messages.site import Car, ElementKind, Site

REANNOUNCED_NS = 5 * NS_PER_S
"""A track controller says each element's state anew at least so often."""
GROUPS = {"cones": ElementKind.CONE_TILT, "kerb_strips": ElementKind.KERB_STRIP}
"""Sources that are all elements of a kind."""
SATELLITE = "satellite"
CAR_BUS = "car_bus"


@dataclass(frozen=True, slots=True)
class Loss:
    """A time in which a source was not heard (UTC ns)."""

    since_ns: int
    until_ns: int
    fault: str | None = None
    """The code by which the source's own device told of it."""


class Lifeline:
    """One thing that must be heard of again and again: a device, or an element by its announcements."""

    __slots__ = ("_limit_ns", "_patience_ns", "last_ns", "losses")

    def __init__(self, longer_than_s: float, patience_ns: int = 0) -> None:
        self._patience_ns = patience_ns
        """How long it may be silent while all is well."""
        self._limit_ns = int(longer_than_s * NS_PER_S) + patience_ns
        self.last_ns = 0
        self.losses: list[Loss] = []

    def hear(self, time_ns: int) -> None:
        """Take in a sign of life; instants do not go back."""
        if time_ns - self.last_ns > self._limit_ns and self.last_ns:
            self.losses.append(Loss(self.last_ns + self._patience_ns, time_ns))
        self.last_ns = time_ns

    def losses_until(self, now_ns: int) -> list[Loss]:
        """All losses, the one that still lasts too."""
        if now_ns - self.last_ns > self._limit_ns:
            return [*self.losses, Loss(self.last_ns + self._patience_ns, now_ns)]
        return self.losses


@dataclass(frozen=True, slots=True)
class Watch:
    """One void rule and what tells that its source lives, or that it does not."""

    rule: VoidRule
    lifelines: tuple[Lifeline, ...]
    devices: tuple[str, ...]
    elements: tuple[str, ...] = ()


class Health:
    """Signs of life of the car's devices and of the track's elements."""

    def __init__(self, site: Site, car: Car, edition: Edition) -> None:
        self.unknown_sources: list[str] = []
        self._by_device: dict[str, list[Lifeline]] = {}
        self._by_element: dict[str, list[Lifeline]] = {}
        self._poses: list[Lifeline] = []
        self._bus: list[Lifeline] = []
        self._gaps: list[tuple[str, Loss]] = []
        self._told = ToldFaults()
        self._home = {element.id: element.device for element in site.elements}
        self._car = car
        self._watches = [self._watch(rule, site) for rule in edition.void]
        self._heard = dict.fromkeys((car.satellite_device, car.bus_device, *self._by_device), 0)

    def hear_pose(self, time_ns: int) -> None:
        """A usable pose came."""
        for lifeline in self._poses:
            lifeline.hear(time_ns)

    def hear_bus(self, time_ns: int) -> None:
        """A state of the car came."""
        for lifeline in self._bus:
            lifeline.hear(time_ns)

    def hear_device(self, device_id: str, time_ns: int) -> None:
        """Any message of a device of the track came."""
        self._heard[device_id] = time_ns
        for lifeline in self._by_device.get(device_id, ()):
            lifeline.hear(time_ns)

    def hear_element(self, element_id: str, time_ns: int) -> None:
        """An element's state was announced."""
        for lifeline in self._by_element.get(element_id, ()):
            lifeline.hear(time_ns)

    def note_gap(self, device_id: str, since_ns: int, until_ns: int) -> None:
        """A device says that it has nothing of a stretch of time."""
        self._gaps.append((device_id, Loss(since_ns, until_ns)))

    def note_faults(self, device_id: str, time_ns: int, faults: Iterable[str]) -> None:
        """A device's heartbeat tells what is wrong with it."""
        self._told.note(device_id, time_ns, faults)

    def begin(self, time_ns: int) -> None:
        """The exam begins: silence and faults count from here on."""
        self._told.begin(time_ns)
        for watch in self._watches:
            for lifeline in watch.lifelines:
                lifeline.losses.clear()
                lifeline.last_ns = max(lifeline.last_ns, time_ns)

    def voids(self, began_ns: int, now_ns: int, spans: Sequence[ExerciseSpan], site: Site) -> list[VoidEvent]:
        """What the pack's void rules find in the losses so far, in the order of their beginnings."""
        kinds = {exercise.id: exercise.kind.value for exercise in site.route.exercises}
        found: dict[tuple[str, int], VoidEvent] = {}
        for watch in self._watches:
            for loss in self._losses(watch, now_ns):
                since, until = max(loss.since_ns, began_ns), min(loss.until_ns, now_ns)
                if since >= until:
                    continue
                event = _event(watch.rule, Loss(since, until, loss.fault), spans, kinds)
                if event is not None:
                    found.setdefault((event.source, event.since_ns), event)
        return _joined(sorted(found.values(), key=lambda event: (event.since_ns, event.source)))

    def silent_sources(self, now_ns: int) -> list[str]:
        """The sources that are lost now."""
        return sorted(
            {
                watch.rule.source
                for watch in self._watches
                for one in self._losses(watch, now_ns)
                if one.until_ns >= now_ns
            }
        )

    def element_losses(self, element_id: str, now_ns: int) -> list[Loss]:
        """When an element that a void rule watches was not heard, or any element's controller told that it failed."""
        lifelines = self._by_element.get(element_id, ())
        losses = [loss for lifeline in lifelines for loss in lifeline.losses_until(now_ns)]
        return losses + [_loss(one) for one in self._told.until(now_ns) if self._is_about(one, element_id)]

    def has_failed(self, element_id: str, time_ns: int) -> bool:
        """Whether an element's controller told at an instant that it is not to be trusted."""
        told = self._told.until(time_ns + 1)
        return any(one.since_ns <= time_ns <= one.until_ns and self._is_about(one, element_id) for one in told)

    def notes(self, began_ns: int, ended_ns: int) -> list[tuple[int, str]]:
        """Gaps and faults that devices told of within the exam, with their instants."""
        gaps = [
            (loss.since_ns, f"gap:{device}:{_ms(loss)}ms")
            for device, loss in self._gaps
            if loss.since_ns < ended_ns and loss.until_ns > began_ns
        ]
        told = self._told.until(ended_ns) if began_ns else []
        return gaps + [(one.since_ns, f"device_fault:{one.device_id}:{_name(one)}:{_ms(_loss(one))}ms") for one in told]

    def _losses(self, watch: Watch, now_ns: int) -> list[Loss]:
        losses = [loss for lifeline in watch.lifelines for loss in lifeline.losses_until(now_ns)]
        device = watch.devices[0] if watch.rule.source in (SATELLITE, CAR_BUS) else None
        told = [_loss(one) for one in self._told.until(now_ns) if _counts_for(one, watch)]
        told += [loss for name, loss in self._gaps if name == device]
        limit_ns = watch.rule.longer_than_s * NS_PER_S
        return losses + [loss for loss in told if loss.until_ns - loss.since_ns > limit_ns]

    def _is_about(self, told: ToldFault, element_id: str) -> bool:
        if told.element_id is not None:
            return told.element_id == element_id and told.device_id == self._home.get(element_id)
        return told.device_id == self._home.get(element_id) and any(
            told.code in watch.rule.faults and element_id in watch.elements for watch in self._watches
        )

    def _watch(self, rule: VoidRule, site: Site) -> Watch:
        if rule.source == SATELLITE:
            return Watch(rule, (_kept(self._poses, rule),), (self._car.satellite_device,))
        if rule.source == CAR_BUS:
            return Watch(rule, (_kept(self._bus, rule),), (self._car.bus_device,))
        kind = GROUPS.get(rule.source)
        elements = [one for one in site.elements if one.id == rule.source or (kind is not None and one.kind is kind)]
        if not elements:
            self.unknown_sources.append(rule.source)
        lifelines = [_kept(self._by_element.setdefault(one.id, []), rule, REANNOUNCED_NS) for one in elements]
        devices = sorted({one.device for one in elements})
        lifelines += [_kept(self._by_device.setdefault(name, []), rule) for name in devices]
        return Watch(rule, tuple(lifelines), tuple(devices), tuple(one.id for one in elements))


def _counts_for(told: ToldFault, watch: Watch) -> bool:
    """Whether a device's fault is, by the rule, a loss of the rule's source."""
    is_its = told.device_id in watch.devices and told.element_id in (None, *watch.elements)
    return is_its and told.code in watch.rule.faults


def _loss(told: ToldFault) -> Loss:
    return Loss(told.since_ns, told.until_ns, _name(told))


def _name(told: ToldFault) -> str:
    return told.code if told.element_id is None else f"{told.code}:{told.element_id}"


def _ms(loss: Loss) -> int:
    return (loss.until_ns - loss.since_ns) // 1_000_000


def _joined(events: Iterable[VoidEvent]) -> list[VoidEvent]:
    """One loss is one event: a device that fell silent may tell of it too, a little later."""
    kept: list[VoidEvent] = []
    for event in events:
        same = (one for one in kept if one.source == event.source and event.since_ns < one.until_ns)
        if next(same, None) is None:
            kept.append(event)
    return kept


def _kept(lifelines: list[Lifeline], rule: VoidRule, patience_ns: int = 0) -> Lifeline:
    lifeline = Lifeline(rule.longer_than_s, patience_ns)
    lifelines.append(lifeline)
    return lifeline


def _event(rule: VoidRule, loss: Loss, spans: Iterable[ExerciseSpan], kinds: dict[str, str]) -> VoidEvent | None:
    """The rule's event, if the loss touches an exercise that the rule names; a rule for all holds between them too."""
    during: str | None = None
    since_ns, until_ns = loss.since_ns, loss.until_ns
    for span in spans:
        ended_ns = until_ns if span.ended_ns is None else span.ended_ns
        if rule.exercises is None:
            if span.began_ns <= since_ns or during is None:
                during = span.exercise_id
        elif kinds[span.exercise_id] in rule.exercises and span.began_ns < until_ns and ended_ns > since_ns:
            during = span.exercise_id
            break
    if during is None and rule.exercises is not None:
        return None
    return VoidEvent(rule.source, since_ns, until_ns, during, rule.verdict, loss.fault)
