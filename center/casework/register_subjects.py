"""About whom each register is asked in a case, and whose consent that takes. Pure.

A register of vehicles is asked once, about the case as a whole. The register of persons is asked about every natural
person in the case, whoever acts for somebody included, and the register of firms about every firm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from center.casework.case import CaseState
from center.casework.register_kinds import Register
from center.casework.services import Edition

WHOLE: Final = ""
"""Stands for the case as a whole where the id of a party would stand."""
_WITH_FIRMS: Final = ("firm", "contract")
"""Kinds of applicant among whose parties a firm can be."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One thing that is to be agreed to."""

    name: str
    """As the case keeps it."""
    register: str
    party: str
    """Who agrees; the case as a whole: all who have come."""


def subjects(state: CaseState, register: str) -> tuple[str, ...]:
    """The parties about whom a register is asked; none: there is nobody to ask it about."""
    if register == Register.FIRMS:
        if not state.parties:
            return (WHOLE,) if state.applicant in _WITH_FIRMS else ()
        return tuple(one for one in state.parties if one in state.firms)
    if register != Register.PERSONS or not state.parties:
        return (WHOLE,)
    return tuple(one for one in state.parties if one not in state.firms)


def standing(state: CaseState, register: str, party: str) -> str:
    """How the question about one of them stands: ``asked``, ``answered``, ``silent``, or empty for not asked."""
    # Before the parties were asked about one by one, an answer named none and was for the case as a whole.
    return state.inquiries.get((register, party)) or state.inquiries.get((register, WHOLE), "")


def is_answered(state: CaseState, register: str) -> bool:
    """Whether nothing is left to be asked: one silence, or one party not asked, leaves the whole open."""
    return all(standing(state, register, one) == "answered" for one in subjects(state, register))


def consents(edition: Edition, state: CaseState) -> tuple[Consent, ...]:
    """Everything that is to be agreed to before the registers of a case are asked."""
    asked = ((register, party) for register in edition.consents for party in subjects(state, register))
    return tuple(Consent(consent_name(state, register, party), register, party) for register, party in asked)


def consent_name(state: CaseState, register: str, party: str) -> str:
    """How a case keeps the consent: who stands alone in it needs no name there."""
    return register if party == WHOLE or len(state.parties) == 1 else f"{register}:{party}"


def is_agreed(state: CaseState, register: str, party: str) -> bool:
    """Whether this party lets the register be asked."""
    return consent_name(state, register, party) in state.consents


def lacks_consent(edition: Edition, state: CaseState, given: Iterable[str]) -> bool:
    """Whether somebody has not agreed yet, with what is being agreed to now."""
    return bool({one.name for one in consents(edition, state)} - state.consents - set(given))
