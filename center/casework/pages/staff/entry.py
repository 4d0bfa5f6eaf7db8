"""What stands in the desk's one entry field: a scanner, a document reader and a person all type into it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from center.casework import mrz
from center.casework.fields import N_, BadFields, Fault
from center.casework.keyboard_layout import as_typed_on_latin
from center.casework.mrz import FIELD, Mrz
from center.casework.parties import iin

LONGEST: Final = 200
_CASE: Final = re.compile(r"[0-9]{4}-[0-9]{7}")
_TICKET: Final = re.compile(r"[A-Z][0-9]{3,6}")
_CODE: Final = re.compile(r"[0-9A-Z]{16}")
"""80 bits, in the 32 signs of Crockford's alphabet."""


class EntryKind(StrEnum):
    """What was entered."""

    DOCUMENT = "document"
    CASE = "case"
    TICKET = "ticket"
    CODE = "code"
    """Of a draft from home, or of a case's receipt."""
    PERSON = "person"
    """An IIN or a BIN."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered, in its one form; ``mrz`` is there for a document."""

    kind: EntryKind
    text: str
    mrz: Mrz | None = None


def read_entry(text: str, on: date) -> Entry:
    """Tell what it is; raises :class:`BadFields` for what is nothing that the desk knows."""
    if len(text) > LONGEST:
        raise _bad(N_("This is longer than anything that is scanned here."))
    text = as_typed_on_latin(text).strip().upper()
    if mrz.looks_like_one(text):
        return Entry(EntryKind.DOCUMENT, "", mrz.read(text, on))
    text = re.sub(r"[\s#№]", "", text)
    if not text:
        raise _bad(N_("Scan a document, or type a ticket, a case's number, a code or an IIN."))
    if _CASE.fullmatch(text):
        return Entry(EntryKind.CASE, text)
    if _TICKET.fullmatch(text):
        return Entry(EntryKind.TICKET, text)
    if re.fullmatch(r"[0-9]{12}", text):
        if not iin.is_valid(text):
            raise _bad(N_("This IIN or BIN was mistyped: its last digit does not fit."))
        return Entry(EntryKind.PERSON, text)
    code = text.replace("-", "")
    if _CODE.fullmatch(code):
        return Entry(EntryKind.CODE, code)
    raise _bad(N_("This is no document, ticket, case's number, code or IIN."))


def _bad(text: str) -> BadFields:
    return BadFields([Fault(FIELD, text)])
