"""The examples in the docstrings of the modules that take bytes apart hold."""

from __future__ import annotations

import doctest
from functools import reduce
from operator import xor
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensors import can_frame, nmea
from sensors.sources import slcan


@pytest.mark.parametrize("module", [can_frame, nmea, slcan], ids=lambda module: module.__name__)
def test_the_examples_hold(module: ModuleType):
    results = doctest.testmod(module)

    assert results.attempted > 0
    assert results.failed == 0


@given(body=st.binary(max_size=nmea.MAX_SENTENCE))
def test_the_checksum_is_the_xor_of_all_bytes(body: bytes):
    assert nmea.nmea_checksum(body) == reduce(xor, body, 0)
