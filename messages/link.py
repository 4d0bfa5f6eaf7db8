"""The one reconnect loop between a gateway, or a track controller, and the broker."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, Final

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from messages import codec, topics
from messages.broker import BrokerAddress
from messages.codec import BadMessage
from messages.envelope import Envelope
from messages.lane import Lane, Pace
from messages.outbox import Outbox
from messages.readings import ExamControl, LostLink

_log = logging.getLogger(__name__)

_KEEPALIVE_S: Final = 10


class Link:
    """Publishes the outboxes of one gateway's devices in order, and hears acknowledgements and orders.

    Everything runs on threads of its own: ``start``, then ``wake`` whenever an outbox was synced, then ``stop``.
    """

    def __init__(
        self,
        broker: BrokerAddress,
        centre_id: str,
        gateway_id: str,
        boot_id: str,
        outboxes: Mapping[str, Outbox],
        *,
        on_control: Callable[[Envelope], None] | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._broker = broker
        self._centre_id = centre_id
        self._gateway_id = gateway_id
        self._boot_id = boot_id
        self._pace = pace or Pace()
        self._lanes = {device_id: Lane(outbox, self._pace) for device_id, outbox in outboxes.items()}
        self._on_control = on_control
        self._thread = threading.Thread(target=self._run, name=f"link-{gateway_id}", daemon=True)
        self._changed = threading.Condition()
        self._dirty = False
        self._stopping = False
        self._up = False
        self._down = False
        self._unacknowledged = 0
        self.bad_messages: dict[str, int] = {}
        """Unreadable acknowledgements and orders, counted by reason."""

    @property
    def connected(self) -> bool:
        """Whether the broker has let us in and the connection stands."""
        return self._up and not self._down

    def start(self) -> None:
        """Begin to connect, and to publish what waits."""
        self._thread.start()

    def wake(self) -> None:
        """Say that an outbox has something new. Returns at once."""
        with self._changed:
            self._dirty = True
            self._changed.notify_all()

    def drain(self, within_s: float) -> bool:
        """Wait until the centre has acknowledged everything synced; False if it has not within that time."""
        deadline = time.monotonic() + within_s
        while any(lane.outbox.waiting for lane in self._lanes.values()):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def stop(self) -> None:
        """Take leave of the broker, so that it publishes no will, and end. What is not acknowledged stays on disk."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        backoff_s = self._pace.first_backoff_s
        while not self._stopping:
            try:
                stood = self._connect_once()
            except Exception:  # noqa: BLE001 - top of the loop
                _log.exception("%s: the link failed, and is taken up again", self._gateway_id)
                stood = False
            if stood:
                backoff_s = self._pace.first_backoff_s
            with self._changed:
                if not self._stopping:
                    self._changed.wait_for(lambda: self._stopping, backoff_s)
            backoff_s = min(backoff_s * 2.0, self._pace.longest_backoff_s)

    def _connect_once(self) -> bool:
        """One connection from beginning to end; whether it ever stood."""
        client = self._new_client()
        try:
            client.connect(self._broker.host, self._broker.port, _KEEPALIVE_S)
        except (OSError, ValueError) as error:
            level = logging.WARNING if isinstance(error, ssl.SSLError) else logging.INFO
            _log.log(level, "%s: no connection to the broker: %s", self._gateway_id, error)
            return False
        client.loop_start()
        try:
            with self._changed:
                self._changed.wait_for(lambda: self._up or self._down or self._stopping, 2.0 * _KEEPALIVE_S)
            if not self._up:
                return False
            self._greet(client)
            self._publish_until_down(client)
            return True
        finally:
            client.disconnect()
            client.loop_stop()

    def _new_client(self) -> Client:
        # A fresh client each time: paho would resend on its own what the outbox sends again anyhow, out of order.
        self._up = self._down = False
        self._unacknowledged = 0
        client = self._broker.new_client(self._gateway_id)
        client.max_inflight_messages_set(self._pace.window)
        will = codec.encode(LostLink(self._gateway_id, self._boot_id))
        client.will_set(topics.lost_link_topic(self._centre_id, self._gateway_id), will, qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        return client

    def _greet(self, client: Client) -> None:
        client.subscribe(
            [
                (topics.acknowledgements_of(self._centre_id, self._gateway_id), 1),
                (topics.control_topic(self._centre_id), 1),
            ]
        )
        client.publish(topics.lost_link_topic(self._centre_id, self._gateway_id), b"", qos=1, retain=True)
        with self._changed:
            self._unacknowledged += 1
        now = time.monotonic()
        for lane in self._lanes.values():
            lane.begin(now)

    def _publish_until_down(self, client: Client) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._dirty or self._down or self._stopping, 0.5)
                self._dirty = False
                if self._down or self._stopping:
                    return
            for device_id, lane in self._lanes.items():
                if lane.rewind_if_stuck(time.monotonic()):
                    _log.info("%s: no word of the centre on %s, sending again", self._gateway_id, device_id)
                if self._publish_some(client, device_id, lane):
                    self._dirty = True

    def _publish_some(self, client: Client, device_id: str, lane: Lane) -> bool:
        """Hand a few messages over, so that no device waits for another's backlog; whether there are more."""
        for position, stored in islice(lane.outbox.pending(lane.sent), self._pace.turn):
            if lane.ahead >= self._pace.ahead or not self._wait_for_window():
                return False
            topic = topics.device_topic(self._centre_id, self._gateway_id, device_id, stored.kind)
            client.publish(topic, stored.payload, qos=topics.TOPICS[stored.kind].qos)
            lane.sent = position
            lane.ahead += 1
        return lane.outbox.has_more(lane.sent)

    def _wait_for_window(self) -> bool:
        """Take a place among what the broker has not confirmed yet; False if the link went down meanwhile."""
        with self._changed:
            while self._unacknowledged >= self._pace.window and not self._down and not self._stopping:
                self._changed.wait(0.5)
            if self._down or self._stopping:
                return False
            self._unacknowledged += 1
            return True

    def _on_connect(
        self, client: Client, userdata: Any, flags: ConnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        with self._changed:
            if reason.is_failure:
                _log.warning("%s: the broker refuses us: %s", self._gateway_id, reason)
                self._down = True
            else:
                self._up = True
            self._changed.notify_all()

    def _on_disconnect(
        self, client: Client, userdata: Any, flags: DisconnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        with self._changed:
            self._down = True
            self._changed.notify_all()

    def _on_publish(
        self, client: Client, userdata: Any, mid: int, reason: ReasonCode, properties: Properties | None
    ) -> None:
        with self._changed:
            self._unacknowledged -= 1
            if self._unacknowledged < self._pace.window:
                self._changed.notify_all()

    def _on_message(self, client: Client, userdata: Any, message: MQTTMessage) -> None:
        parts = topics.parts_of(message.topic)
        if parts is None or not message.payload:
            return
        try:
            if parts[3] == "ack":
                self._take_acknowledgement(parts[2], bytes(message.payload))
            elif parts[3] == "exam_control" and self._on_control is not None:
                self._take_order(bytes(message.payload))
        except BadMessage as refusal:
            self.bad_messages[refusal.reason] = self.bad_messages.get(refusal.reason, 0) + 1

    def _take_acknowledgement(self, device_id: str, payload: bytes) -> None:
        acknowledgement = codec.decode_acknowledgement(payload)
        lane = self._lanes.get(device_id)
        if lane is None or not lane.outbox.acknowledge(acknowledgement.boot_id, acknowledgement.through_seq):
            return
        with self._changed:
            lane.go_on(time.monotonic())
            self._dirty = True
            self._changed.notify_all()

    def _take_order(self, payload: bytes) -> None:
        envelope = codec.decode(payload)
        if self._on_control is None or not isinstance(envelope.body, ExamControl):
            return
        try:
            self._on_control(envelope)
        except Exception:  # noqa: BLE001
            # Raised further, it would end paho's thread and with it the link.
            _log.exception("%s: an order of the centre could not be carried out", self._gateway_id)
