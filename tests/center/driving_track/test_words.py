"""Whatever the code calls by a short name has words, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from center.commands.demo.breakages import breakages_of
from center.driving_track import rule_packs, words
from center.driving_track.scoring.vocabulary import DEVICE_FAULTS, OBSERVATIONS
from center.web.languages import Language, texts
from messages import site as survey

ROOT = Path(__file__).parents[3]
SITE = survey.load(ROOT / "sites" / "sarytau")
LANGUAGES = pytest.mark.parametrize("language", list(Language), ids=str)


def _in_code(folder: str, pattern: str) -> set[str]:
    """The short names that a pattern's first group finds in the code of a folder."""
    files = sorted((ROOT / folder).rglob("*.py")) if (ROOT / folder).is_dir() else [ROOT / folder]
    return {name for file in files for name in re.findall(pattern, file.read_text("utf-8"))}


def test_every_reason_by_which_a_message_is_counted_has_words() -> None:
    refused = _in_code("messages/codec.py", r'BadMessage\(\s*"(\w+)"')
    refused |= _in_code("messages/codec.py", r'"(\w+)" if _OUT_OF_RANGE')
    taken = _in_code("center/driving_track/ingest/intake.py", r'(?:False, |reason = )"(\w+)"')
    watched = _in_code("center/driving_track/ingest/chain_watch.py", r'return "(\w+)"')
    late = _in_code("center/driving_track/ingest", r'return "(late)"|count\(\w+\[0\], "(missing)"')
    assert min(len(refused), len(taken), len(watched) + 1, len(late) + 4) >= 5
    assert refused | taken | watched | {"late", "missing"} <= set(words.REFUSALS)


def test_every_note_of_a_sheet_has_words() -> None:
    noted = _in_code("center/driving_track/scoring/estimation/estimator.py", r'_reject\(\s*"(\w+)"')
    noted |= _in_code("center/driving_track/scoring/estimation/estimator.py", r'else "(\w+_late)"')
    noted |= _in_code("center/driving_track/scoring/estimation/intake.py", r'(?:return |None, )"(\w+)"')
    noted |= _in_code("center/driving_track/scoring/exam.py", r'f"(\w+):\{')
    noted |= _in_code("center/driving_track/scoring/exam.py", r'_ignored\["(\w+)"\]')
    noted |= _in_code("center/driving_track/scoring/health.py", r'f"(\w+):\{')
    noted |= _in_code("center/driving_track/rescore.py", r'f"(\w+):\{')
    assert len(noted) >= 14
    assert noted <= set(words.NOTES)


def test_every_source_that_can_void_an_exam_has_words() -> None:
    sources = {
        void.source
        for pack in sorted(rule_packs.FOLDER.glob("*.yaml"))
        for edition in [rule_packs.load(pack.stem)]
        for void in edition.void
    }
    sources |= _in_code("center/driving_track/ingest", r'"void:(\w+)"') | {"safety_stop"}
    assert len(sources) >= 9
    assert sources <= set(words.SOURCES)


def test_everything_that_can_be_broken_has_words_and_is_there_to_be_broken() -> None:
    known = breakages_of(SITE)
    assert set(known) == set(words.DEMO_FAULTS)
    names = {one.id for one in SITE.devices} | {one.id for one in SITE.elements} | {one.gateway for one in SITE.devices}
    for breakages in known.values():
        assert breakages
        assert {one.target.format(car="car-1") for one in breakages} <= names


def test_every_fault_that_a_gateway_tells_has_words() -> None:
    told = _in_code("sensors", r'faults\.add\("(\w+)"\)|_link_lost"') | _in_code("messages", r'faults\.add\("(\w+)"\)')
    told |= _in_code("simulators/controllers.py", r'faults\.add\("(\w+)"\)') | {"serial_link_lost", "can_link_lost"}
    told |= _in_code("sensors/devices", r'return \("(\w+)",\) if')
    assert told - {""} <= set(words.DEVICE_FAULTS)
    assert told - {""} <= set(DEVICE_FAULTS)
    assert set(DEVICE_FAULTS) == set(words.DEVICE_FAULTS)


@LANGUAGES
def test_every_rule_has_its_title_in_every_language_and_a_known_observation(language: Language) -> None:
    for pack in sorted(rule_packs.FOLDER.glob("*.yaml")):
        for rule in rule_packs.load(pack.stem).rules:
            assert rule.title[language].strip(), rule.id
            assert rule.observation in OBSERVATIONS


@LANGUAGES
@pytest.mark.parametrize(
    "table",
    ["EXERCISES", "VERDICTS", "VERDICT_MEANINGS", "STATES", "REASONS", "SOURCES", "OUTCOMES", "PARTS", "GEARS",
     "DEVICE_STATES", "DEVICE_FAULTS", "REFUSALS", "NOTES"],
)  # fmt: skip
def test_every_word_is_translated(language: Language, table: str) -> None:
    translate = texts(language).gettext
    for code, text in getattr(words, table).items():
        assert translate(text), code
        assert language is Language.EN or translate(text) != text or text == "Start", (code, text)
