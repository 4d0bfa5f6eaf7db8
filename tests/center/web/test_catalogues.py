"""Every text of code and templates stands in every catalogue."""

from __future__ import annotations

import re

import polib
import pytest

from center.web.catalogues import extracted, updated
from center.web.languages import Language, catalogue_path

LANGUAGES = pytest.mark.parametrize("language", list(Language), ids=str)


@LANGUAGES
def test_a_catalogue_is_complete(language: Language) -> None:
    catalogue = polib.pofile(str(catalogue_path(language)))
    assert len(catalogue) > 150
    assert [entry.msgid for entry in catalogue if not entry.translated()] == []
    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete] == []


@LANGUAGES
def test_a_catalogue_is_what_its_tool_would_write(language: Language) -> None:
    assert updated(language, extracted()) == catalogue_path(language).read_bytes()


@LANGUAGES
def test_what_is_filled_in_later_is_in_every_translation(language: Language) -> None:
    for entry in polib.pofile(str(catalogue_path(language))):
        names = set(re.findall(r"{\w+}", entry.msgid))
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            assert set(re.findall(r"{\w+}", text)) == names, entry.msgid


def test_kazakh_is_not_left_in_russian_or_english() -> None:
    russian = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue_path(Language.RU)))}
    kazakh = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue_path(Language.KK)))}
    same_words = {"{count}", "DEMO", "Start", "cone", "Command", "Steering wheel", "limit"}
    sentences = [text for text in kazakh if " " in text and text not in same_words]
    assert [text for text in sentences if kazakh[text] in (text, russian[text]) and "{count}" not in text] == []
    letters = set("".join(kazakh.values()).lower())
    assert set("әғқңөұүһі") - letters <= {"һ"}
