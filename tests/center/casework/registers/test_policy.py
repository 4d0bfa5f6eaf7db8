"""The registers' file: one bad file for each mistake."""

from __future__ import annotations

import pytest

from center.casework.register_kinds import Register
from center.casework.registers.policy import FILE, load, parse
from center.errors import BadRuleData

GOOD = FILE.read_text("utf-8")


def test_every_register_has_a_policy_and_only_the_wanted_list_is_the_polices() -> None:
    policies = load()
    assert set(policies.registers) == set(Register)
    assert [one.register for one in policies.registers.values() if one.police_only] == [Register.WANTED]
    assert [one.register for one in policies.registers.values() if not one.needs_consent] == [Register.WANTED]


def test_no_question_takes_longer_than_a_person_would_wait() -> None:
    assert load().longest_s <= 15.0


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("- id: tax", "- id: taxes", "'taxes' is not allowed; allowed are persons, firms"),
        ("- id: firms", "- id: persons", "register 'persons' stands twice"),
        ("asked_by: iin_bin", "asked_by: name", "'name' is not allowed; allowed are iin, bin, iin_bin, vin"),
        ("purposes: [vehicle_tax]", "purposes: [curiosity]", "'curiosity' is not allowed"),
        ("opens_after: 4", "opens_after: 0", "0 is not between 1 and 100"),
        ("police_only: true", "police_only: maybe", "'maybe' is neither true nor false"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, sentence: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(BadRuleData, match=sentence):
        parse(GOOD.replace(old, new).encode(), "registers.yaml")


def test_a_register_that_is_missing_is_named() -> None:
    head, _, _ = GOOD.partition("  - id: pledged")
    with pytest.raises(BadRuleData, match="pledged: missing"):
        parse(head.encode(), "registers.yaml")
