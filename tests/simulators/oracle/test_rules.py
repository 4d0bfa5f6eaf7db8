"""The oracle's own reading of a pack."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from simulators.oracle.judge import OBSERVATIONS
from simulators.oracle.rules import read_pack

KZ = Path("center/driving_track/rulesets/kz.yaml").read_bytes()


def test_every_rule_has_an_observation_that_the_oracle_knows() -> None:
    pack = read_pack(KZ, date(2026, 4, 14))
    assert (pack.name, pack.adds, pack.start, pack.threshold) == ("kz", True, 0, 100)
    assert {rule.observation for rule in pack.rules} == set(OBSERVATIONS)


def test_a_rule_is_read_with_its_numbers() -> None:
    rules = {rule.id: rule for rule in read_pack(KZ, date(2026, 4, 14)).rules}
    assert (rules["belt"].debounce_s, rules["belt"].points, rules["belt"].repeats) == (1.0, 100, "once_per_exam")
    assert (rules["rail_hold"].at_least, rules["rail_hold"].limit) == (True, 3.0)
    assert rules["start_over_30"].supersedes == ("start_over_20",)


def test_before_its_first_edition_there_is_no_pack() -> None:
    with pytest.raises(ValueError, match="2015-12-31"):
        read_pack(KZ, date(2015, 12, 31))
