"""A person or a firm as an operator or an applicant enters them; what is entered lies in the vault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

import msgspec

from center.casework.fields import N_, Fields
from center.casework.parties import iin
from center.errors import BadRequest

IDENTITY_DOCUMENTS: Final = ("identity_card", "passport", "foreign_passport", "residence_permit", "refugee_certificate")
FIRM_DOCUMENTS: Final = ("registration_certificate", "charter_extract")
EARLIEST_BIRTH: Final = date(1900, 1, 1)
_COUNTRY: Final = re.compile(r"[A-Z]{3}")
_DOCUMENT_NUMBER: Final = re.compile(r"[0-9A-ZА-ЯӘҒҚҢӨҰҮҺІ№/-]{1,24}")


class IdentityDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The paper or card that shows who somebody is."""

    kind: str
    number: str
    issued_on: date
    valid_until: date | None
    issued_by: str


class Person(msgspec.Struct, frozen=True, tag="person", forbid_unknown_fields=True):
    """A natural person. ``iin`` is empty for a foreigner who has none."""

    iin: str
    family_name: str
    given_name: str
    patronymic: str
    born_on: date
    citizenship: str
    """ISO 3166-1 alpha-3."""
    document: IdentityDocument
    address: str
    phone: str
    email: str

    @property
    def full_name(self) -> str:
        """Family name first, as the documents have it."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)

    def age_on(self, day: date) -> int:
        """Full years on a day; somebody born on 29 February turns older on 1 March of other years."""
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


class Firm(msgspec.Struct, frozen=True, tag="firm", forbid_unknown_fields=True):
    """A legal person; who may act for it is told by its representatives' mandates."""

    bin: str
    name: str
    address: str
    phone: str
    email: str
    registered_on: date

    @property
    def full_name(self) -> str:
        """The name it is registered under."""
        return self.name


Party = Person | Firm
Kind = Literal["person", "firm"]


def read_person(given: Mapping[str, str], on: date) -> Person:
    """A person from a form filled in on a day; raises :class:`BadFields` with every fault."""
    form = Fields(given)
    citizenship = form.checked("citizenship", _country, N_("%(value)s is no country's code of three letters."))
    number = form.checked(
        "iin", iin.validate, N_("%(value)s is no IIN: it was mistyped."), required=citizenship == "KAZ"
    )
    if number and iin.looks_like_a_firms(number):
        form.fault("iin", N_("%(value)s is the BIN of a firm."), value=number)
    family_name, given_name = form.name("family_name"), form.name("given_name")
    patronymic = form.name("patronymic", required=False)
    born_on = form.day("born_on", earliest=EARLIEST_BIRTH, latest=on)
    document = _read_document(form, on)
    address = form.text("address", at_most=300)
    phone, email = form.phone("phone"), form.email("email")
    form.finish()
    assert born_on is not None
    assert document is not None
    return Person(
        iin=number,
        family_name=family_name,
        given_name=given_name,
        patronymic=patronymic,
        born_on=born_on,
        citizenship=citizenship,
        document=document,
        address=address,
        phone=phone,
        email=email,
    )


def read_firm(given: Mapping[str, str], on: date) -> Firm:
    """A firm from a form filled in on a day; raises :class:`BadFields` with every fault."""
    form = Fields(given)
    number = form.checked("bin", iin.validate, N_("%(value)s is no BIN: it was mistyped."))
    if number and not iin.can_be_a_firms(number):
        form.fault("bin", N_("%(value)s is the IIN of a person."), value=number)
    name = form.text("name", at_most=300)
    registered_on = form.day("registered_on", earliest=EARLIEST_BIRTH, latest=on)
    address = form.text("address", at_most=300)
    phone, email = form.phone("phone"), form.email("email")
    form.finish()
    assert registered_on is not None
    return Firm(number, name, address, phone, email, registered_on)


def _read_document(form: Fields, on: date) -> IdentityDocument | None:
    kind = form.choice("document_kind", IDENTITY_DOCUMENTS)
    number = form.checked(
        "document_number", _document_number, N_("%(value)s is no document's number: letters and digits only.")
    )
    issued_on = form.day("document_issued_on", earliest=EARLIEST_BIRTH, latest=on)
    valid_until = form.day("document_valid_until", required=False, earliest=EARLIEST_BIRTH)
    issued_by = form.text("document_issued_by", at_most=200)
    if valid_until is not None and valid_until < on:
        form.fault("document_valid_until", N_("The document expired on %(day)s."), day=valid_until.isoformat())
    return None if issued_on is None else IdentityDocument(kind, number, issued_on, valid_until, issued_by)


def _country(text: str) -> str:
    if _COUNTRY.fullmatch(text.upper()) is None:
        raise BadRequest(N_("'%(code)s' is no country's code."), code=text)
    return text.upper()


def _document_number(text: str) -> str:
    number = text.upper().replace(" ", "")
    if _DOCUMENT_NUMBER.fullmatch(number) is None:
        raise BadRequest(N_("'%(number)s' is no document's number."), number=text)
    return number
