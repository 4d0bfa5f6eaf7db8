"""Inspectors are drawn: evenly, checkably, and never by somebody's choice of the moment."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.casework.queue.assignment import SEED_BYTES, Inspector, LeftOut, candidates, draw, is_ready

VIKTOR = Inspector("viktor", on_duty=True, busy=False, qualified=True, may=True)
OLGA = replace(VIKTOR, account_id="olga")
SEED = bytes(range(SEED_BYTES))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"qualified": False}, LeftOut.NOT_QUALIFIED),
        ({"may": False}, LeftOut.MAY_NOT),
        ({"had_it": True}, LeftOut.HAD_IT),
        ({"on_duty": False}, LeftOut.OFF_DUTY),
        ({"busy": True}, LeftOut.BUSY),
    ],
)
def test_only_the_free_and_qualified_are_drawn(change: dict[str, bool], reason: LeftOut) -> None:
    facts = {"on_duty": True, "busy": False, "qualified": True, "may": True} | change
    out = Inspector("viktor", **facts)
    assert out.left_out is reason
    assert candidates([OLGA, out]) == ["olga"]


def test_a_draw_can_be_repeated_from_its_record() -> None:
    # SHA-256 of seed ‖ 0 ‖ case ‖ 0 ‖ step ‖ 0 ‖ round, modulo two, reckoned apart from the code.
    import hashlib

    number = int(hashlib.sha256(SEED + b"\x00case-1\x00inspect\x001").hexdigest(), 16)
    assert draw(SEED, "case-1", "inspect", 1, ["viktor", "olga"]) == ["olga", "viktor"][number % 2]


@given(st.permutations(["a", "b", "c", "d", "e"]))
def test_the_order_in_which_inspectors_are_listed_does_not_matter(accounts: list[str]) -> None:
    assert draw(SEED, "case", "step", 1, accounts) == draw(SEED, "case", "step", 1, sorted(accounts))


@pytest.mark.parametrize("count", [2, 3, 7])
def test_everybody_is_drawn_equally_often(count: int) -> None:
    accounts = [f"inspector-{number}" for number in range(count)]
    draws = 4200
    drawn = Counter(draw(number.to_bytes(SEED_BYTES, "big"), "case", "inspect", 1, accounts) for number in range(draws))
    expected = draws / count
    chi_squared = sum((drawn[account] - expected) ** 2 / expected for account in accounts)
    # 99.9 % quantiles of χ² with 1, 2 and 6 degrees of freedom.
    assert chi_squared < {2: 10.83, 3: 13.82, 7: 22.46}[count]


def test_seed_case_step_and_round_each_change_the_draw() -> None:
    accounts = [f"inspector-{number}" for number in range(1000)]
    draws = {
        draw(SEED, "case", "step", 1, accounts),
        draw(bytes(SEED_BYTES), "case", "step", 1, accounts),
        draw(SEED, "other", "step", 1, accounts),
        draw(SEED, "case", "other", 1, accounts),
        draw(SEED, "case", "step", 2, accounts),
    }
    assert len(draws) == 5


@pytest.mark.parametrize(("seed", "accounts"), [(SEED, []), (b"short", ["viktor"])])
def test_a_draw_without_candidates_or_seed_is_none(seed: bytes, accounts: list[str]) -> None:
    with pytest.raises(ValueError, match="a draw needs"):
        draw(seed, "case", "step", 1, accounts)


def _ready(*inspectors: Inspector, waited_s: float = 0) -> bool:
    return is_ready(inspectors, waited_s=waited_s, least_free=2, anyway_after_s=300)


def test_with_two_free_the_draw_is_made_at_once() -> None:
    assert _ready(VIKTOR, OLGA)


def test_one_who_happens_to_be_free_alone_does_not_get_the_case_by_that() -> None:
    busy = replace(OLGA, busy=True)
    assert not _ready(VIKTOR, busy)
    assert not _ready(VIKTOR, busy, waited_s=299)
    assert _ready(VIKTOR, busy, waited_s=300)


def test_where_only_one_could_ever_get_it_nobody_waits() -> None:
    assert _ready(VIKTOR, replace(OLGA, qualified=False))


def test_with_nobody_free_there_is_no_draw() -> None:
    assert not _ready(replace(VIKTOR, busy=True), waited_s=9999)
    assert not _ready(waited_s=9999)


def test_real_seeds_are_long_enough() -> None:
    assert draw(os.urandom(SEED_BYTES), "case", "step", 1, ["viktor"]) == "viktor"
