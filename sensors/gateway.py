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
from messages.steered_clock import machine_clock
from messages.transmitter import Identity, Transmitter
from sensors.configuration import DeviceConfiguration, Loaded, SerialSource, SlcanSource
from sensors.dbc import BadDbc
from sensors.device import Chunk, Device
from sensors.lane import Lane
from sensors.models import make_device
from sensors.sources.serial_port import SerialPort
from sensors.sources.slcan import OPEN, SlcanReader
from sensors.sources.socket_can import SocketCan
from sensors.sources.source import Link, Source
from sensors.stamps import StampClock

_log = logging.getLogger(__name__)

_LOOK_ROUND_S: Final = 0.5
_LINK_LOST: Final = {"serial": "serial_link_lost", "slcan": "serial_link_lost", "socketcan": "can_link_lost"}


class Gateway:
    """All devices of a configuration: ``run`` until ``stop`` is called from any thread or signal handler."""

    def __init__(self, loaded: Loaded, *, machine_ns: Callable[[], int] | None = None) -> None:
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
            machine_ns=machine_ns or machine_clock(loaded.time_scale),
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
        rate = self._loaded.time_scale.rate
        lane = Lane(
            device,
            lambda timed: transmitter.publish(one.id, timed.source_time_ns, timed.reading),
            transmitter.health(one.id),
            began_ns=now_ns(),
            link_fault=_LINK_LOST[str(one.source.__struct_config__.tag)],
            slcan=SlcanReader(StampClock(rate)) if isinstance(one.source, SlcanSource) else None,
            rate=rate,
        )
        self._lanes.append(lane)

        def sink(item: Chunk | Link) -> None:
            self._queue.put((lane, item))

        source = one.source
        if isinstance(source, SerialSource):
            self._sources.append(SerialPort(source.path, source.baud, now_ns, sink))
        elif isinstance(source, SlcanSource):
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
