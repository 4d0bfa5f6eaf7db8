"""What a case is: its actions, and the state that they fold to. Plain frozen data. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final


class ActorKind(StrEnum):
    """Who can act in a case."""

    STAFF = "staff"
    APPLICANT = "applicant"
    SYSTEM = "system"


class CaseStatus(StrEnum):
    """Where a case is; only ``open`` and ``suspended`` ones are acted in."""

    OPEN = "open"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens in it but complaints."""
        return self not in (CaseStatus.OPEN, CaseStatus.SUSPENDED)


class StepStatus(StrEnum):
    """Where a step is: only an open one has a holder."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"


class HolderKind(StrEnum):
    """What can hold a step."""

    PERSON = "person"
    QUEUE = "queue"
    """Of a role: nobody has taken it yet."""
    APPLICANT = "applicant"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a step: ``name`` is an account, a role, ``applicant``, or an outside system."""

    kind: HolderKind
    name: str


INVESTIGATION: Final = Holder(HolderKind.OUTSIDE, "investigation")
"""Who holds a suspended case."""


@dataclass(frozen=True, slots=True)
class Action:
    """One recorded fact. A case is the list of them in the order of ``ordinal``, from 1 without a hole."""

    ordinal: int
    kind: str
    step: str | None
    actor_kind: ActorKind
    actor: str
    """Account, ``applicant``, or the name of a part of the system."""
    role: str | None
    """In which a person of the staff acted."""
    at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holding:
    """Who held a step from an instant on."""

    holder: Holder
    since: datetime


class Ending(StrEnum):
    """How a step's activation ended."""

    DONE = "done"
    RETURNED = "returned"
    """A correction took it back."""
    CASE_OVER = "case_over"


@dataclass(frozen=True, slots=True)
class Activation:
    """One time that a step was open. A step that a correction reopens has several."""

    step: str
    opened_at: datetime
    cause: int | None
    """Index of the activation that held the case up until this one could open; None: open from the start."""
    holdings: tuple[Holding, ...]
    ended_at: datetime | None = None
    ending: Ending | None = None

    @property
    def holder(self) -> Holder:
        """Who holds it now, or held it last."""
        return self.holdings[-1].holder


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time in which an outside investigation held the case; its clocks stood still, for all to see."""

    since: datetime
    reference: str
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a step was late, in the words of who held it."""

    step: str
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CaseState:
    """All that follows from a case's actions."""

    case_id: str
    service: str
    edition: str
    """``service@YYYY-MM-DD``"""
    channel: str
    applicant: str
    """Kind of applicant, by which documents are asked for."""
    opened_at: datetime
    status: CaseStatus
    ordinal: int
    """Of the last action."""
    changed_at: datetime
    steps: Mapping[str, StepStatus]
    activations: tuple[Activation, ...]
    ended_at: datetime | None = None
    final: int | None = None
    """Index of the activation with which the case ended."""
    reason: str | None = None
    """Why it was refused or withdrawn."""
    suspensions: tuple[Suspension, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    """Step returned to, and why."""
    reminded: frozenset[int] = frozenset()
    escalated: frozenset[int] = frozenset()
    """Activations, by index."""
    documents: frozenset[str] = frozenset()
    """Requirements that are met."""
    scans: frozenset[tuple[str, str]] = frozenset()
    """Requirement and id of each scan that counts."""
    parties: tuple[str, ...] = ()
    """Ids of persons and firms in the case, those who act for somebody included."""
    firms: frozenset[str] = frozenset()
    """Which of them are firms."""
    acted_for: frozenset[str] = frozenset()
    """Sides for which somebody else acts."""
    inquiries: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Register and the party it is asked about (empty: the case as a whole) → asked, answered or silent."""
    fees_asked: Mapping[str, int] = field(default_factory=dict)
    fees_paid: Mapping[str, int] = field(default_factory=dict)
    """Purpose → tenge that lie with the centre."""
    tickets: tuple[str, ...] = ()
    consents: frozenset[str] = frozenset()
    """What the applicant has agreed to."""
    blanks: tuple[str, ...] = ()
    """Serial numbers of blanks that became a document."""
    spoilt_blanks: tuple[str, ...] = ()
    signature: str | None = None
    """Commitment to the applicant's signature."""
    units: str | None = None
    """Commitment to the numbers that were read off the vehicle."""
    taken: frozenset[tuple[str, str]] = frozenset()
    """Action (as the table of powers calls it) and account, of all that the staff did."""
    concerned: frozenset[str] = frozenset()
    """Accounts that are a party to the case, or whose declared relative is."""

    def current(self, step: str) -> int | None:
        """Index of a step's open activation."""
        for index in range(len(self.activations) - 1, -1, -1):
            one = self.activations[index]
            if one.step == step:
                return index if one.ended_at is None else None
        return None

    def open_now(self) -> list[int]:
        """Indices of the activations that are open."""
        return [index for index, one in enumerate(self.activations) if one.ended_at is None]

    def holder_of(self, step: str) -> Holder | None:
        """Who holds a step now; None while it waits or is done."""
        index = self.current(step)
        return None if index is None else self.activations[index].holder

    def is_explained(self, index: int) -> bool:
        """Whether somebody has said why this activation is late."""
        one = self.activations[index]
        return any(told.step == one.step and told.at >= one.opened_at for told in self.explanations)
