"""Whoever checks a draw makes it again from its record, and a record that was changed does not come out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from center.casework.queue.draw_record import DrawFacts

SEED = "07" * 32
CASE = "01a211e7-924c-749e-984e-df02f4d88979"
PEOPLE = ("erlan", "natalya", "viktor")


def _place(seed: str, step: str, round_number: int, count: int) -> int:
    """By hand, as the page describes it."""
    parts = (bytes.fromhex(seed), CASE.encode(), step.encode(), str(round_number).encode())
    return int(sha256(b"\x00".join(parts)).hexdigest(), 16) % count


def _record(round_number: int = 1) -> DrawFacts:
    drawn = PEOPLE[_place(SEED, "inspect", round_number, len(PEOPLE))]
    at = datetime(2026, 4, 14, 4, tzinfo=UTC)
    return DrawFacts("d", CASE, "inspect", round_number, SEED, PEOPLE, {}, drawn, at, "system:queue", None)


@pytest.mark.parametrize("round_number", range(1, 8))
def test_what_is_drawn_by_hand_comes_out(round_number: int) -> None:
    assert _record(round_number).comes_out


def test_another_name_seed_list_or_number_does_not() -> None:
    good = _record()
    others = [one for one in PEOPLE if one != good.drawn]
    assert not any(replace(good, drawn=one).comes_out for one in others)
    assert not replace(good, candidates=tuple(reversed(PEOPLE))).comes_out
    assert not replace(good, candidates=tuple(others)).comes_out
    seeds = (f"{number:064x}" for number in range(64))
    assert not all(replace(good, seed=seed).comes_out for seed in seeds)
