"""The centre's half of the contract for tests of the link: takes all, acknowledges what has no hole before it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client

from messages import codec, topics
from messages.broker import BrokerAddress
from messages.readings import Acknowledgement
from messages.received import Received


class CentreStub:
    """Hears everything; ``taken`` holds each (device, boot, seq) in the order in which it came first."""

    def __init__(self, url: str, centre_id: str, *, acknowledges: bool = True) -> None:
        self.acknowledges = acknowledges
        self.taken: list[tuple[str, str, int]] = []
        self.kinds: list[tuple[str, str]] = []
        self.wills: list[bytes] = []
        self.duplicates = 0
        self._centre_id = centre_id
        self._received: dict[tuple[str, str, str], Received] = {}
        self._said: dict[tuple[str, str, str], int] = {}
        self._broker = BrokerAddress.parse(url)
        self._stopping = threading.Event()
        self._client = self._connected()
        self._talker = threading.Thread(target=self._acknowledge, daemon=True)
        self._talker.start()

    def stop(self) -> None:
        self._stopping.set()
        self._talker.join()
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(5)

    def _connected(self) -> Client:
        client = self._broker.new_client("centre-stub", clean_session=False)
        client._reconnect_on_failure = True  # as the centre's own subscriber does in its own way
        client.reconnect_delay_set(1, 1)
        heard = threading.Event()

        def subscribe(*_: Any) -> None:
            client.subscribe(topics.everything_of(self._centre_id), 1)

        client.on_connect = subscribe
        client.on_subscribe = lambda *_: heard.set()
        client.on_message = lambda _client, _userdata, message: self._take(message.topic, bytes(message.payload))
        client.connect(self._broker.host, self._broker.port)
        client.loop_start()
        assert heard.wait(10)
        return client

    def _take(self, topic: str, payload: bytes) -> None:
        parts = topics.parts_of(topic)
        assert parts is not None
        _, gateway_id, device_id, kind = parts
        if kind == "lost_link":
            self.wills.append(payload)
        elif kind not in ("ack", "exam_control"):
            head = codec.decode_head(payload)
            received = self._received.setdefault((gateway_id, device_id, head.boot_id), Received())
            if received.add(head.seq):
                self.taken.append((device_id, head.boot_id, head.seq))
                self.kinds.append((device_id, kind))
            else:
                self.duplicates += 1

    def _acknowledge(self) -> None:
        while not self._stopping.wait(0.05):
            if not self.acknowledges:
                continue
            for (gateway_id, device_id, boot_id), received in list(self._received.items()):
                through = received.through
                key = (gateway_id, device_id, boot_id)
                if through is not None and self._said.get(key) != through:
                    self._said[key] = through
                    topic = topics.device_topic(self._centre_id, gateway_id, device_id, "ack")
                    word = codec.encode(Acknowledgement(device_id, boot_id, through))
                    self._client.publish(topic, word, qos=1, retain=True)


def eventually(true: Callable[[], object], within_s: float = 20.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)
