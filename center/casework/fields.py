"""What somebody typed, read field by field: every fault is told at its field, in words that can be translated."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Final

from center.errors import N_ as N_
from center.errors import BadRequest, Value, sentence

SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 2000
_JOINERS: Final = "\u200c\u200d"
_MOST_MARKS_IN_A_ROW: Final = 3
_NAME_SIGNS: Final = frozenset(" -.'’ʼ")
_PHONE: Final = re.compile(r"\+?[0-9]{7,15}")
_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field: a text of the catalogues, with %(name)s for its values."""

    field: str
    text: str
    values: Mapping[str, Value] = dataclasses.field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The fault in English."""
        return sentence(self.text, self.values)


class BadFields(BadRequest):
    """A form with faults, all of them at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(f"{fault.field}: {fault.sentence}" for fault in self.faults))

    def parts(self) -> tuple[tuple[str, Mapping[str, Value]], ...]:
        """What is wrong, without the fields' names."""
        return tuple((fault.text, fault.values) for fault in self.faults)


class Fields:
    """One form: each call takes a field; ``finish`` raises :class:`BadFields` with all that was wrong."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self._taken: set[str] = set()
        self.faults: list[Fault] = []

    def fault(self, name: str, text: str, **values: Value) -> None:
        """Note a fault at a field."""
        self.faults.append(Fault(name, text, values))

    def text(self, name: str, *, at_most: int, required: bool = True, lines: bool = False) -> str:
        """A text of at most so many characters; ``lines``: it may have several."""
        raw = self._raw(name)
        value = unicodedata.normalize("NFC", raw).replace("\r\n", "\n").strip()
        if not value:
            if required:
                self.fault(name, N_("Fill this in."))
            return ""
        if len(value) > at_most:
            self.fault(
                name, N_("This is %(length)s characters long; at most %(most)s fit."), length=len(value), most=at_most
            )
        elif (code := unfit_sign(value, lines=lines)) is not None:
            self.fault(name, N_("The sign U+%(code)s cannot stand here."), code=code)
        else:
            return value
        return ""

    def reason(self, name: str, *, at_most: int = LONGEST_REASON, required: bool = True) -> str:
        """A reason in some words, which somebody will read."""
        value = self.text(name, at_most=at_most, required=required, lines=True)
        if value and len(value) < SHORTEST_REASON:
            self.fault(name, N_("Write at least %(least)s characters: somebody will read this."), least=SHORTEST_REASON)
            return ""
        return value

    def whole(self, name: str, *, least: int = 1, most: int = 1_000_000_000) -> int:
        """A whole number between bounds, which may be written with spaces; 0 with a fault."""
        value = re.sub(r"[ \u00a0\u202f]", "", self.text(name, at_most=20))
        if value and (re.fullmatch(r"[0-9]{1,12}", value) is None or not least <= int(value) <= most):
            text = N_("%(value)s is no whole number from %(least)s to %(most)s.")
            self.fault(name, text, value=value, least=least, most=most)
            return 0
        return int(value or 0)

    def name(self, name: str, *, required: bool = True) -> str:
        """A part of a person's name: letters of one alphabet in each word, hyphens, apostrophes, dots."""
        value = self.text(name, at_most=100, required=required)
        if not value:
            return ""
        strange = next(
            (sign for sign in value if sign not in _NAME_SIGNS and unicodedata.category(sign)[0] not in "LM"), None
        )
        if strange is not None:
            self.fault(name, N_("%(sign)s cannot stand in a name."), sign=strange)
        elif not any(unicodedata.category(sign)[0] == "L" for sign in value):
            self.fault(name, N_("A name has letters."))
        elif (word := mixed_word(value)) is not None:
            self.fault(name, N_("%(word)s mixes Latin and Cyrillic letters."), word=word)
        else:
            return value
        return ""

    def day(
        self, name: str, *, required: bool = True, earliest: date | None = None, latest: date | None = None
    ) -> date | None:
        """A date written YYYY-MM-DD, within bounds."""
        value = self.text(name, at_most=10, required=required)
        if not value:
            return None
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is None or (day := _day(value)) is None:
            self.fault(name, N_("%(value)s is no date; write year-month-day, such as 2026-04-14."), value=value)
            return None
        if earliest is not None and day < earliest:
            self.fault(name, N_("%(value)s is before %(earliest)s."), value=value, earliest=earliest.isoformat())
            return None
        if latest is not None and day > latest:
            self.fault(name, N_("%(value)s is after %(latest)s."), value=value, latest=latest.isoformat())
            return None
        return day

    def choice(self, name: str, allowed: Collection[str], *, required: bool = True) -> str:
        """One of the words that are allowed."""
        value = self.text(name, at_most=64, required=required)
        if value and value not in allowed:
            self.fault(name, N_("%(value)s is not one of the choices."), value=value)
            return ""
        return value

    def checked(self, name: str, check: Callable[[str], str], text: str, *, required: bool = True) -> str:
        """A text that ``check`` accepts and writes in its one form; its BadRequest becomes ``text``."""
        value = self.text(name, at_most=64, required=required)
        if not value:
            return ""
        try:
            return check(value)
        except BadRequest:
            self.fault(name, text, value=value)
            return ""

    def phone(self, name: str, *, required: bool = False) -> str:
        """A telephone number as + and digits (E.164)."""
        value = re.sub(r"[ ()\u00a0-]", "", self.text(name, at_most=40, required=required))
        if value and _PHONE.fullmatch(value) is None:
            self.fault(name, N_("%(value)s is no telephone number; write +7 and ten digits."), value=value)
            return ""
        return value

    def email(self, name: str, *, required: bool = False) -> str:
        """An e-mail address of the usual build."""
        value = self.text(name, at_most=254, required=required)
        if value and _EMAIL.fullmatch(value) is None:
            self.fault(name, N_("%(value)s is no e-mail address."), value=value)
            return ""
        return value

    def finish(self) -> None:
        """Refuse what nobody asked for, then raise all faults there are."""
        for name in sorted(set(self._given) - self._taken):
            self.fault(name[:40], N_("There is no such field."))
        if self.faults:
            raise BadFields(self.faults)

    def _raw(self, name: str) -> str:
        self._taken.add(name)
        return self._given.get(name, "")


def unfit_sign(value: str, *, lines: bool) -> str | None:
    """The code (hex) of the first sign that no honest text has: controls, directions, halves, heaps of marks."""
    marks = 0
    for sign in value:
        category = unicodedata.category(sign)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        good = category[0] != "C" or (lines and sign in "\n\t") or (lines and sign in _JOINERS)
        if not good or marks > _MOST_MARKS_IN_A_ROW or sign in "\u2028\u2029":
            return f"{ord(sign):04X}"
    return None


def mixed_word(value: str) -> str | None:
    """The first word that has both Latin and Cyrillic letters: one of them was typed on the wrong keyboard."""
    for word in re.split(r"[ .-]", value):
        alphabets = {unicodedata.name(sign, "?").split()[0] for sign in word if unicodedata.category(sign)[0] == "L"}
        if {"LATIN", "CYRILLIC"} <= alphabets:
            return word
    return None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
