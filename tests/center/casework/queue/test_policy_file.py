"""The hall's rules are read strictly, and each mistake is named."""

from __future__ import annotations

from datetime import date

import pytest

from center import rulesets
from center.casework.queue import policy_file
from center.errors import BadRequest, BadRuleData

DAY = date(2026, 4, 14)
TEXT = policy_file.PATH.read_text()


def test_every_service_waits_in_one_line_and_every_line_has_its_titles() -> None:
    policy = policy_file.load(DAY)
    assert policy.provisional
    assert policy.line_of("records_certificate").id == "records"
    for line in policy.lines.values():
        assert set(line.title) == {"kk", "ru", "en"}
    with pytest.raises(BadRequest, match="No line serves"):
        policy.line_of("parking")
    with pytest.raises(BadRequest, match="There is no line"):
        policy.line("x" * 1000)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("letter: B", "letter: A", "'A' stands in two lines"),
        ("letter: B", "letter: O", "'O' is not allowed"),
        (
            "services: [driving_licence, exam_card]",
            "services: [records_certificate]",
            "'records_certificate' stands in two lines",
        ),
        ("usual_service_s: 900", "usual_service_s: 0", "not between 10"),
        ("calls_before_absent: 3", "calls_before_absent: 0", "not between 1"),
        ("calls_before_absent: 3", "calls: 3", "'calls' is not known here"),
        ("ru: Ветеран, ", "", "'ru' is missing"),
        ("from: 2014-04-17", "from: 2027-01-01", "no edition is in force"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, told: str) -> None:
    assert old in TEXT
    with pytest.raises(BadRuleData, match=told):
        policy_file.read(rulesets.parse(TEXT.replace(old, new).encode(), "queue.yaml"), DAY)
