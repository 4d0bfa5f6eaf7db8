"""The fast reading of signals agrees with cantools, whatever the frame."""

from __future__ import annotations

from pathlib import Path

import cantools
import pytest
from cantools.database.can import Database
from hypothesis import given
from hypothesis import strategies as st

from sensors.can_frame import EXTENDED
from sensors.dbc import BadDbc, BadFrame, FrameReader

VEHICLES = Path(__file__).parents[2] / "sites" / "vehicles"
HEAD = 'VERSION ""\nNS_ :\nBS_:\nBU_: A\n'
BIG_ENDIAN = (
    HEAD
    + """BO_ 2147484001 Mixed: 8 A
 SG_ Whole : 7|16@0- (0.5,-10) [0|0] "" A
 SG_ Crossing : 18|11@0+ (1,0) [0|0] "" A
 SG_ Little : 36|13@1- (0.25,3) [0|0] "" A
 SG_ Bit : 63|1@1+ (1,0) [0|0] "" A
"""
)
LEFT_TO_CANTOOLS = (
    HEAD
    + """BO_ 100 Chosen: 8 A
 SG_ Which M : 0|8@1+ (1,0) [0|0] "" A
 SG_ One m0 : 8|16@1- (0.1,0) [0|0] "" A
 SG_ Other m1 : 8|8@1+ (1,0) [0|0] "" A
"""
)
TEXTS = {
    "exam_car": (VEHICLES / "exam_car.dbc").read_text(),
    "hyundai_genesis": (VEHICLES / "hyundai_genesis.dbc").read_text(),
    "big_endian": BIG_ENDIAN,
    "left_to_cantools": LEFT_TO_CANTOOLS,
}


@pytest.mark.parametrize("name", TEXTS)
@given(payload=st.binary(min_size=8, max_size=8))
def test_every_signal_is_what_cantools_says(name: str, payload: bytes):
    database = cantools.database.load_string(TEXTS[name])
    assert isinstance(database, Database)
    plans = FrameReader(TEXTS[name]).plans

    for message in database.messages:
        if message.is_multiplexed():
            payload = bytes((payload[0] & 1,)) + payload[1:]
        expected = message.decode_simple(payload[: message.length], decode_choices=False)
        plan = plans[message.frame_id | (EXTENDED if message.is_extended_frame else 0)]
        values = plan.read(payload)
        assert values.keys() == expected.keys()
        for signal in message.signals:
            if signal.name in values:
                value = expected[signal.name]
                assert isinstance(value, int | float)
                is_known = (signal.minimum is None or value >= signal.minimum) and (
                    signal.maximum is None or value <= signal.maximum
                )
                assert values[signal.name] == (value if is_known else None)


def test_a_short_frame_is_refused():
    with pytest.raises(BadFrame, match="short_frame"):
        FrameReader(TEXTS["exam_car"]).plans[288].read(b"1234567")


def test_a_choice_that_the_file_does_not_know_is_refused():
    with pytest.raises(BadFrame, match="unreadable"):
        FrameReader(LEFT_TO_CANTOOLS).plans[100].read(bytes((9, 0, 0, 0, 0, 0, 0, 0)))


@pytest.mark.parametrize("text", ["", "nonsense {", HEAD])
def test_a_file_that_is_no_dbc_is_refused(text: str):
    with pytest.raises(BadDbc):
        FrameReader(text)
