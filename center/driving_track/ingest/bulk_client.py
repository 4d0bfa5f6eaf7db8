"""A paho client that reads from its socket in large pieces and acknowledges in groups.

Paho reads each packet with four calls of the system, makes an object of it and writes each acknowledgement by itself.
That is most of what a message costs here, so PUBLISH packets (QoS 0 and 1) are taken apart below; everything else is
left to paho, whose private packet reader is the one thing replaced (paho is pinned to the versions that have it).
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from paho.mqtt.client import Client
from paho.mqtt.enums import MessageType, MQTTErrorCode

_PIECE_BYTES: Final = 1 << 16
_LONGEST_LENGTH: Final = 4
_TOPICS_KEPT: Final = 4096
_PUBLISH: Final = int(MessageType.PUBLISH)
_ACK: Final = struct.Struct("!BBH")
_LENGTH: Final = struct.Struct("!H")

Take = Callable[[str, bytes, int, int], None]
"""Topic, payload, packet id and quality of service of a message."""


class BulkClient(Client):
    """Use with ``loop_read`` and ``loop_write``, in one thread, MQTT 3.1.1; set ``take`` before connecting."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._unread = b""
        self._topics: dict[bytes, str] = {}
        self.take: Take = _ignore

    def acknowledge(self, packet_ids: Iterable[int]) -> None:
        """Queue the PUBACKs of all these as one piece."""
        acks = b"".join([_ACK.pack(MessageType.PUBACK, 2, packet_id) for packet_id in packet_ids])
        if acks:
            self._packet_queue(MessageType.PUBACK, acks, 0, 1)

    def _packet_read(self) -> MQTTErrorCode:
        try:
            data = self._sock_recv(_PIECE_BYTES)
        except BlockingIOError:
            return MQTTErrorCode.MQTT_ERR_AGAIN
        except OSError:
            return MQTTErrorCode.MQTT_ERR_CONN_LOST
        if not data:
            return MQTTErrorCode.MQTT_ERR_CONN_LOST
        with self._msgtime_mutex:
            self._last_bytes_received = time.monotonic()
        return self._take_apart(self._unread + data if self._unread else data)

    def _take_apart(self, data: bytes) -> MQTTErrorCode:
        at, size = 0, len(data)
        while size - at >= 2:
            length = data[at + 1]
            start = at + 2
            if length & 0x80:
                length, start = _long_length(data, at + 1)
                if start < 0:
                    return MQTTErrorCode.MQTT_ERR_PROTOCOL
                if start == 0:
                    break
            end = start + length
            if end > size:
                break
            result = self._take_packet(data[at], data, start, end)
            if result != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return result
            at = end
        self._unread = data[at:]
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _take_packet(self, command: int, data: bytes, start: int, end: int) -> MQTTErrorCode:
        qos = command >> 1 & 3
        if command & 0xF0 != _PUBLISH or qos > 1:
            return self._leave_to_paho(command, data[start:end])
        if end - start < 2:
            return MQTTErrorCode.MQTT_ERR_PROTOCOL
        after = start + 2 + _LENGTH.unpack_from(data, start)[0]
        body = after + 2 * qos
        if body > end:
            return MQTTErrorCode.MQTT_ERR_PROTOCOL
        packet_id = _LENGTH.unpack_from(data, after)[0] if qos else 0
        self.take(self._topic(data[start + 2 : after]), data[body:end], packet_id, qos)
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _topic(self, name: bytes) -> str:
        topic = self._topics.get(name)
        if topic is None:
            if len(self._topics) >= _TOPICS_KEPT:
                self._topics.clear()
            topic = self._topics[name] = name.decode(errors="replace")
        return topic

    def _leave_to_paho(self, command: int, packet: bytes) -> MQTTErrorCode:
        whole = self._in_packet
        whole["command"], whole["remaining_length"], whole["packet"] = command, len(packet), bytearray(packet)
        return self._packet_handle()


def _long_length(data: bytes, at: int) -> tuple[int, int]:
    """A packet's length of several bytes, and where it ends: 0 if more bytes must come, -1 if it is none."""
    length = 0
    for place in range(_LONGEST_LENGTH):
        if at + place >= len(data):
            return 0, 0
        byte = data[at + place]
        length |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            return length, at + place + 1
    return 0, -1


def _ignore(_topic: str, _payload: bytes, _packet_id: int, _qos: int) -> None:
    pass
