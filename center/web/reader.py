"""Whoever reads a page: language, formats, and translation of texts that code puts together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from center.errors import CenterError, RoleName, Text, Value
from center.web.formats import Formats
from center.web.languages import Language, texts
from center.web.staff_words import ROLES


@dataclass(frozen=True, slots=True)
class Reader:
    """One language in one time zone."""

    formats: Formats

    @property
    def language(self) -> Language:
        """The language."""
        return self.formats.language

    def translate(self, text: str) -> str:
        """A text in the reader's language."""
        return texts(self.language).gettext(text)

    def say(self, text: str, values: Mapping[str, Value]) -> str:
        """A message in the reader's language, with what stands in it; a text without values may hold any sign."""
        told = self.translate(text)
        return told % {name: self._word(value) for name, value in values.items()} if values else told

    def refusal(self, error: CenterError) -> str:
        """Why something was refused."""
        return " ".join(self.say(text, values) for text, values in error.parts())

    def plural(self, one: str, many: str, count: int) -> str:
        """The form that a count asks for, with ``{count}`` filled in."""
        return texts(self.language).ngettext(one, many, count).replace("{count}", self.formats.number(count))

    def _word(self, value: Value) -> str | int:
        if isinstance(value, tuple):
            return ", ".join(str(self._word(one)) for one in value)
        if isinstance(value, Mapping):
            return value[self.language]
        if isinstance(value, RoleName):
            return self.translate(ROLES[value]) if value in ROLES else str(value)
        if isinstance(value, date):
            return self.formats.date(value)
        return self.translate(value) if isinstance(value, Text) and value else value
