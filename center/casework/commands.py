"""Who asks for an action, and what is asked. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from center.casework.case import ActorKind
from center.people.powers import Actor


@dataclass(frozen=True, slots=True)
class Applicant:
    """The applicant, who has shown the case's code."""


@dataclass(frozen=True, slots=True)
class System:
    """A part of the centre that acts by itself: ``payments``, ``registers``, ``queue``, ``clock``."""

    name: str


Who = Actor | Applicant | System


@dataclass(frozen=True, slots=True)
class CaseCommand:
    """One action that is asked for."""

    kind: str
    client_key: str
    """From the form or the caller, 16 to 64 characters: the same key again is the same action, and is done once."""
    case_id: str = ""
    """Empty for ``case.open``."""
    step: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


def kind_of(who: Who) -> ActorKind:
    """What kind of actor it is."""
    if isinstance(who, Actor):
        return ActorKind.STAFF
    return ActorKind.APPLICANT if isinstance(who, Applicant) else ActorKind.SYSTEM


def name_of(who: Who) -> str:
    """As the record calls it."""
    if isinstance(who, Actor):
        return who.account_id
    return "applicant" if isinstance(who, Applicant) else who.name
