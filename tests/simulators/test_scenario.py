"""The strict reading of scenarios: every refusal names file, line and value, and says what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulators import scenario
from simulators.scenario import BadScenario, Verdict, parse

GOOD = """\
title: {kk: "Сызық", ru: "Линия", en: "Line"}
mistakes:
  - {kind: line_excess, exercise: snake, size: 0.1, part: wheel, line: snake-right}
expect:
  verdict: pass
  faults:
    - {rule: snake_line, exercise: snake}
"""


def test_a_good_one_is_read() -> None:
    one = parse(GOOD, "wide.yaml")
    assert (one.name, one.car, one.noise, one.expect.verdict) == ("wide", "car-1", "healthy", Verdict.PASS)
    assert one.plan(7).seed == 7


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("line_excess", "line_exces", "x.yaml:3: .*line_exces.*allowed are .*line_excess"),
        ("part: wheel", "part: tyre", "x.yaml:3: .*tyre.*allowed are body, wheel"),
        ("size: 0.1", "siz: 0.1", "x.yaml:3: .*siz.*allowed are kind, exercise, size"),
        ("0.1", '"much"', "x.yaml:3: .*much"),
        ("verdict: pass", "verdict: passed", "x.yaml:5: .*passed.*allowed are pass, fail"),
        ("verdict: pass", "verdict: void", "x.yaml:5: .*void"),
        ("verdict: pass\n", "verdict: pass\n  void_by: snow\n", "x.yaml:5: .*snow"),
        ('en: "Line"', 'de: "Linie"', "x.yaml:1: the title has no en"),
        ("exercise: snake}", "exercise: snake, times: 0}", "x.yaml:7: times is 0"),
        (
            "mistakes:",
            "breakages:\n  - {device: car-1-can, fault: told, after_s: 0}\nmistakes:",
            "x.yaml:3: .*'tells'",
        ),
        ("title", "name: x\ntitle", "x.yaml:1: a scenario's name is its file's"),
        ("expect:", "expekt:", "x.yaml:1: .*expekt|expect"),
        ("mistakes:", "mistakes: {", "x.yaml: "),
    ],
)
def test_a_bad_one_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(BadScenario, match=said):
        parse(GOOD.replace(old, new, 1), "x.yaml")


def test_a_file_without_a_mapping_is_refused() -> None:
    with pytest.raises(BadScenario, match="holds no mapping"):
        parse("- clean\n", "x.yaml")


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(BadScenario, match="clean"):
        scenario.load("cleen")


def test_a_file_can_be_given_instead_of_a_name(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(GOOD, "utf-8")
    assert scenario.load(str(tmp_path / "mine.yaml")).name == "mine"
