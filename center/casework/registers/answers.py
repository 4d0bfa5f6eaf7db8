"""What each register answers, read strictly: what does not fit its form is no answer, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec

from center.casework.register_kinds import Register


class BadAnswer(ValueError):
    """What came is not the answer to what was asked."""


class IdentityDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A person's own document."""

    kind: str
    number: str
    valid_to: date


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the register of persons."""

    family_name: str
    given_name: str
    patronymic: str
    born_on: date
    address: str
    document: IdentityDocument


class Firm(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the register of firms."""

    name: str
    registered_on: date
    active: bool
    head_iin: str
    address: str


class Tax(msgspec.Struct, frozen=True, kw_only=True):
    """What the tax authority says of vehicle tax."""

    vehicle_tax_debt_tenge: int
    exempt: bool
    paid_through: date


class Customs(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a vehicle was cleared by customs."""

    cleared: bool
    declaration: str
    cleared_on: date | None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle that the police look for; who is not in the list is not looked for."""

    since: date
    by: str
    reference: str


class Pledged(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle that is pledged; who is not in the register is not."""

    since: date
    pledgee: str
    reference: str


Record = Person | Firm | Tax | Customs | Wanted | Pledged
RECORDS: Final[Mapping[Register, type[Record]]] = {
    Register.PERSONS: Person,
    Register.FIRMS: Firm,
    Register.TAX: Tax,
    Register.CUSTOMS: Customs,
    Register.WANTED: Wanted,
    Register.PLEDGED: Pledged,
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a register said: its record, or that it has none."""

    register: Register
    found: bool
    record: Record | None

    def as_json(self) -> str:
        """As it is kept in the vault."""
        return msgspec.json.encode({"found": self.found, "record": self.record}).decode()


class _Envelope(msgspec.Struct, frozen=True, kw_only=True):
    request_id: str
    register: str
    asked: dict[str, str]
    found: bool
    record: dict[str, Any] | None


def read_answer(body: bytes, register: Register, request_id: str, asked: Mapping[str, str]) -> Answer:
    """The answer in a reply's bytes; raises :class:`BadAnswer`, whose text names no personal value."""
    try:
        told = msgspec.json.decode(body, type=_Envelope)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadAnswer("the reply is not in the form of an answer") from error
    if (told.request_id, told.register, told.asked) != (request_id, register.value, dict(asked)):
        raise BadAnswer("the reply answers another question")
    if told.found != (told.record is not None):
        raise BadAnswer("the reply says both that there is a record and that there is none")
    try:
        record = None if told.record is None else msgspec.convert(told.record, RECORDS[register])
    except msgspec.ValidationError as error:
        raise BadAnswer("the record has not the form of this register's records") from error
    return Answer(register=register, found=told.found, record=record)


def kept_answer(text: str, register: Register) -> Answer:
    """An answer as the vault kept it."""
    told = msgspec.json.decode(text)
    record = None if told["record"] is None else msgspec.convert(told["record"], RECORDS[register])
    return Answer(register=register, found=told["found"], record=record)
