"""Numbering and chaining the journal by hash, in order of commit, and finding out whether somebody changed it.

A leaf is SHA-256(0x00 ‖ bytes) and the head after it SHA-256(0x01 ‖ head before ‖ leaf), as in RFC 6962, so that a
tree over the same leaves can come later without changing a byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import msgspec
from sqlalchemy import select

from center.database import Transaction
from center.journal.tables import JournalEntry

FIRST_HEAD: Final = bytes(32)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: how many entries hold, the head they lead to, and each fault as a sentence."""

    chained: int
    waiting: int
    head_sha256: str
    faults: tuple[str, ...]


def leaf_of(data: bytes) -> bytes:
    """An entry's leaf hash."""
    return sha256(b"\x00" + data).digest()


def head_after(head: bytes, leaf: bytes) -> bytes:
    """The chain's head once this leaf is on it."""
    return sha256(b"\x01" + head + leaf).digest()


def has_waiting(transaction: Transaction) -> bool:
    """Whether an entry waits for its number."""
    return transaction.scalar(select(JournalEntry.id).where(JournalEntry.number.is_(None)).limit(1)) is not None


def chain_new_entries(transaction: Transaction) -> int:
    """Number and chain what has been committed since the last time; returns how many entries. One caller at a time."""
    last = transaction.scalar(
        select(JournalEntry).where(JournalEntry.number.is_not(None)).order_by(JournalEntry.number.desc()).limit(1)
    )
    number = (last.number or 0) if last else 0
    head = bytes.fromhex(last.head_sha256 or "") if last else FIRST_HEAD
    waiting = transaction.scalars(
        select(JournalEntry).where(JournalEntry.number.is_(None)).order_by(JournalEntry.place).limit(_BATCH)
    ).all()
    for entry in waiting:
        number += 1
        leaf = leaf_of(entry.data)
        head = head_after(head, leaf)
        entry.number, entry.leaf_sha256, entry.head_sha256 = number, leaf.hex(), head.hex()
    return len(waiting)


def verify(transaction: Transaction) -> Verification:
    """Recompute the whole chain from the entries' bytes and compare."""
    head, number, place, waiting = FIRST_HEAD, 0, 0, 0
    faults: list[str] = []
    for entry in _entries(transaction):
        faults += _column_faults(entry)
        if entry.number is None:
            waiting += 1
            continue
        number += 1
        if entry.number != number:
            faults.append(f"Entry {entry.id} has number {entry.number}, but {number} is next: an entry is missing.")
            number = entry.number
        if entry.place <= place or waiting:
            faults.append(f"Entry {entry.id} (number {entry.number}) does not stand in order of commit.")
        place = entry.place
        head = head_after(head, leaf_of(entry.data))
        if entry.head_sha256 != head.hex():
            faults.append(
                f"Entry {entry.id} (number {entry.number}) or one before it was changed: its hash does not fit."
            )
            head = bytes.fromhex(entry.head_sha256 or FIRST_HEAD.hex())
    return Verification(number, waiting, head.hex(), tuple(faults))


def _entries(transaction: Transaction) -> Iterator[JournalEntry]:
    # Those that wait come last.
    order = (JournalEntry.number.is_(None), JournalEntry.number, JournalEntry.place)
    yield from transaction.scalars(select(JournalEntry).order_by(*order).execution_options(yield_per=_BATCH))


def _column_faults(entry: JournalEntry) -> list[str]:
    """The columns beside the bytes are for looking up; they must say what the bytes say."""
    try:
        told: dict[str, Any] = msgspec.json.decode(entry.data, type=dict[str, Any])
    except msgspec.MsgspecError:
        return [f"Entry {entry.id} holds bytes that are no JSON object."]
    columns = {"id": entry.id, "centre_id": entry.centre_id, "kind": entry.kind, "subject": entry.subject}
    return [
        f"Entry {entry.id}: column {name} says {value!r}, its bytes say {told.get(name)!r}."
        for name, value in columns.items()
        if told.get(name) != value
    ]
