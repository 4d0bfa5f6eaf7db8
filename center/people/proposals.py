"""The kinds of proposal that take two persons, and how they are stored. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from center.people.persons import Person


@dataclass(frozen=True, slots=True)
class AccountCreate:
    """An account for a person, and a slip for its first password and passkey."""

    person: Person
    simulated: bool = False
    account_id: None = None
    action: ClassVar[str] = "account.create"
    gives_slip: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class _About:
    """A proposal about an account."""

    account_id: str
    gives_slip: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class RoleGrant(_About):
    """A role, with the dates of the certificate where the role needs one."""

    role: str
    certificate: tuple[date, date] | None = None
    action: ClassVar[str] = "role.grant"


@dataclass(frozen=True, slots=True)
class CertificateRecord(_About):
    """A new certificate for a role: its days of issue and expiry."""

    role: str
    certificate: tuple[date, date]
    action: ClassVar[str] = "certificate.record"


@dataclass(frozen=True, slots=True)
class PasskeyEnrol(_About):
    """A slip for one more passkey."""

    action: ClassVar[str] = "passkey.enrol"
    gives_slip: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class PasskeyReplace(_About):
    """A slip for a passkey in place of all that were lost."""

    action: ClassVar[str] = "passkey.replace"
    gives_slip: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class PasswordReset(_About):
    """A slip for a new password."""

    action: ClassVar[str] = "password.reset"
    gives_slip: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class AccountUnlock(_About):
    """A locked account opened again."""

    action: ClassVar[str] = "account.unlock"


@dataclass(frozen=True, slots=True)
class RelativeWithdraw(_About):
    """A declared relative struck off."""

    relative_id: str
    action: ClassVar[str] = "relative.withdraw"


Proposal = (
    AccountCreate
    | RoleGrant
    | CertificateRecord
    | PasskeyEnrol
    | PasskeyReplace
    | PasswordReset
    | AccountUnlock
    | RelativeWithdraw
)  # fmt: skip
_BARE = {kind.action: kind for kind in (PasskeyEnrol, PasskeyReplace, PasswordReset, AccountUnlock)}


def details(proposal: Proposal) -> dict[str, Any]:
    """What is stored of it in the clear: nothing personal."""
    match proposal:
        case AccountCreate():
            return {"login": proposal.person.login, "simulated": proposal.simulated}
        case RoleGrant() | CertificateRecord():
            dates = proposal.certificate
            told = {"issued_on": dates[0].isoformat(), "expires_on": dates[1].isoformat()} if dates else {}
            return {"role": proposal.role, **told}
        case RelativeWithdraw():
            return {"relative": proposal.relative_id}
        case _:
            return {}


def read(action: str, account_id: str | None, stored: Mapping[str, Any], personal: Mapping[str, str]) -> Proposal:
    """The proposal that :func:`details` stored."""
    if action == AccountCreate.action:
        return AccountCreate(Person(stored["login"], personal["name"], personal["iin"]), stored["simulated"])
    assert account_id is not None
    if action == RelativeWithdraw.action:
        return RelativeWithdraw(account_id, stored["relative"])
    if action in _BARE:
        return _BARE[action](account_id)
    dates = (
        (date.fromisoformat(stored["issued_on"]), date.fromisoformat(stored["expires_on"]))
        if "issued_on" in stored
        else None
    )
    if action == RoleGrant.action:
        return RoleGrant(account_id, stored["role"], dates)
    assert dates is not None
    return CertificateRecord(account_id, stored["role"], dates)
