"""A bare MQTT 3.1.1 publisher (QoS 1) over a plain socket: cheap, so that the subscribers are what is measured."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterable, Sequence

from messages.broker import BrokerAddress
from messages.intake_log import RecordedMessage

_CONNECT, _CONNACK_BYTES, _PUBACK_BYTES = 0x10, 4, 4
_PUBLISH_QOS1 = 0x32
_PIECE_BYTES = 1 << 15
_UNANSWERED = 60_000


class Publisher:
    """One connection with the centre's credential, which may publish for every gateway."""

    def __init__(self, url: str, connect_within_s: float = 10.0) -> None:
        address = BrokerAddress.parse(url)
        self._socket = socket.create_connection((address.host, address.port), connect_within_s)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(_connect(address.username or "", address.password or ""))
        answer = self._receive(_CONNACK_BYTES)
        if answer[3] != 0:
            raise ConnectionError(f"the broker refuses the publisher with code {answer[3]}")
        # While nothing is published no answer comes either, for however long.
        self._socket.settimeout(None)
        self._packet_id = 0
        self.sent = 0
        self.answered = 0
        self._thread = threading.Thread(target=self._count_answers, daemon=True)
        self._thread.start()

    def publish(self, messages: Iterable[RecordedMessage]) -> None:
        """Send at once, as fast as the broker takes it."""
        piece = bytearray()
        for message in messages:
            piece += self._packet(message)
            self.sent += 1
            if len(piece) >= _PIECE_BYTES:
                self._socket.sendall(piece)
                piece.clear()
                self._await_room()
        self._socket.sendall(piece)

    def await_answers(self, within_s: float = 60.0) -> None:
        """Wait until the broker has taken everything; raises TimeoutError."""
        deadline = time.monotonic() + within_s
        while self.answered < self.sent:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the broker took {self.answered} of {self.sent} messages")
            time.sleep(0.005)

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def _await_room(self) -> None:
        while self.sent - self.answered > _UNANSWERED:
            if not self._thread.is_alive():
                raise ConnectionError(f"the broker is gone; it took {self.answered} of {self.sent} messages")
            time.sleep(0.002)

    def _packet(self, message: RecordedMessage) -> bytes:
        self._packet_id = self._packet_id % 0xFFFF + 1
        topic = message.topic.encode()
        body = struct.pack(">H", len(topic)) + topic + struct.pack(">H", self._packet_id) + message.payload
        return bytes([_PUBLISH_QOS1]) + _length(len(body)) + body

    def _receive(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += self._socket.recv(size - len(data))
        return data

    def _count_answers(self) -> None:
        # Nothing but acknowledgements of four bytes ever comes.
        taken = 0
        try:
            while data := self._socket.recv(1 << 16):
                taken += len(data)
                self.answered = taken // _PUBACK_BYTES
        except OSError:
            return


def play(
    publisher: Publisher,
    messages: Sequence[RecordedMessage],
    machine_ns: Sequence[int],
    sent_ns: list[int] | None = None,
) -> None:
    """Publish each message at its instant of the machine's clock; ``sent_ns`` takes when each was really sent."""
    at = 0
    while at < len(messages):
        now_ns = time.time_ns()
        due = at
        while due < len(messages) and machine_ns[due] <= now_ns:
            due += 1
        publisher.publish(messages[at:due])
        if sent_ns is not None:
            sent_ns += [now_ns] * (due - at)
        at = due
        if at < len(messages):
            time.sleep(max(0.0, min(0.002, (machine_ns[at] - time.time_ns()) / 1e9)))


def _connect(user: str, password: str) -> bytes:
    def text(value: str) -> bytes:
        data = value.encode()
        return struct.pack(">H", len(data)) + data

    body = text("MQTT") + bytes([4, 0xC2]) + struct.pack(">H", 0) + text("benchmark-publisher") + text(user)
    body += text(password)
    return bytes([_CONNECT]) + _length(len(body)) + body


def _length(size: int) -> bytes:
    found = bytearray()
    while True:
        size, byte = divmod(size, 128)
        found.append(byte | (0x80 if size else 0))
        if not size:
            return bytes(found)
