"""The fees' file: one bad file for each mistake, and the message that names it."""

from __future__ import annotations

import pytest

from center.casework.fee_schedule import FILE, parse
from center.errors import BadRuleData

GOOD = """\
pack: fees
currency: KZT
mci:
  - {from: 2020-01-01, tenge: 2778, source: s, provisional: false}
  - {from: 2021-01-01, tenge: 2917, source: s, provisional: false}
rounding:
  - {from: 2020-01-01, rule: half_up, source: s, provisional: false}
fees:
  - id: plate
    title: {kk: a, ru: b, en: c}
    amounts: [{from: 2020-01-01, mci: 2.8, source: s, provisional: false}]
  - id: first
    title: {kk: a, ru: b, en: c}
    by: age_years
    amounts:
      - {from: 2020-01-01, below: 2, mci: 0.25, source: s, provisional: false}
      - {from: 2020-01-01, mci: 500, source: s, provisional: false}
"""


def test_the_good_file_is_good() -> None:
    assert set(parse(GOOD.encode(), "fees.yaml").fees) == {"plate", "first"}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("pack: fees", "pack: kz", "fees.yaml:1: 'kz' is not allowed; allowed are fees"),
        ("KZT", "EUR", "fees.yaml:2: 'EUR' is not allowed; allowed are KZT"),
        ("tenge: 2778", "tenge: 0", "fees.yaml:4: 0 is not between 1 and 1e[+]06"),
        ("tenge: 2778", "tenge: 2778.5", "fees.yaml:4: '2778.5' is no whole number"),
        ("2021-01-01, tenge", "2020-01-01, tenge", "fees.yaml:5: 2020-01-01 does not come after 2020-01-01"),
        ("half_up", "banker", "fees.yaml:7: 'banker' is not allowed; allowed are half_up, down"),
        ("mci: 2.8", "mci: -2.8", "fees.yaml:11: '-2.8' is no decimal number"),
        ("mci: 2.8", "mci: 2,8", "fees.yaml:11"),
        ("mci: 2.8", "mci: 1e3", "fees.yaml:11: '1e3' is no decimal number"),
        ("mci: 2.8", "mci: ٢", "fees.yaml:11: '٢' is no decimal number"),
        ("mci: 2.8", "mci: 10001", "fees.yaml:11: 10001 is not between 0 and 10000"),
        ("mci: 2.8", "mci: [2.8]", "fees.yaml:11: 'a list' is no decimal number"),
        ("mci: 2.8, source: s, ", "mci: 2.8, ", "fees.yaml:11: 'source' is missing"),
        ("mci: 2.8", "below: 3, mci: 2.8", "fees.yaml:11: 'below' is not known here"),
        ("id: first", "id: plate", "fees.yaml:12: fee 'plate' stands twice"),
        ("en: c}\n    by", "en: c, de: d}\n    by", "fees.yaml:13: 'de' is not known here"),
        ("by: age_years", "by: colour", "fees.yaml:14: 'colour' is not allowed; allowed are age_years"),
        ("below: 2, mci: 0.25", "mci: 0.25", "fees.yaml:16: from 2020-01-01: bounds must rise"),
        ("mci: 500", "below: 3, mci: 500", "fees.yaml:16: from 2020-01-01: bounds must rise"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, sentence: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(BadRuleData, match=sentence):
        parse(GOOD.replace(old, new).encode(), "fees.yaml")


def test_the_file_that_ships_says_where_each_value_is_from() -> None:
    schedule = parse(FILE.read_bytes(), FILE.name)
    for fee in schedule.fees.values():
        for amount in fee.amounts:
            assert amount.provisional == ("recalled" in amount.source), fee.id
    assert {one.valid_from.year for one in schedule.indices if one.provisional} == {2023, 2024}
