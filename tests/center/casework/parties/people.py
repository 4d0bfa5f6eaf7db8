"""People of the demo town, for the tests of parties; their IINs have the impossible seventh digit 9."""

from __future__ import annotations

from datetime import date

from center.casework.parties.persons import Firm, IdentityDocument, Person
from center.casework.parties.representation import Basis, Mandate


def person(iin: str, family_name: str, given_name: str, born_on: date) -> Person:
    """A citizen with an identity card."""
    document = IdentityDocument("identity_card", f"0{iin[:8]}", date(2022, 1, 1), date(2031, 12, 31), "ІІМ")
    return Person(iin, family_name, given_name, "", born_on, "KAZ", document, "Сарытау, Абай көшесі, 1", "", "")


AIGERIM = person("980417900018", "Сәрсенова", "Айгерім", date(1998, 4, 17))
DENIS = person("010929900020", "Орлов", "Денис", date(2001, 9, 29))
GRANDMOTHER = person("960215900700", "Сәрсенова", "Бибігүл", date(1956, 2, 15))
CHILD = person("160101900039", "Сәрсенов", "Әлихан", date(2016, 1, 1))
FIRM = Firm("990940003030", "ЖШС «Жел-Транс»", "Сарытау", "", "", date(1999, 9, 1))


def power(*acts: str) -> Mandate:
    """A power of attorney for these acts."""
    return Mandate(Basis.POWER_OF_ATTORNEY, "17-204", "Notary", date(2026, 1, 10), date(2027, 1, 9), frozenset(acts))
