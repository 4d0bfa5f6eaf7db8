"""The polynomial local frame against the library that it is taken from."""

from __future__ import annotations

import math
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymap3d import enu2geodetic, geodetic2enu

from messages.geodesy import LocalFrame
from messages.site import Anchor

ANCHORS = [
    Anchor(51.128, 71.430, 340.0),
    Anchor(43.25, 76.95, 780.0),
    Anchor(-33.9, 18.4, 20.0),
    Anchor(0.0, 0.0, 0.0),
]


@pytest.mark.parametrize("anchor", ANCHORS)
@given(east=st.floats(-400, 400), north=st.floats(-400, 400), up=st.floats(-10, 10))
def test_a_place_on_the_track_is_within_a_twentieth_of_a_millimetre_of_pymap3d(anchor, east, north, up):
    place = enu2geodetic(east, north, up, anchor.latitude_deg, anchor.longitude_deg, anchor.height_m)
    found = LocalFrame(anchor).enu(*map(float, place))
    assert math.dist(found, (east, north, up)) < 5e-5


@given(east=st.floats(-400, 400), north=st.floats(-400, 400), up=st.floats(-10, 10))
def test_there_and_back_is_where_it_was(east, north, up):
    frame = LocalFrame(ANCHORS[0])
    assert math.dist(frame.enu(*frame.geodetic(east, north, up)), (east, north, up)) < 1e-6


def test_coefficients_hold_no_bits_that_depend_on_a_processor(monkeypatch):
    """The library's result shaken by a nanometre, as another processor's sine might, changes no coefficient."""
    plain = vars(LocalFrame(ANCHORS[0]))
    exact = geodetic2enu
    monkeypatch.setattr("messages.geodesy.geodetic2enu", lambda *place: [value + 1e-9 for value in exact(*place)])
    assert vars(LocalFrame(ANCHORS[0])) == plain


def test_one_place_costs_little():
    frame = LocalFrame(ANCHORS[0])
    assert min(timeit.repeat(lambda: frame.enu(51.129, 71.431, 341.0), number=10_000, repeat=5)) / 10_000 < 10e-6
