"""Personal data as rows of a label and a value, for the one page that shows them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import msgspec

from center.casework.fields import N_
from center.casework.parties.persons import Party
from center.casework.registers.answers import Answer

LABELS: Final = {
    "iin": N_("IIN"),
    "bin": N_("BIN"),
    "family_name": N_("Family name"),
    "given_name": N_("Given name"),
    "patronymic": N_("Patronymic"),
    "born_on": N_("Born on"),
    "citizenship": N_("Citizenship"),
    "document": N_("Identity document"),
    "address": N_("Address"),
    "phone": N_("Telephone"),
    "email": N_("E-mail"),
    "name": N_("Name"),
    "registered_on": N_("Registered on"),
    "active": N_("Active"),
    "head_iin": N_("IIN of the head"),
    "vehicle_tax_debt_tenge": N_("Vehicle tax owed, tenge"),
    "exempt": N_("Exempt"),
    "paid_through": N_("Paid through"),
    "cleared": N_("Cleared by customs"),
    "declaration": N_("Declaration"),
    "cleared_on": N_("Cleared on"),
    "since": N_("Since"),
    "by": N_("By whom"),
    "reference": N_("Reference"),
    "pledgee": N_("Pledgee"),
}
_YES, _NO = N_("yes"), N_("no")
Rows = list[tuple[str, str]]


def party_rows(party: Party, translate: Callable[[str], str]) -> Rows:
    """Of a party as it was entered."""
    return _rows(msgspec.structs.asdict(party), translate)


def answer_rows(answer: Answer, translate: Callable[[str], str]) -> Rows:
    """Of a register's record."""
    return _rows(msgspec.structs.asdict(answer.record), translate) if answer.record is not None else []


def _rows(values: dict[str, Any], translate: Callable[[str], str]) -> Rows:
    told = ((name, _text(value, translate)) for name, value in values.items())
    return [(translate(LABELS[name]), text) for name, text in told if text]


def _text(value: Any, translate: Callable[[str], str]) -> str:
    if isinstance(value, msgspec.Struct):
        parts = (one for name, one in msgspec.structs.asdict(value).items() if name != "kind")
        return ", ".join(text for one in parts if (text := _text(one, translate)))
    if isinstance(value, bool):
        return translate(_YES if value else _NO)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
