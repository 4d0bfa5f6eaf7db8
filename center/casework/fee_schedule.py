"""The fees' data file, read strictly: a mistake is named by file, line, value and what is allowed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from center import rulesets
from center.casework.fees import BASES, ROUNDING_RULES, Amount, Fee, Index, Rounding, Schedule
from center.rulesets import Value

FILE = Path(__file__).parent / "rulesets" / "fees.yaml"
LANGUAGES = ("kk", "ru", "en")
_SOURCED = ("source", "provisional")


@cache
def load(path: Path = FILE) -> Schedule:
    """The schedule that ships with the centre; raises :class:`BadRuleData`."""
    return parse(path.read_bytes(), path.name)


def parse(data: bytes, file: str) -> Schedule:
    """A schedule from a file's bytes; raises :class:`BadRuleData`."""
    names = ("pack", "currency", "mci", "rounding", "fees")
    root = rulesets.parse(data, file).fields(names, required=names)
    root["pack"].text(("fees",))
    fees: dict[str, Fee] = {}
    for value in root["fees"].items():
        fee = _fee(value)
        if fee.id in fees:
            value.place.refuse(f"fee {fee.id!r} stands twice")
        fees[fee.id] = fee
    return Schedule(
        currency=root["currency"].text(("KZT",)),
        indices=tuple(_index(one) for one in _by_date(root["mci"], strictly=True)),
        roundings=tuple(_rounding(one) for one in _by_date(root["rounding"], strictly=True)),
        fees=fees,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _index(value: Value) -> Index:
    names = ("from", "tenge", *_SOURCED)
    fields = value.fields(names, required=names)
    return Index(
        fields["from"].day(),
        fields["tenge"].integer(1, 1_000_000),
        fields["source"].text(),
        fields["provisional"].boolean(),
    )


def _rounding(value: Value) -> Rounding:
    names = ("from", "rule", *_SOURCED)
    fields = value.fields(names, required=names)
    return Rounding(
        fields["from"].day(),
        fields["rule"].text(ROUNDING_RULES),
        fields["source"].text(),
        fields["provisional"].boolean(),
    )


def _fee(value: Value) -> Fee:
    fields = value.fields(("id", "title", "by", "amounts"), required=("id", "title", "amounts"))
    title = fields["title"].fields(LANGUAGES, required=LANGUAGES)
    by = fields["by"].text(BASES) if "by" in fields else None
    amounts = tuple(_amount(one, by) for one in _by_date(fields["amounts"], strictly=by is None))
    if by is not None:
        _refuse_gaps(fields["amounts"], amounts)
    return Fee(fields["id"].text(), {name: one.text() for name, one in title.items()}, by, amounts)


def _amount(value: Value, by: str | None) -> Amount:
    names = ("from", "mci", *_SOURCED)
    fields = value.fields((*names, "below") if by is not None else names, required=names)
    return Amount(
        fields["from"].day(),
        fields["below"].integer(1, 200) if "below" in fields else None,
        fields["mci"].decimal(at_most=10_000),
        fields["source"].text(),
        fields["provisional"].boolean(),
    )


def _by_date(value: Value, *, strictly: bool) -> Sequence[Value]:
    """The entries of a list whose dates rise; several of one day only where a fee depends on more than the day."""
    entries = value.items()
    if not entries:
        value.place.refuse("at least one dated value is needed")
    days = [one.fields(one.names())["from"].day() if "from" in one.names() else date.min for one in entries]
    for entry, before, day in zip(entries[1:], days, days[1:], strict=False):
        if day < before or (strictly and day == before):
            entry.place.refuse(f"{day} does not come after {before}")
    return entries


def _refuse_gaps(value: Value, amounts: Sequence[Amount]) -> None:
    for day in {one.valid_from for one in amounts}:
        bounds = [one.below for one in amounts if one.valid_from == day]
        below = [one for one in bounds[:-1] if one is not None]
        if bounds[-1] is not None or len(below) != len(bounds) - 1 or below != sorted(set(below)):
            value.place.refuse(f"from {day}: bounds must rise, and only the last amount has none, not {bounds}")
