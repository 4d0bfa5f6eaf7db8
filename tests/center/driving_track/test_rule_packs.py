"""The loader of rule packs: one test per kind of mistake, each message naming file, line, value and what is allowed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from center.driving_track import rule_packs
from center.driving_track.scoring.rules import Edition
from center.driving_track.scoring.vocabulary import EXERCISES, OBSERVATIONS
from center.errors import BadRuleData

GOOD = """\
pack: tiny
title: {kk: Кішкентай, ru: Малый, en: Tiny}
editions:
  - valid_from: 2020-01-01
    scheme: {direction: add, start: 0, fails_over: 100, clause: "§ 1", provisional: false}
    decision: {k_f: 5.0, k_p: 3.1, independent_looks: 35}
    void:
      - {source: satellite, longer_than_s: 3.0, exercises: all, verdict: void, provisional: true}
    rules:
      - id: stall
        exercise: any
        title: {kk: Сөнді, ru: Заглох, en: Stalled}
        observation: stall
        parameters: {debounce_s: 0.3}
        limit: {value: 0, unit: s, far_tolerance: 0.5, provisional: false}
        points: {value: 5, provisional: false}
        repeats: each
        clause: "§ 2"
        source: a test
"""

MISTAKES = {
    "unknown field": (
        "    void:\n",
        "    colour: red\n    void:\n",
        "tiny.yaml:7: 'colour' is not known here; allowed are",
    ),
    "missing field": ("        repeats: each\n", "", "tiny.yaml:10: 'repeats' is missing"),
    "field twice": (
        "        repeats: each\n",
        "        repeats: each\n        repeats: each\n",
        "'repeats' stands twice",
    ),
    "unknown word": ("repeats: each", "repeats: often", "tiny.yaml:17: 'often' is not allowed; allowed are each,"),
    "unknown exercise": ("exercise: any", "exercise: jump", "'jump' is not allowed; allowed are any, start"),
    "unknown observation": (
        "observation: stall",
        "observation: yawn",
        "'yawn' is not allowed; allowed are line_excess",
    ),
    "wrong unit": ("unit: s,", "unit: m,", "'m' is not the unit of 'stall', 's'"),
    "unknown unit": ("unit: s,", "unit: inch,", "'inch' is not allowed; allowed are m, s"),
    "no number": ("value: 0, unit", "value: none, unit", "'none' is no number"),
    "number out of bounds": ("k_f: 5.0", "k_f: 0.5", "0.5 is not between 3 and 10"),
    "no whole number": ("points: {value: 5,", "points: {value: 5.5,", "'5.5' is no whole number"),
    "no boolean": (
        "points: {value: 5, provisional: false}",
        "points: {value: 5, provisional: maybe}",
        "neither true nor",
    ),
    "no date": ("valid_from: 2020-01-01", "valid_from: yesterday", "tiny.yaml:4: 'yesterday' is no date"),
    "no far tolerance": ("far_tolerance: 0.5", "far_tolerance: 0", "the far tolerance must be above 0"),
    "parameter missing": ("        parameters: {debounce_s: 0.3}\n", "", "'stall' needs the parameter 'debounce_s'"),
    "parameter unknown": (
        "{debounce_s: 0.3}",
        "{debounce_s: 0.3, rpm: 3}",
        "'rpm' is not known here; allowed are debounce_s",
    ),
    "scheme without its end": ("fails_over: 100, ", "", "a scheme that is to add needs 'fails_over' and only that"),
    "scheme with two ends": (
        "fails_over: 100, ",
        "fails_over: 100, passes_at: 80, ",
        "needs 'fails_over' and only that",
    ),
    "points and disqualifies": ("{value: 5, provis", "{value: 5, disqualifies: true, provis", "either a value or"),
    "supersedes nobody": (
        "repeats: each",
        "repeats: each\n        supersedes: [ghost]",
        "'stall' supersedes 'ghost', which",
    ),
    "supersedes itself": (
        "repeats: each",
        "repeats: each\n        supersedes: [stall]",
        "'stall' supersedes 'stall', which",
    ),
    "title in two languages": (", en: Stalled", "", "tiny.yaml:12: 'en' is missing"),
    "list for a mapping": ("pack: tiny\n", "pack: [tiny]\n", "'a list' must be named as its file is"),
    "mapping for a list": ("    void:\n      - {", "    void: {", "stands where a list is needed"),
    "wrong pack name": ("pack: tiny", "pack: huge", "tiny.yaml:1: 'huge' must be named as its file is, 'tiny'"),
    "broken YAML": ("pack: tiny", "pack: [tiny", "tiny.yaml:2:"),
    "void exercise unknown": ("exercises: all", "exercises: [jump]", "'jump' is not allowed; allowed are start"),
    "void fault unknown": (
        "exercises: all,",
        "exercises: all, faults: [hiccups],",
        "'hiccups' is not allowed; allowed are silent",
    ),
    "more exercises than there are kinds": (
        "fails_over: 100,",
        "fails_over: 100, exercises: 13,",
        "tiny.yaml:5: 13 exercises; only 12 kinds are known",
    ),
    "word for a mapping": (
        '{direction: add, start: 0, fails_over: 100, clause: "§ 1", provisional: false}',
        "strict",
        "tiny.yaml:5: 'strict' stands where a mapping is needed",
    ),
    "list for a number": ("k_f: 5.0", "k_f: [5.0]", "tiny.yaml:6: a list stands where a single value is needed"),
    "list for a word": ("repeats: each", "repeats: [each]", "tiny.yaml:17: a list is no word"),
    "no number at all": ("k_f: 5.0", "k_f: .nan", "tiny.yaml:6: nan is not between 3 and 10"),
    "endless number": ("longer_than_s: 3.0", "longer_than_s: .inf", "tiny.yaml:8: inf is not between 0.1 and 3600"),
    "void verdict unknown": ("verdict: void", "verdict: maybe", "'maybe' is not allowed; allowed are void, continue"),
}


def load(text: str, tmp_path: Path, on: date | None = None) -> Edition:
    (tmp_path / "tiny.yaml").write_text(text, "utf-8")
    return rule_packs.load("tiny", on, tmp_path)


def test_a_sound_pack_is_read(tmp_path: Path) -> None:
    edition = load(GOOD, tmp_path)
    assert edition.name == "tiny@2020-01-01"
    assert edition.rules[0].parameters == {"debounce_s": 0.3}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_place(mistake: str, tmp_path: Path) -> None:
    good, bad, message = MISTAKES[mistake]
    assert GOOD.count(good) == 1, "the test must break exactly one place"
    with pytest.raises(BadRuleData) as refused:
        load(GOOD.replace(good, bad), tmp_path)
    assert "tiny.yaml:" in str(refused.value)
    assert message in str(refused.value)


def test_a_rule_twice_is_refused(tmp_path: Path) -> None:
    rule = GOOD[GOOD.index("      - id: stall") :]
    with pytest.raises(BadRuleData, match=r"tiny\.yaml:10: rule 'stall' stands more than once"):
        load(GOOD + rule, tmp_path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRuleData, match=r"tiny\.yaml:1: the file is empty"):
        load("", tmp_path)


def test_a_pack_without_an_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRuleData, match=r"tiny\.yaml:3: a pack needs at least one edition"):
        load(GOOD[: GOOD.index("editions:")] + "editions: []\n", tmp_path)


def test_a_folder_in_a_packs_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").mkdir()
    with pytest.raises(BadRuleData, match="cannot be read: Is a directory"):
        rule_packs.load("tiny", None, tmp_path)


def test_characters_that_no_text_has_are_refused() -> None:
    with pytest.raises(BadRuleData, match=r"tiny\.yaml: "):
        rule_packs.parse(b"pack: \x07", "tiny.yaml")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadRuleData, match=r"tiny\.yaml: byte 5 is not UTF-8"):
        rule_packs.parse(b"pack:\xff", "tiny.yaml")


def test_editions_out_of_order_are_refused(tmp_path: Path) -> None:
    edition = GOOD[GOOD.index("  - valid_from") :]
    with pytest.raises(BadRuleData, match="editions must follow one another by date, not 2020-01-01, 2019-01-01"):
        load(GOOD + edition.replace("2020-01-01", "2019-01-01"), tmp_path)


def test_the_edition_in_force_on_the_day_is_taken(tmp_path: Path) -> None:
    edition = GOOD[GOOD.index("  - valid_from") :]
    both = GOOD + edition.replace("2020-01-01", "2024-05-01")
    assert load(both, tmp_path, date(2024, 4, 30)).valid_from == date(2020, 1, 1)
    assert load(both, tmp_path, date(2024, 5, 1)).valid_from == date(2024, 5, 1)
    assert load(both, tmp_path).valid_from == date(2024, 5, 1)
    assert rule_packs.load("tiny@2021-01-01", folder=tmp_path).valid_from == date(2020, 1, 1)


def test_a_day_before_the_first_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRuleData, match="no edition is in force on 2019-12-31; the first is from 2020-01-01"):
        load(GOOD, tmp_path, date(2019, 12, 31))


def test_an_unknown_pack_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadRuleData, match="no rule pack 'zz'; there are kz"):
        rule_packs.load("zz")


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(BadRuleData, match="'soon' is no date"):
        rule_packs.load("kz@soon")


def test_the_kazakh_frame_is_as_published() -> None:
    """Twelve exercises, twenty minutes, more than 100 points fail (informburo.kz)."""
    kz = rule_packs.load("kz")
    assert (kz.scheme.direction, kz.scheme.start, kz.scheme.fails_over) == ("add", 0, 100)
    assert kz.by_id["route_time"].limit.value == 1200
    assert not kz.by_id["route_time"].limit.provisional
    assert {rule.exercise for rule in kz.rules} == {"any", *EXERCISES}


def test_every_number_of_the_kazakh_pack_that_was_only_recalled_says_so() -> None:
    kz = rule_packs.load("kz")
    assert all(rule.points_provisional for rule in kz.rules)
    assert all(rule.limit.provisional for rule in kz.rules if rule.id != "route_time")


def test_every_observation_is_explained() -> None:
    page = Path("docs/observations.md").read_text("utf-8")
    assert [name for name in OBSERVATIONS if f"| `{name}`" not in page] == []
