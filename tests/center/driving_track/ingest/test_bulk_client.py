"""The intake's MQTT client against a socket that speaks the protocol by hand, cut wherever it hurts."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from center.driving_track.ingest.bulk_client import BulkClient
from messages.broker import BrokerAddress

_CONNACK = bytes([0x20, 2, 0, 0])
_PINGRESP = bytes([0xD0, 0])
Taken = tuple[str, bytes, int, int]


def _length(size: int) -> bytes:
    found = bytearray()
    while True:
        size, byte = divmod(size, 128)
        found.append(byte | (0x80 if size else 0))
        if not size:
            return bytes(found)


def _publish(topic: bytes, payload: bytes, packet_id: int, qos: int) -> bytes:
    body = struct.pack("!H", len(topic)) + topic + (struct.pack("!H", packet_id) if qos else b"") + payload
    return bytes([0x30 | qos << 1]) + _length(len(body)) + body


@contextmanager
def _connected() -> Iterator[tuple[BulkClient, socket.socket, list[Taken]]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = BrokerAddress("127.0.0.1", server.getsockname()[1]).new_client_of(BulkClient, "intake")
        taken: list[Taken] = []
        client.take = lambda *one: taken.append(one)
        client.manual_ack_set(True)
        client.on_socket_register_write = lambda *_: None
        client.connect("127.0.0.1", server.getsockname()[1])
        peer, _ = server.accept()
        with peer:
            yield client, peer, taken
            client.loop_write()


def _read_until(client: BulkClient, taken: list[Taken], count: int) -> None:
    deadline = time.monotonic() + 5.0
    while len(taken) < count and time.monotonic() < deadline:
        client.loop_read()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([b"a", b"a/b"]), st.binary(max_size=300), st.integers(0, 1)), max_size=8),
    st.lists(st.integers(1, 200), min_size=1, max_size=20),
)
def test_messages_are_the_same_wherever_the_stream_is_cut(
    told: list[tuple[bytes, bytes, int]], cuts: list[int]
) -> None:
    expected = [(topic.decode(), payload, at if qos else 0, qos) for at, (topic, payload, qos) in enumerate(told, 1)]
    stream = _CONNACK
    for at, (topic, payload, qos) in enumerate(told, 1):
        stream += _publish(topic, payload, at, qos) + _PINGRESP
    with _connected() as (client, peer, taken):
        at = 0
        for cut in cuts:
            peer.sendall(stream[at : at + cut])
            client.loop_read()
            at += cut
        peer.sendall(stream[at:])
        _read_until(client, taken, len(expected))
        assert taken == expected


def test_acknowledgements_go_out_in_one_piece() -> None:
    with _connected() as (client, peer, _):
        client.loop_write()
        peer.recv(1000)
        client.acknowledge([7, 300])
        client.loop_write()
        assert peer.recv(1000) == bytes([0x40, 2, 0, 7, 0x40, 2, 1, 44])


def test_a_topic_that_is_no_text_is_handed_on_as_one_of_nobodys() -> None:
    with _connected() as (client, peer, taken):
        peer.sendall(_CONNACK + _publish(b"\xff/x", b"payload", 1, 1))
        _read_until(client, taken, 1)
        assert taken == [("\ufffd/x", b"payload", 1, 1)]


@pytest.mark.parametrize("nonsense", [bytes([0x32, 0xFF, 0xFF, 0xFF, 0xFF, 1]), bytes([0x32, 3, 0, 9, 1])])
def test_what_is_no_mqtt_ends_the_connection(nonsense: bytes) -> None:
    with _connected() as (client, peer, taken):
        peer.sendall(_CONNACK + nonsense)
        deadline = time.monotonic() + 5.0
        while client.socket() is not None and time.monotonic() < deadline:
            client.loop_read()
        assert client.socket() is None
        assert taken == []
