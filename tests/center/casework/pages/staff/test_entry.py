"""The one entry field tells documents, tickets, cases, codes and numbers of persons apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.casework.fields import BadFields
from center.casework.pages.staff.entry import EntryKind, read_entry

ON = date(2026, 4, 14)
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


@pytest.mark.parametrize(
    ("text", "kind", "read"),
    [
        (PASSPORT, EntryKind.DOCUMENT, ""),
        (PASSPORT.lower(), EntryKind.DOCUMENT, ""),
        ("2026-0000001", EntryKind.CASE, "2026-0000001"),
        (" № 2026-0000001\n", EntryKind.CASE, "2026-0000001"),
        ("c012", EntryKind.TICKET, "C012"),
        ("С012", EntryKind.TICKET, "C012"),
        ("980417900018", EntryKind.PERSON, "980417900018"),
        ("0123-4567-89ab-cdef", EntryKind.CODE, "0123456789ABCDEF"),
    ],
)
def test_what_is_scanned_or_typed_is_recognised(text: str, kind: EntryKind, read: str) -> None:
    entry = read_entry(text, ON)
    assert (entry.kind, entry.text) == (kind, read)


@pytest.mark.parametrize("text", ["", "   ", "980417900019", "nobody", "C1", "0" * 201, "<script>", "٩٨٠٤١٧٩٠٠٠١٨"])
def test_what_is_none_of_these_is_told_at_the_field(text: str) -> None:
    with pytest.raises(BadFields) as told:
        read_entry(text, ON)
    assert [fault.field for fault in told.value.faults] == ["entry"]


@given(st.text(max_size=210))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    try:
        read_entry(text, ON)
    except BadFields:
        return
