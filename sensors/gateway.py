"""A gateway: source → device → stamp → outbox → publish, for each device of a configuration; survives lost links."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

from messages import keys
from messages.keys import BadKey
from messages.readings import Gap
from messages.transmitter import Health, Identity, Transmitter
from sensors.configuration import DeviceConfiguration, Loaded, SerialSource, SlcanSource
from sensors.dbc import BadDbc
from sensors.device import Chunk, Device, Timed
from sensors.models import make_device
from sensors.sources.serial_port import SerialPort
from sensors.sources.slcan import OPEN, SlcanReader
from sensors.sources.socket_can import SocketCan
from sensors.sources.source import Link, Source
from sensors.stamps import StampClock

_log = logging.getLogger(__name__)

_LOOK_ROUND_S: Final = 0.5
_SILENT_NS: Final = 3_000_000_000
_LINK_LOST: Final = {"serial": "serial_link_lost", "slcan": "serial_link_lost", "socketcan": "can_link_lost"}


class Lane:
    """One device's way from chunks to published readings. Everything runs in the gateway's one thread."""

    def __init__(
        self, device: Device, publish: Callable[[Timed], bool], health: Health, *, began_ns: int, link_fault: str
    ) -> None:
        """``began_ns``: from then on it is known that nothing has been read."""
        self.device = device
        self._publish = publish
        self._health = health
        self._link_fault = link_fault
        self._slcan: SlcanReader | None = None
        self._gap: tuple[int, str] | None = (began_ns, "starting")
        self._last_ns: int | None = None
        self._heard_ns = began_ns
        self._driver_faults: set[str] = set()
        self._told_rejected = 0
        self._told_gaps = 0

    def read_through(self, slcan: SlcanReader) -> None:
        """The chunks are the text of a CAN adapter."""
        self._slcan = slcan

    def take(self, item: Chunk | Link) -> None:
        """A chunk is read and its readings are published; a change of the link is told."""
        if isinstance(item, Chunk):
            self._heard_ns = item.arrival_ns
            chunks = [item] if self._slcan is None else self._slcan.feed(item.data, item.arrival_ns)
            for chunk in chunks:
                self._publish_all(self.device.read(chunk))
            self._tell_counts()
        elif item is Link.LOST:
            self._lose_link()
        else:
            self._health.faults.discard(self._link_fault)

    def recover(self) -> None:
        """A driver has failed on its bytes: go on behind them."""
        self._health.faults.add("driver_failed")
        self._break_off("driver_failed")

    def look_round(self, now_ns: int) -> None:
        """Tell whether anything is heard at all, and what the device itself complains of."""
        faults = set(self.device.faults)
        if now_ns - self._heard_ns > _SILENT_NS:
            faults.add("silent")
        self._health.faults.difference_update(self._driver_faults - faults)
        self._health.faults.update(faults)
        self._driver_faults = faults

    def finish(self) -> None:
        """Publish what only waited for more bytes."""
        self._publish_all(self.device.finish())
        self._tell_counts()

    def _lose_link(self) -> None:
        self._health.faults.add(self._link_fault)
        self._break_off(self._link_fault)

    def _break_off(self, reason: str) -> None:
        if self._last_ns is not None and self._gap is None:
            self._gap = (self._last_ns, reason)
        self.device.restart()
        if self._slcan is not None:
            self._slcan.restart()

    def _publish_all(self, readings: list[Timed]) -> None:
        for timed in readings:
            if self._gap is not None:
                self._close_gap(timed.source_time_ns)
            self._publish(timed)
            self._last_ns = timed.source_time_ns

    def _close_gap(self, until_ns: int) -> None:
        if self._gap is None:
            return
        since_ns, reason = self._gap
        self._gap = None
        if since_ns < until_ns:
            self._publish(Timed(until_ns, Gap(since_ns, until_ns, reason)))
            self._health.gaps += reason != "starting"

    def _tell_counts(self) -> None:
        rejected = self.device.counts.rejected_in_all + (self._slcan.rejected.total() if self._slcan else 0)
        self._health.rejected += rejected - self._told_rejected
        self._told_rejected = rejected
        self._health.gaps += self.device.counts.gaps - self._told_gaps
        self._told_gaps = self.device.counts.gaps


class Gateway:
    """All devices of a configuration: ``run`` until ``stop`` is called from any thread or signal handler."""

    def __init__(self, loaded: Loaded, *, machine_ns: Callable[[], int] = time.time_ns) -> None:
        """Raises :class:`sensors.configuration.BadConfiguration` if a key or DBC file cannot be used."""
        configuration = loaded.configuration
        self._loaded = loaded
        self._queue: SimpleQueue[tuple[Lane, Chunk | Link] | None] = SimpleQueue()
        self._stopping = threading.Event()
        drivers = [self._driver(number, one) for number, one in enumerate(configuration.devices)]
        self._transmitter = Transmitter(
            loaded.broker,
            configuration.centre_id,
            configuration.gateway_id,
            [identity for identity, _ in drivers],
            loaded.resolve(configuration.state),
            machine_ns=machine_ns,
            time_scale=loaded.time_scale,
        )
        self._lanes: list[Lane] = []
        self._sources: list[Source] = []
        for one, (_, device) in zip(configuration.devices, drivers, strict=True):
            self._connect(one, device)

    def run(self) -> None:
        """Publish everything until told to stop; then each device's death."""
        self._transmitter.start()
        for source in self._sources:
            source.start()
        looked_round = time.monotonic()
        while not self._stopping.is_set():
            try:
                item = self._queue.get(timeout=_LOOK_ROUND_S)
            except Empty:
                item = None
            if item is not None:
                _take(*item)
            if time.monotonic() - looked_round > _LOOK_ROUND_S:
                looked_round = time.monotonic()
                self._look_round()
        self._end()

    def stop(self) -> None:
        """End ``run`` soon."""
        self._stopping.set()
        self._queue.put(None)

    def _driver(self, number: int, one: DeviceConfiguration) -> tuple[Identity, Device]:
        dbc = None if one.dbc is None else self._loaded.resolve(one.dbc)
        try:
            device = make_device(one.model, dbc)
        except (OSError, UnicodeDecodeError, BadDbc) as error:
            raise self._loaded.refuse(f".devices[{number}].dbc", str(error)) from error
        try:
            key = keys.load(self._loaded.resolve(one.key))
        except BadKey as error:
            raise self._loaded.refuse(f".devices[{number}].key", str(error)) from error
        return Identity(one.id, device.model, device.kinds, key), device

    def _connect(self, one: DeviceConfiguration, device: Device) -> None:
        transmitter, now_ns = self._transmitter, self._transmitter.now_ns
        lane = Lane(
            device,
            lambda timed: transmitter.publish(one.id, timed.source_time_ns, timed.reading),
            transmitter.health(one.id),
            began_ns=now_ns(),
            link_fault=_LINK_LOST[str(one.source.__struct_config__.tag)],
        )
        self._lanes.append(lane)

        def sink(item: Chunk | Link) -> None:
            self._queue.put((lane, item))

        source = one.source
        if isinstance(source, SerialSource):
            self._sources.append(SerialPort(source.path, source.baud, now_ns, sink))
        elif isinstance(source, SlcanSource):
            lane.read_through(SlcanReader(StampClock(self._loaded.time_scale.rate)))
            self._sources.append(SerialPort(source.path, source.baud, now_ns, sink, OPEN))
        else:
            self._sources.append(SocketCan(source.channel, sink))

    def _look_round(self) -> None:
        now_ns = self._transmitter.now_ns()
        for lane in self._lanes:
            lane.look_round(now_ns)

    def _end(self) -> None:
        for source in self._sources:
            source.stop()
        while not self._queue.empty():
            item = self._queue.get()
            if item is not None:
                _take(*item)
        for lane in self._lanes:
            lane.finish()
        self._transmitter.stop()


def _take(lane: Lane, item: Chunk | Link) -> None:
    try:
        lane.take(item)
    except Exception:  # noqa: BLE001 - top of the loop
        _log.exception("a driver failed on %r, which is passed over", item)
        lane.recover()
