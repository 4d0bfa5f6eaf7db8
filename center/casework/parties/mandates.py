"""Reading a representative's paper from a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from center.casework.fields import N_, Fields
from center.casework.parties.representation import WRITTEN, Basis, Law, Mandate

_MOST_SERVICES = 20


def read_mandate(given: Mapping[str, str], law: Law, on: date) -> Mandate:
    """A mandate from a form filled in on a day; raises :class:`BadFields` with every fault.

    Acts and services are words with spaces between them.
    """
    form = Fields(given)
    basis = form.choice("basis", [one.value for one in Basis])
    is_written = basis in WRITTEN
    number = form.text("number", at_most=60, required=is_written)
    certified_by = form.text("certified_by", at_most=200, required=is_written)
    issued_on = form.day("issued_on", latest=on)
    valid_until = form.day("valid_until", required=False, earliest=issued_on)
    acts = _words(form, "acts", required=is_written)
    if unknown := sorted(acts - law.acts - law.personal_acts):
        form.fault("acts", N_("%(value)s is not one of the choices."), value=unknown[0])
    services = _words(form, "services", required=False)
    vehicle = form.text("vehicle", at_most=17, required=False).upper()
    may_delegate = form.choice("may_delegate", ["yes", "no"], required=False) == "yes"
    revoked_on = form.day("revoked_on", required=False, earliest=issued_on)
    form.finish()
    assert issued_on is not None
    return Mandate(
        basis=Basis(basis),
        number=number,
        certified_by=certified_by,
        issued_on=issued_on,
        valid_until=valid_until,
        acts=frozenset(acts),
        services=frozenset(services),
        vehicle=vehicle,
        may_delegate=may_delegate,
        revoked_on=revoked_on,
    )


def _words(form: Fields, name: str, *, required: bool) -> set[str]:
    words = set(form.text(name, at_most=64 * _MOST_SERVICES, required=required).split())
    if len(words) > _MOST_SERVICES:
        form.fault(
            name,
            N_("These are %(count)s; at most %(most)s fit."),
            count=len(words),
            most=_MOST_SERVICES,
        )
        return set()
    return words
