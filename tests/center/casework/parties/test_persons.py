"""What is entered about a person or firm is read strictly, and every field refuses hostile text."""

from __future__ import annotations

from datetime import date

import pytest

from center.casework.fields import BadFields
from center.casework.parties.persons import read_firm, read_person

DAY = date(2026, 4, 14)
PERSON = {
    "iin": "980417 900018",
    "family_name": "Сәрсенова",
    "given_name": "Айгерім",
    "patronymic": "",
    "born_on": "1998-04-17",
    "citizenship": "kaz",
    "document_kind": "identity_card",
    "document_number": "00 123 4567",
    "document_issued_on": "2020-05-01",
    "document_valid_until": "2030-04-30",
    "document_issued_by": "ІІМ",
    "address": "Сарытау, Абай көшесі, 1",
    "phone": "+7 777 000 00 00",
    "email": "aigerim@sarytau.example",
}
FIRM = {
    "bin": "990940003030",
    "name": "ЖШС «Жел-Транс»",
    "registered_on": "1999-09-01",
    "address": "Сарытау",
    "phone": "",
    "email": "",
}


def _refused(**changes: str) -> list[tuple[str, str]]:
    with pytest.raises(BadFields) as refused:
        read_person(PERSON | changes, DAY)
    return [(fault.field, fault.sentence) for fault in refused.value.faults]


def test_a_person_is_read_and_written_in_one_form() -> None:
    person = read_person(PERSON, DAY)
    assert person.iin == "980417900018"
    assert person.full_name == "Сәрсенова Айгерім"
    assert person.citizenship == "KAZ"
    assert person.document.number == "001234567"
    assert person.phone == "+77770000000"


def test_a_birth_date_that_the_iin_contradicts_is_no_fault() -> None:
    assert read_person(PERSON | {"born_on": "1997-01-01"}, DAY).born_on == date(1997, 1, 1)


def test_a_foreigner_may_have_no_iin_and_a_citizen_may_not() -> None:
    foreign = read_person(PERSON | {"iin": "", "citizenship": "ESP", "document_kind": "foreign_passport"}, DAY)
    assert foreign.iin == ""
    assert _refused(iin="") == [("iin", "Fill this in.")]


def test_a_firms_number_is_no_persons() -> None:
    assert _refused(iin="990940003030") == [("iin", "990940003030 is the BIN of a firm.")]
    with pytest.raises(BadFields, match="980417900018 is the IIN of a person"):
        read_firm(FIRM | {"bin": "980417900018"}, DAY)


def test_an_expired_document_is_refused_on_the_day_after() -> None:
    assert read_person(PERSON | {"document_valid_until": "2026-04-14"}, DAY).document.valid_until == DAY
    assert _refused(document_valid_until="2026-04-13") == [
        ("document_valid_until", "The document expired on 2026-04-13.")
    ]


@pytest.mark.parametrize("field", PERSON)
@pytest.mark.parametrize(
    "value", ["\x00", "a\u202eb", "<script>" * 500, "\ud800"], ids=["zero", "bidi", "long", "half"]
)
def test_hostile_text_is_refused_at_its_field(field: str, value: str) -> None:
    assert field in {name for name, _ in _refused(**{field: value})}


@pytest.mark.parametrize("field", FIRM)
def test_hostile_text_about_a_firm_is_refused_at_its_field(field: str) -> None:
    with pytest.raises(BadFields) as refused:
        read_firm(FIRM | {field: "x\x00"}, DAY)
    assert field in {fault.field for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("born_on", "age"), [("2008-04-14", 18), ("2008-04-15", 17), ("2008-02-29", 18), ("2026-04-14", 0)]
)
def test_age_counts_full_years(born_on: str, age: int) -> None:
    assert read_person(PERSON | {"born_on": born_on}, DAY).age_on(DAY) == age


def test_one_born_on_a_leap_day_is_older_from_the_first_of_march() -> None:
    person = read_person(PERSON | {"born_on": "2008-02-29"}, DAY)
    assert person.age_on(date(2026, 2, 28)) == 17
    assert person.age_on(date(2026, 3, 1)) == 18


def test_a_firm_is_read() -> None:
    firm = read_firm(FIRM, DAY)
    assert (firm.bin, firm.full_name) == ("990940003030", "ЖШС «Жел-Транс»")
