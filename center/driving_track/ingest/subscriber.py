"""The centre's own MQTT client: collects what arrives, and acknowledges by hand what has reached the disk.

Everything happens in the caller's thread, so that a message's way from the socket to the log crosses no queue.
"""

from __future__ import annotations

import logging
import select
import ssl
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from center.driving_track.ingest.bulk_client import BulkClient
from messages import topics
from messages.broker import BrokerAddress

_log = logging.getLogger(__name__)
_KEEPALIVE_S = 20
_RECONNECT_AFTER_S = 0.3
_LARGEST_BATCH = 2000


class Arrival(NamedTuple):
    """One message as the broker gave it."""

    arrival_ns: int
    topic: str
    payload: bytes
    mid: int
    qos: int
    connection: int
    """Which connection brought it: a later one cannot acknowledge it."""


class Subscriber:
    """One persistent session: what was not acknowledged comes again after a break, whoever it was that broke."""

    def __init__(self, broker: BrokerAddress, centre_id: str, now_ns: Callable[[], int]) -> None:
        self._broker = broker
        self._centre_id = centre_id
        self._now_ns = now_ns
        self._client: BulkClient | None = None
        self._arrived: list[Arrival] = []
        self._connection = 0
        self._retry_at = 0.0
        self._read_ns: int | None = None
        self._complained = ""
        self.connected = False

    def collect(self, within_s: float, gather_s: float) -> list[Arrival]:
        """Wait up to ``within_s`` for a message; then go on gathering for ``gather_s``, and give all that came."""
        client = self._client or self._connect()
        if client is None:
            time.sleep(min(within_s, 0.05))
            return []
        deadline = time.monotonic() + within_s
        while (left_s := deadline - time.monotonic()) > 0 and self._client is not None:
            before = len(self._arrived)
            self._turn(client, left_s)
            if before == 0 and self._arrived:
                deadline = min(deadline, time.monotonic() + gather_s)
            if len(self._arrived) >= _LARGEST_BATCH:
                break
        arrived, self._arrived = self._arrived, []
        return arrived

    def acknowledge(self, arrivals: Sequence[Arrival]) -> None:
        """Tell the broker that these are safe with us."""
        client = self._client
        if client is None:
            return
        connection = self._connection
        client.acknowledge([one.mid for one in arrivals if one.qos == 1 and one.connection == connection])
        self._flush(client)

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        """Hand a message to the broker (QoS 1); False without a connection."""
        if self._client is None or not self.connected:
            return False
        self._client.publish(topic, payload, qos=1, retain=retain)
        return True

    def close(self) -> None:
        """Take leave; the session stays."""
        if self._client is not None:
            self._client.disconnect()
            self._flush(self._client)
            self._drop()

    def _connect(self) -> BulkClient | None:
        if time.monotonic() < self._retry_at:
            return None
        self._retry_at = time.monotonic() + _RECONNECT_AFTER_S
        client = self._broker.new_client_of(BulkClient, f"center-{self._centre_id}", clean_session=False)
        client.manual_ack_set(True)
        client.max_inflight_messages_set(0)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.take = self._take
        # Set so that paho leaves the writing to us: once a group, instead of once a packet.
        client.on_socket_register_write = _ignore
        client.on_socket_unregister_write = _ignore
        self._connection += 1
        try:
            client.connect(self._broker.host, self._broker.port, _KEEPALIVE_S)
        except (OSError, ValueError) as error:
            self._complain(error)
            return None
        self._client = client
        self._complained = ""
        return client

    def _complain(self, error: Exception) -> None:
        """A broker that cannot be trusted is more than one that is away; the same is not said at every attempt."""
        if str(error) != self._complained:
            self._complained = str(error)
            level = logging.WARNING if isinstance(error, ssl.SSLError) else logging.INFO
            _log.log(level, "No connection to the broker: %s", error)

    def _turn(self, client: BulkClient, left_s: float) -> None:
        socket = client.socket()
        if socket is None:
            self._drop()
            return
        client.loop_misc()
        self._flush(client)
        pending = getattr(socket, "pending", None)
        if not (pending and pending()):
            try:
                readable, _, _ = select.select([socket], [], [], min(left_s, 1.0))
            except (OSError, ValueError):
                self._drop()
                return
            if not readable:
                return
        # What one select announces is read to its end: a piece at a time.
        while self._client is client:
            before = len(self._arrived)
            self._read_ns = None
            client.loop_read()
            if len(self._arrived) == before or before >= _LARGEST_BATCH:
                return

    def _flush(self, client: BulkClient) -> None:
        while client.want_write() and client.socket() is not None:
            if client.loop_write() != 0:
                return

    def _drop(self) -> None:
        self._client = None
        self.connected = False
        self._retry_at = time.monotonic() + _RECONNECT_AFTER_S

    def _on_connect(
        self, client: Client, _userdata: Any, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            _log.warning("The broker refuses the centre: %s", reason)
            return
        self.connected = True
        # One subscription, so that a broker keeps the order of each publisher over all kinds.
        client.subscribe(topics.everything_of(self._centre_id), qos=1)

    def _on_disconnect(
        self,
        client: Client,
        _userdata: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        _log.info("The broker's connection ended: %s", reason)
        if self._client is client:
            self._drop()

    def _take(self, topic: str, payload: bytes, packet_id: int, qos: int) -> None:
        if self._read_ns is None:
            # Not before the bytes were read: on a machine that stalled in between they would come from the future.
            self._read_ns = self._now_ns()
        self._arrived.append(Arrival(self._read_ns, topic, payload, packet_id, qos, self._connection))


def _ignore(*_arguments: object) -> None:
    pass
