"""What may be said of a new person of the staff: login, name and IIN, each checked with its limits. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from center.errors import N_, BadRequest

LONGEST_NAME: Final = 120
_LOGIN: Final = re.compile(r"[a-z][a-z0-9._-]{2,31}", re.ASCII)
_IIN: Final = re.compile(r"[0-9]{12}", re.ASCII)
_LONGEST_CERTIFICATE_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who shall have an account."""

    login: str
    name: str
    iin: str


def read_person(login: str, name: str, iin: str) -> Person:
    """The person; raises :class:`BadRequest` naming the field. Whether the IIN's check digit fits is asked before."""
    login = login.strip()
    if not _LOGIN.fullmatch(login):
        raise BadRequest(
            N_(
                "The sign-in name '%(login)s' does not fit: 3 to 32 small Latin letters, digits, dots and hyphens, "
                "a letter first."
            ),
            login=login[:40],
        ).at("login")
    if not _IIN.fullmatch(iin):
        raise BadRequest(N_("An IIN has twelve digits.")).at("iin")
    return Person(login, read_name(name), iin)


def read_name(name: str) -> str:
    """A name in its normal form; raises :class:`BadRequest`."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadRequest(
            N_("A name has 1 to %(most)s characters; this one has %(length)s."),
            most=LONGEST_NAME,
            length=len(name),
        ).at("name")
    if any(unicodedata.category(character)[0] == "C" for character in name):
        raise BadRequest(N_("A name holds no control characters.")).at("name")
    return name


def read_reason(reason: str) -> str:
    """Why something is done, in 3 to 255 characters; raises :class:`BadRequest`."""
    reason = " ".join(unicodedata.normalize("NFC", reason).split())
    if not 3 <= len(reason) <= 255 or any(unicodedata.category(one)[0] == "C" for one in reason):
        raise BadRequest(N_("A reason has 3 to 255 characters, and no control characters."))
    return reason


def check_certificate(issued_on: date, expires_on: date, today: date) -> None:
    """Whether a certificate's dates can be true; raises :class:`BadRequest`."""
    if issued_on > today:
        raise BadRequest(N_("The certificate's day of issue %(issued_on)s has not come yet."), issued_on=issued_on)
    if expires_on < issued_on or expires_on.year - issued_on.year > _LONGEST_CERTIFICATE_YEARS:
        raise BadRequest(
            N_("The certificate's last day %(expires_on)s lies before its issue or more than %(most)s years after it."),
            expires_on=expires_on,
            most=_LONGEST_CERTIFICATE_YEARS,
        )
