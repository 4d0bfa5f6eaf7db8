"""Whether somebody may do a thing for somebody else: guardians, heads of firms, orders, powers of attorney. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from center.casework.fields import N_, Fault


class Basis(StrEnum):
    """What a representative's right rests on."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    """Appointed for a child, or for an adult whom a court has found incapable."""
    HEAD_OF_FIRM = "head_of_firm"
    ORDER = "order"
    """A firm's order that names the responsible person."""
    POWER_OF_ATTORNEY = "power_of_attorney"


WRITTEN = frozenset({Basis.ORDER, Basis.POWER_OF_ATTORNEY})
"""What has limits of its own: the acts, services and vehicle that the paper names."""


@dataclass(frozen=True, slots=True)
class Law:
    """What the law fixes about representation on a day."""

    personal_acts: frozenset[str]
    acts: frozenset[str]
    adult_from_years: int
    own_hand_from_years: int
    """From this age on a minor acts, with the parents' consent."""
    longest_term_years: int
    default_term_years: int
    both_sides: bool
    provisional: bool


class Mandate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One person's right to act for a party, as its paper says."""

    basis: Basis
    number: str
    certified_by: str
    issued_on: date
    valid_until: date | None
    acts: frozenset[str]
    services: frozenset[str] = frozenset()
    """Empty: every service."""
    vehicle: str = ""
    """VIN or plate that it is limited to; empty: none."""
    may_delegate: bool = False
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What the representative wants to do: an act in a service, about a vehicle if there is one, on a day."""

    act: str
    service: str
    on: date
    vehicle: str = ""


def refusal(
    law: Law, chain: Sequence[Mandate], deed: Deed, *, agent_age_years: int, principal_age_years: int | None
) -> Fault | None:
    """Why the last of the chain may not do it; None: they may.

    ``chain`` begins with the mandate that the party gave and goes on with each delegation; ``principal_age_years`` is
    None for a firm.
    """
    if deed.act in law.personal_acts:
        return _fault(N_("This has to be done in person; nobody can do it for somebody else."))
    if deed.act not in law.acts:
        return _fault(N_("A representative cannot do this."))
    if agent_age_years < law.adult_from_years:
        return _fault(N_("A representative must be %(years)s years old."), years=law.adult_from_years)
    if not chain:
        return _fault(N_("There is no paper that says for whom this person may act."))
    unfit = _unfit_basis(law, chain[0].basis, principal_age_years)
    faults = (_unfit_mandate(law, mandate, deed) for mandate in chain)
    return unfit or next((fault for fault in faults if fault), None) or _unfit_delegation(law, chain)


def last_day(law: Law, mandate: Mandate) -> date | None:
    """The last day of a mandate; None while nothing ends it. A power without a term has the law's."""
    if mandate.basis is not Basis.POWER_OF_ATTORNEY:
        return mandate.valid_until
    longest = _years_later(mandate.issued_on, law.longest_term_years)
    usual = _years_later(mandate.issued_on, law.default_term_years)
    return usual if mandate.valid_until is None else min(mandate.valid_until, longest)


def both_sides_refusal(law: Law, agents_of: Mapping[str, str], sides: tuple[str, str]) -> Fault | None:
    """Why one person cannot act for both sides of a contract, or for one while being the other.

    ``agents_of`` gives for each party the person who acts for it: its own id if it acts itself.
    """
    first, second = (agents_of[side] for side in sides)
    if law.both_sides or first != second:
        return None
    return _fault(N_("One person cannot act for both sides of a contract."))


def _unfit_basis(law: Law, basis: Basis, principal_age_years: int | None) -> Fault | None:
    is_firm = principal_age_years is None
    if is_firm and basis in (Basis.PARENT, Basis.GUARDIAN):
        return _fault(N_("A firm has no parent or guardian."))
    if not is_firm and basis in (Basis.HEAD_OF_FIRM, Basis.ORDER):
        return _fault(N_("Only a firm has a head or an order that names who is responsible."))
    if principal_age_years is None:
        return None
    if basis is Basis.PARENT and principal_age_years >= law.adult_from_years:
        return _fault(N_("A parent does not act for a child who is %(years)s."), years=principal_age_years)
    if basis is Basis.POWER_OF_ATTORNEY and principal_age_years < law.adult_from_years:
        return _fault(N_("A minor cannot give a power of attorney; a parent or guardian acts for them."))
    return None


def _unfit_mandate(law: Law, mandate: Mandate, deed: Deed) -> Fault | None:
    ends_on = last_day(law, mandate)
    if mandate.revoked_on is not None and mandate.revoked_on <= deed.on:
        return _fault(N_("The paper was revoked on %(day)s."), day=mandate.revoked_on.isoformat())
    if deed.on < mandate.issued_on:
        return _fault(N_("The paper is dated %(day)s, which is still to come."), day=mandate.issued_on.isoformat())
    if ends_on is not None and deed.on > ends_on:
        return _fault(N_("The paper was valid until %(day)s."), day=ends_on.isoformat())
    if mandate.basis not in WRITTEN:
        return None
    if deed.act not in mandate.acts:
        return _fault(N_("The paper does not cover this act."))
    if mandate.services and deed.service not in mandate.services:
        return _fault(N_("The paper does not cover this service."))
    if mandate.vehicle and mandate.vehicle != deed.vehicle:
        return _fault(N_("The paper covers the vehicle %(vehicle)s only."), vehicle=mandate.vehicle)
    return None


def _unfit_delegation(law: Law, chain: Sequence[Mandate]) -> Fault | None:
    for given, passed_on in itertools.pairwise(chain):
        if given.basis in WRITTEN and not given.may_delegate:
            return _fault(N_("The paper does not allow its holder to pass the right on."))
        if passed_on.basis is not Basis.POWER_OF_ATTORNEY:
            return _fault(N_("A right is passed on by a power of attorney only."))
        if given.basis in WRITTEN and not passed_on.acts <= given.acts:
            return _fault(N_("More was passed on than its giver had."))
        ends_on, passed_until = last_day(law, given), last_day(law, passed_on)
        if ends_on is not None and (passed_until is None or passed_until > ends_on):
            return _fault(N_("The right was passed on for longer than its giver had it."))
    return None


def _years_later(day: date, years: int) -> date:
    """The last day of a term of years that began on a day."""
    try:
        return day.replace(year=day.year + years) - timedelta(days=1)
    except ValueError:
        return date(day.year + years, 2, 28)


def _fault(text: str, **values: str | int) -> Fault:
    return Fault("representative", text, values)
