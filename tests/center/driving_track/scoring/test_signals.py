"""On/off signals as timelines, and the longest time on end of a state."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from center.driving_track.scoring.signals import (
    EDGE_SIGMA_S,
    NS_PER_S,
    STALE_NS,
    CarSignals,
    Longest,
    Stretch,
    Timeline,
    longest,
)
from messages.readings import CarState

S = NS_PER_S


def timeline(*changes: tuple[int, bool | None]) -> Timeline:
    made = Timeline()
    for time_s, state in changes:
        made.change(time_s * S, state)
    return made


def test_a_state_holds_until_the_next_change() -> None:
    made = timeline((1, True), (3, False))
    assert [made.at(second * S) for second in (0, 1, 2, 3, 4)] == [None, True, True, False, False]


def test_pieces_cover_a_stretch_and_carry_the_uncertainty_of_their_edges() -> None:
    pieces = list(timeline((1, True), (3, False)).pieces(Stretch(2 * S, 5 * S, 0.3, 0.4)))
    assert pieces == [
        (True, Stretch(2 * S, 3 * S, 0.3, EDGE_SIGMA_S)),
        (False, Stretch(3 * S, 5 * S, EDGE_SIGMA_S, 0.4)),
    ]


def test_unknown_time_makes_the_longest_possible_longer_than_the_definite() -> None:
    made = timeline((0, False), (2, None), (5, False), (6, True))
    found = longest(made, [Stretch(0, 8 * S)], state=False)
    assert found.definite is not None
    assert found.possible is not None
    assert (found.definite.length_s, found.possible.length_s, found.is_known) == (2.0, 6.0, False)


def test_nothing_is_the_longest_where_the_state_never_was() -> None:
    assert longest(timeline((0, True)), [Stretch(0, 8 * S)], state=False) == Longest(None, None)


@given(st.lists(st.tuples(st.integers(1, 50), st.sampled_from([True, False, None])), max_size=12))
def test_the_pieces_of_any_timeline_add_up_to_the_stretch(changes: list[tuple[int, bool | None]]) -> None:
    made = timeline(*sorted(changes, key=lambda change: change[0]))
    pieces = [piece for _, piece in made.pieces(Stretch(0, 60 * S))]
    assert pieces[0].since_ns == 0
    assert pieces[-1].until_ns == 60 * S
    assert all(one.until_ns == other.since_ns for one, other in itertools.pairwise(pieces))


def test_a_silent_bus_is_unknown_until_it_is_heard_again() -> None:
    signals = CarSignals([4000.0])
    signals.feed(S, CarState(gear=0, belt_fastened=True, engine_speed_rpm=5000.0))
    signals.feed(S + STALE_NS + S, CarState(gear=0, belt_fastened=True, engine_speed_rpm=5000.0))
    belt = signals.named["belt_fastened"]
    assert belt.at(S) is True
    assert belt.at(S + S // 2) is None
    assert belt.at(3 * S) is True
    assert signals.above_rpm[4000.0].at(S + S // 2) is None
    signals.close(10 * S)
    assert belt.at(9 * S) is None


def test_hazard_lights_neutral_and_reverse_are_read_from_levers_and_gear() -> None:
    signals = CarSignals()
    signals.feed(S, CarState(gear=-1, left_indicator_on=True, right_indicator_on=True))
    assert signals.named["hazards_on"].at(S) is True
    assert signals.named["neutral"].at(S) is False
    assert signals.reverse_now is True
    signals.feed(S + 20_000_000, CarState(gear=None, left_indicator_on=None, right_indicator_on=True))
    assert signals.named["hazards_on"].at(2 * S) is None
    assert signals.reverse_now is None


def test_a_stretch_is_cut_at_exact_instants() -> None:
    whole = Stretch(2 * S, 8 * S, 0.1, 0.2)
    assert whole.cut(0, 10 * S) == whole
    assert whole.cut(4 * S, 6 * S) == Stretch(4 * S, 6 * S)
    assert whole.cut(8 * S, 9 * S) is None
