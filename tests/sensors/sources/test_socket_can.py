"""Frames of a CAN interface arrive with their instants (python-can's virtual bus in place of the kernel's)."""

from __future__ import annotations

import time

import can

from sensors.can_frame import EXTENDED, unpack
from sensors.device import Chunk
from sensors.sources.socket_can import SocketCan
from sensors.sources.source import Link
from tests.sensors.terminals import wait_until


def test_frames_are_delivered_in_order_with_their_instants():
    items: list[Chunk | Link] = []
    source = SocketCan("speccenter-test", items.append, interface="virtual")
    source.start()
    wait_until(lambda: items == [Link.UP])
    began_ns = time.time_ns()

    with can.Bus(interface="virtual", channel="speccenter-test") as bus:
        bus.send(can.Message(arbitration_id=0x120, data=b"one", is_extended_id=False))
        bus.send(can.Message(arbitration_id=0x120, is_remote_frame=True, is_extended_id=False))
        bus.send(can.Message(arbitration_id=0x18FEF100, data=b"two", is_extended_id=True))
        wait_until(lambda: len(items) == 3)
    source.stop()

    chunks = [item for item in items if isinstance(item, Chunk)]
    assert [unpack(chunk.data) for chunk in chunks] == [(0x120, b"one"), (0x18FEF100 | EXTENDED, b"two")]
    assert all(abs((chunk.source_time_ns or 0) - began_ns) < 2_000_000_000 for chunk in chunks)


def test_an_interface_that_is_not_there_is_told_once():
    items: list[Chunk | Link] = []
    source = SocketCan("no-such-interface", items.append)
    source.start()

    wait_until(lambda: items == [Link.LOST])
    source.stop()
