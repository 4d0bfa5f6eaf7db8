"""The table's reader refuses each mistake with its line."""

from __future__ import annotations

import pytest

from center.errors import BadRuleData
from center.people import powers_file

GOOD = """\
roles:
  clerk: {passkey: false, certificate: false}
  judge: {passkey: true, certificate: false}
actions:
  a: {roles: [clerk], states: [new]}
  b: {roles: [judge]}
  propose:c: {roles: [clerk]}
  confirm:c: {roles: [judge]}
separations:
  - {pair: [a, b], reason: "apart."}
exclusions:
  - {pair: [clerk, judge], reason: "apart."}
"""


def test_a_good_table_is_read() -> None:
    powers = powers_file.parse(GOOD.encode())
    assert (list(powers.roles), list(powers.actions)) == (["clerk", "judge"], ["a", "b", "propose:c", "confirm:c"])
    assert powers.two_person_actions() == ["c"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("a: {roles: [clerk]", "a: {roles: [clark]", "powers.yaml:5: 'clark' is not allowed; allowed are clerk, judge"),
        ("a: {roles: [clerk]", "a: {roles: []", "powers.yaml:5: nobody may take 'a'"),
        ("a: {roles: [clerk]", "a: {rules: [clerk]", "powers.yaml:5: 'rules' is not known here"),
        ("b: {roles: [judge]}", "a: {roles: [judge]}", "powers.yaml:6: 'a' stands twice"),
        ("pair: [a, b]", "pair: [a, x]", "powers.yaml:10: 'x' is not allowed"),
        ("pair: [a, b]", "pair: [a, a]", "powers.yaml:10: a pair is two different names"),
        ("pair: [a, b]", "pair: [a]", "powers.yaml:10: a pair is two different names"),
        ("[clerk, judge]", "[clerk, jugde]", "powers.yaml:12: 'jugde' is not allowed"),
        ("passkey: true, certificate: false", "passkey: true", "powers.yaml:3: 'certificate' is missing"),
        ("passkey: true", "passkey: perhaps", "powers.yaml:3: 'perhaps' is neither true nor false"),
        ("  confirm:c: {roles: [judge]}\n", "", "'propose:c' has no partner 'confirm:c'"),
        ("  propose:c: {roles: [clerk]}\n", "", "'confirm:c' has no partner 'propose:c'"),
        (
            "confirm:c: {roles: [judge]}",
            "confirm:c: {roles: [judge, clerk]}",
            "clerk could both propose and confirm 'c'",
        ),
        ("separations:", "separation:", "'separation' is not known here"),
    ],
)
def test_a_mistake_is_named_by_line_and_value(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(BadRuleData, match=r"powers\.yaml:") as caught:
        powers_file.parse(GOOD.replace(old, new, 1).encode())
    assert told in str(caught.value)
