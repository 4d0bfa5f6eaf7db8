"""Who a case is for, as the form of a new case tells it: each side comes in person, is represented, or is a firm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final, TypeVar

from center.casework.fields import N_, BadFields, Fault
from center.casework.pages.staff.staff_pages import SELLER
from center.casework.parties import representation_law
from center.casework.parties.entries import Entry
from center.casework.parties.mandates import read_mandate
from center.casework.parties.persons import Firm, Person, read_firm, read_person

CONTRACT: Final = "contract"
"""Seller and buyer come together."""
SIDE_KINDS: Final = ("person", "representative", "firm")
"""How a side comes."""
PERSON_FIELDS: Final = (
    "iin", "family_name", "given_name", "patronymic", "born_on", "citizenship", "document_kind", "document_number",
    "document_issued_on", "document_valid_until", "document_issued_by", "address", "phone", "email",
)  # fmt: skip
FIRM_FIELDS: Final = ("bin", "name", "registered_on", "address", "phone", "email")
_MANDATE: Final = (
    "basis", "number", "certified_by", "issued_on", "valid_until", "acts", "services", "vehicle",
)  # fmt: skip
_PARTS: Final = {"": PERSON_FIELDS, "principal_": PERSON_FIELDS, "firm_": FIRM_FIELDS, "mandate_": _MANDATE}
KINDS: Final = ("buyer_is", "seller_is")
"""The fields that say how the sides of a contract come."""
FIELDS: Final = frozenset(
    {side + part + name for side in ("", SELLER) for part, names in _PARTS.items() for name in names} | set(KINDS)
)
"""Every field of this part of the form. Whoever applies or buys has no prefix: the desk fills them in from a scan."""
_Read = TypeVar("_Read")


def changed(given: Mapping[str, str]) -> dict[str, str]:
    """The form after a button that changes who applies or how a side comes; empty: no such button was pressed."""
    buttons = {"other": "applicant", "buyer_other": "buyer_is", "seller_other": "seller_is"}
    told = {field: given[button] for button, field in buttons.items() if button in given}
    return {**{name: text for name, text in given.items() if name not in buttons}, **told} if told else {}


def read(given: Mapping[str, str], applicant: str, on: date, faults: list[Fault]) -> tuple[Entry, ...]:
    """Everybody in the case, as far as they can be read; what cannot is noted among the faults, each at its field."""
    if applicant != CONTRACT:
        told = [_side(given, "applicant", "", applicant, on, faults)]
    else:
        sides = (("seller", SELLER), ("buyer", ""))
        told = [_side(given, side, prefix, _kind(given, side, faults), on, faults) for side, prefix in sides]
    return tuple(one for one in told if one is not None)


def _kind(given: Mapping[str, str], side: str, faults: list[Fault]) -> str:
    kind = given.get(f"{side}_is") or SIDE_KINDS[0]
    if kind not in SIDE_KINDS:
        faults.append(Fault(side, N_("%(value)s is not one of the choices."), {"value": kind[:40]}))
    return kind


def _side(given: Mapping[str, str], side: str, prefix: str, kind: str, on: date, faults: list[Fault]) -> Entry | None:
    """One side; somebody stands at the window for it, whoever it is."""
    at_window = _part(given, prefix, "", partial(read_person, on=on), faults)
    if kind not in ("representative", "firm"):
        return Entry(side, at_window) if at_window else None
    law = representation_law.load(on)
    mandate = _part(given, prefix, "mandate_", partial(read_mandate, law=law, on=on), faults)
    party: Person | Firm | None
    if kind == "firm":
        party = _part(given, prefix, "firm_", partial(read_firm, on=on), faults)
    else:
        party = _part(given, prefix, "principal_", partial(read_person, on=on), faults)
    return Entry(side, party, at_window, (mandate,)) if party and at_window and mandate else None


def _part(
    given: Mapping[str, str],
    side: str,
    part: str,
    read_part: Callable[[Mapping[str, str]], _Read],
    faults: list[Fault],
) -> _Read | None:
    """One person, firm or paper of the form, its faults noted at the form's own fields."""
    names: Sequence[str] = _PARTS[part]
    try:
        return read_part({name: given.get(side + part + name, "") for name in names})
    except BadFields as error:
        faults += [Fault(side + part + one.field, one.text, one.values) for one in error.faults]
        return None
