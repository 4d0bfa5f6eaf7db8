"""When a lane begins again: after each silence twice as long, and never while the centre goes on."""

from __future__ import annotations

import pytest

from messages.lane import Lane, Pace
from messages.outbox import Outbox


@pytest.fixture
def lane(tmp_path) -> Lane:
    outbox = Outbox(tmp_path, "boot-1")
    for seq in range(3):
        outbox.append(seq, "beam", seq, b"x")
    outbox.sync()
    lane = Lane(outbox, Pace(resend_after_s=5.0))
    lane.begin(0.0)
    return lane


def send_all(lane: Lane) -> None:
    for position, _ in lane.outbox.pending(lane.sent):
        lane.sent = position
        lane.ahead += 1


def rewinds(lane: Lane, until_s: int) -> list[int]:
    found = []
    for now in range(until_s):
        if lane.rewind_if_stuck(float(now)):
            found.append(now)
            assert (lane.sent, lane.ahead) == (None, 0)
            send_all(lane)
    return found


def test_each_silence_is_borne_twice_as_long(lane):
    send_all(lane)
    assert rewinds(lane, 1500) == [6, 17, 38, 79, 160, 321, 622, 923, 1224]


def test_nothing_sent_or_nothing_waiting_is_no_silence(lane):
    assert rewinds(lane, 100) == []
    send_all(lane)
    lane.outbox.acknowledge("boot-1", 2)
    assert rewinds(lane, 100) == []


def test_the_centres_word_makes_it_patient_and_quick_again(lane):
    send_all(lane)
    assert rewinds(lane, 20) == [6, 17]
    lane.go_on(20.0)
    assert not lane.rewind_if_stuck(24.0)
    assert lane.rewind_if_stuck(26.0)
