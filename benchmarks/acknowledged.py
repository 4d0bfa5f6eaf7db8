"""How far the centre has acknowledged each device, as the devices hear it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from paho.mqtt.client import Client, MQTTMessage

from messages import codec, topics
from messages.broker import BrokerAddress
from messages.intake_log import RecordedMessage

_DEVICE_LEVEL = 4


class Acknowledged:
    """Listens until closed."""

    def __init__(self, url: str, centre_id: str) -> None:
        self._through: dict[str, int] = {}
        self._client: Client = BrokerAddress.parse(url).new_client("benchmark-acknowledged")
        self._client.on_message = self._take
        address = BrokerAddress.parse(url)
        self._client.connect(address.host, address.port)
        self._client.subscribe(topics.device_topic(centre_id, "+", "+", "ack"), qos=1)
        self._client.loop_start()

    def await_all(self, messages: Sequence[RecordedMessage], within_s: float = 120.0) -> None:
        """Wait until all of these are acknowledged; raises TimeoutError."""
        last: dict[str, int] = {}
        for message in messages:
            device = message.topic.split("/")[_DEVICE_LEVEL]
            seq = codec.decode_head(message.payload).seq
            last[device] = max(seq, last.get(device, -1))
        deadline = time.monotonic() + within_s
        while any(self._through.get(device, -1) < seq for device, seq in last.items()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"acknowledged {self._through} of {last}")
            time.sleep(0.02)

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def _take(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        told = codec.decode_acknowledgement(bytes(message.payload))
        self._through[told.device_id] = max(told.through_seq, self._through.get(told.device_id, -1))
