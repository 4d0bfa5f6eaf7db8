"""A stand-in for the centre: hears everything, remembers it per device and boot, acknowledges what has no hole."""

from __future__ import annotations

import threading
from typing import Any

from paho.mqtt.client import Client

from messages import codec, topics
from messages.broker import BrokerAddress
from messages.envelope import Envelope, sha256_hex
from messages.readings import Acknowledgement, Reading
from tests.services.mosquitto import Mosquitto


class Centre:
    """Connect, then look at ``received``; reconnects by itself."""

    def __init__(self, broker: Mosquitto, centre_id: str = "sarytau") -> None:
        self._centre_id = centre_id
        self._lock = threading.Lock()
        self._payloads: dict[tuple[str, str], dict[int, bytes]] = {}
        self._acknowledged: dict[tuple[str, str], int] = {}
        self.boots: list[tuple[str, str]] = []
        """Device and boot, in the order in which they were first heard of."""
        self.other_topics: list[str] = []
        address = BrokerAddress.parse(broker.url())
        self._client = address.new_client("test-centre", clean_session=False)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client._reconnect_on_failure = True
        self._client.connect(address.host, address.port)
        self._client.loop_start()

    def close(self) -> None:
        """Go away."""
        self._client.disconnect()
        self._client.loop_stop()

    def received(self, device_id: str, boot: int = 0) -> list[Envelope]:
        """The messages of a device's so-manieth boot by sequence number, as far as they have no hole."""
        with self._lock:
            boots = [key for key in self.boots if key[0] == device_id]
            if len(boots) <= boot:
                return []
            payloads = dict(self._payloads[boots[boot]])
        found = []
        previous = None
        for seq in range(len(payloads)):
            if seq not in payloads:
                break
            envelope = codec.decode(payloads[seq])
            assert previous is None or envelope.previous_sha256 == sha256_hex(previous)
            previous = payloads[seq]
            found.append(envelope)
        return found

    def bodies(self, device_id: str, kind: type[Reading], boot: int = 0) -> list[Any]:
        """The bodies of one kind among them."""
        return [envelope.body for envelope in self.received(device_id, boot) if isinstance(envelope.body, kind)]

    def _on_connect(self, client: Client, *_: Any) -> None:
        client.subscribe(topics.everything_of(self._centre_id), qos=1)

    def _on_message(self, client: Client, userdata: Any, message: Any) -> None:
        parts = topics.parts_of(message.topic)
        if parts is None or parts[3] in ("ack", "lost_link") or parts[1] == topics.CENTRE_GATEWAY:
            self.other_topics.append(message.topic)
            return
        envelope = codec.decode(message.payload)
        key = (envelope.device_id, envelope.boot_id)
        with self._lock:
            if key not in self._payloads:
                self.boots.append(key)
            of_boot = self._payloads.setdefault(key, {})
            of_boot[envelope.seq] = message.payload
            through = self._acknowledged.get(key, -1)
            while through + 1 in of_boot:
                through += 1
            self._acknowledged[key] = through
        if through >= 0 and (through % 20 == 0 or envelope.seq == through):
            acknowledgement = Acknowledgement(envelope.device_id, envelope.boot_id, through)
            topic = topics.device_topic(self._centre_id, parts[1], envelope.device_id, "ack")
            client.publish(topic, codec.encode(acknowledgement), qos=1, retain=True)
