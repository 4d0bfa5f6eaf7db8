"""What is noted while recorded cars drive: when findings are in the database, and what the centre itself says."""

from __future__ import annotations

import json
import sqlite3
import time
from typing import Any

from paho.mqtt.client import Client, MQTTMessage

from benchmarks.expected import Key, Published, key_of
from center.driving_track.tables import Stage
from messages import topics
from messages.broker import BrokerAddress
from messages.codec import decode

_POLL_S = 0.003
_KINDS = ("exam_control", "heartbeat", "digest", "birth")


class StoredFindings:
    """Not through the centre's own queries: what looks on must not take the processor from what it looks at."""

    def __init__(self, database_url: str) -> None:
        self._database = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
        self._newest = 0
        self.stored_ns: dict[tuple[str, Key], int] = {}
        """When a finding of an exam was first read back (machine's ns), in the order of storing."""

    def watch(self, until_machine_ns: int) -> None:
        """Look again and again until an instant."""
        while time.time_ns() < until_machine_ns:
            self.look()
            time.sleep(_POLL_S)

    def look(self) -> None:
        """Note what is there for the first time."""
        wanted = "SELECT rowid, exam_id, content FROM findings WHERE rowid > ? AND stage = ? ORDER BY rowid"
        for row, exam_id, content in self._database.execute(wanted, (self._newest, Stage.PROVISIONAL.value)):
            self.stored_ns.setdefault((exam_id, key_of(json.loads(content))), time.time_ns())
            self._newest = row

    def close(self) -> None:
        """Look no more."""
        self._database.close()


class CentreOrders:
    """Hears the centre's own messages: the watermark waits for them like for any other device."""

    def __init__(self, url: str, centre_id: str) -> None:
        self.heard: list[Published] = []
        address = BrokerAddress.parse(url)
        self._client: Client = address.new_client("benchmark-orders")
        self._client.on_message = self._take
        self._client.connect(address.host, address.port)
        own = topics.device_topic(centre_id, topics.CENTRE_GATEWAY, topics.CENTRE_DEVICE, "+")
        self._client.subscribe(own, qos=1)
        self._client.loop_start()

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def _take(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        if message.topic.rpartition("/")[2] in _KINDS:
            self.heard.append((time.time_ns(), decode(bytes(message.payload))))
