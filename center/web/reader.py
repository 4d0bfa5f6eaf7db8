"""Whoever reads a page: language, formats, and translation of texts that code puts together."""

from __future__ import annotations

from dataclasses import dataclass

from center.web.formats import Formats
from center.web.languages import Language, texts


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

    def plural(self, one: str, many: str, count: int) -> str:
        """The form that a count asks for, with ``{count}`` filled in."""
        return texts(self.language).ngettext(one, many, count).replace("{count}", self.formats.number(count))
