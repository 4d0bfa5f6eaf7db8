"""The one tree of errors: each knows its HTTP status, and its message is a full sentence with the values in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Self


def N_(text: str) -> str:  # noqa: N802 - gettext's name; here, because what decides loads no web library
    """Mark a text for the catalogues that is translated where it is shown."""
    return text


class Text(str):
    """A value within a message that is itself a text of the catalogues."""

    __slots__ = ()


class RoleName(str):
    """A role within a message; pages say it in the reader's words."""

    __slots__ = ()


Titles = Mapping[str, str]
"""What the rule data calls something, by language."""
Value = str | int | date | Titles | tuple[str, ...] | tuple[Titles, ...]
"""What stands in a message for a name; several are told one after the other."""


def sentence(text: str, values: Mapping[str, Value]) -> str:
    """A message in English, for logs and interfaces; a text without values may hold any sign."""
    return text % {name: _english(value) for name, value in values.items()} if values else text


class CenterError(Exception):
    """What the centre refuses or cannot do, never a bug: a text of the catalogues, with %(name)s for its values."""

    status = 500
    field = ""
    """The field of a form that it is about; empty: the whole."""

    def __init__(self, text: str, **values: Value) -> None:
        self.text, self.values = text, values
        super().__init__(sentence(text, values))

    def at(self, field: str) -> Self:
        """The same, about a field of a form."""
        self.field = field
        return self

    def parts(self) -> tuple[tuple[str, Mapping[str, Value]], ...]:
        """The sentences it consists of, each a text and its values."""
        return ((self.text, self.values),)


class BadRequest(CenterError):
    """The asker's input cannot be used."""

    status = 400


class SignInNeeded(CenterError):
    """The asker must say first who they are."""

    status = 401


class Forbidden(CenterError):
    """The asker may not do this here."""

    status = 403


class NotFound(CenterError):
    """There is no such thing."""

    status = 404


class Conflict(CenterError):
    """The thing is not in a state in which this can be done."""

    status = 409


class TooLarge(CenterError):
    """More was sent than is read here."""

    status = 413


class TooOften(CenterError):
    """Asked again too soon."""

    status = 429

    def __init__(self, text: str, retry_after_s: int, **values: Value) -> None:
        super().__init__(text, **values)
        self.retry_after_s = retry_after_s


class Unfit(Conflict):
    """An exam may not start: the reasons, each a sentence."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class UnsafeSettings(CenterError):
    """The settings would let the centre run in a way that is not safe outside the demo."""


class StorageFault(CenterError):
    """What must be kept could not be written (disk full, read-only file system)."""

    status = 503


class BadRuleData(CenterError):
    """A rule pack that cannot be used; the text names file, line, value and what is allowed."""

    status = 422


def _english(value: Value) -> str | int:
    if isinstance(value, tuple):
        return ", ".join(str(_english(one)) for one in value)
    if isinstance(value, Mapping):
        return value["en"]
    return value if isinstance(value, int) else str(value)
