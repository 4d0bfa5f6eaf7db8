"""Every kind of action that a case can hold: who takes it, what it carries, what it does. One table, read by all. Pure.

Who of the staff may take which is in the table of powers. A kind that another part of casework needs is a row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from center.casework import effects
from center.casework import payloads as p
from center.casework.case import ActorKind, CaseStatus
from center.casework.effects import Effect

_STAFF: Final = frozenset({ActorKind.STAFF})
_SYSTEM: Final = frozenset({ActorKind.SYSTEM})
_ACTIVE: Final = frozenset({CaseStatus.OPEN, CaseStatus.SUSPENDED})
_ALWAYS: Final = frozenset(CaseStatus)
_OPEN: Final = frozenset({CaseStatus.OPEN})
OPEN_CASE: Final = "case.open"


@dataclass(frozen=True, slots=True)
class ActionKind:
    """A row of the table."""

    name: str
    actors: frozenset[ActorKind]
    payload: type[p.Payload]
    effect: Effect
    states: frozenset[CaseStatus] = _OPEN
    """Statuses of the case in which it is open."""
    on_step: bool = False
    """Whether it names an open step. (``case.correct`` names one that is done.)"""


_ROWS: Final = (
    ActionKind(OPEN_CASE, _STAFF, p.Opened, effects.nothing, frozenset()),
    # Steps of the staff.
    ActionKind("step.take", _STAFF, p.Nothing, effects.take, on_step=True),
    ActionKind("step.release", _STAFF, p.Nothing, effects.release, on_step=True),
    ActionKind("step.complete", _STAFF, p.Completed, effects.complete, on_step=True),
    ActionKind("step.explain", _STAFF, p.Reasoned, effects.explain, _ACTIVE, on_step=True),
    ActionKind("step.reassign", _STAFF, p.Reassigned, effects.reassign, _ACTIVE, on_step=True),
    ActionKind("step.assign", _SYSTEM, p.Assigned, effects.reassign, on_step=True),
    ActionKind("step.remind", _SYSTEM, p.Nothing, effects.remind, on_step=True),
    ActionKind("step.escalate", _SYSTEM, p.Nothing, effects.escalate, on_step=True),
    # The case as a whole.
    ActionKind("case.correct", _STAFF, p.Reasoned, effects.correct),
    ActionKind("case.refuse", _STAFF, p.Refused, effects.refuse),
    ActionKind("case.withdraw", _STAFF | {ActorKind.APPLICANT}, p.Reasoned, effects.withdraw, _ACTIVE),
    ActionKind("case.suspend", _STAFF, p.Suspended, effects.suspend),
    ActionKind("case.resume", _STAFF, p.Reasoned, effects.resume, frozenset({CaseStatus.SUSPENDED})),
    ActionKind("blank.spoil", _STAFF, p.SpoiltBlank, effects.spoil_blank, _ACTIVE),
    # What applicants bring and who they are.
    ActionKind("document.scan", _STAFF | {ActorKind.APPLICANT}, p.Scanned, effects.scan, _ACTIVE),
    ActionKind("document.refuse", _STAFF, p.ScanRefused, effects.refuse_scan, _ACTIVE),
    ActionKind("parties.record", _STAFF | _SYSTEM, p.Parties, effects.record_parties, _ACTIVE),
    # What others tell: the queue, the payment gateway, the registers. It happened, whatever the case's status.
    ActionKind("ticket.called", _STAFF | _SYSTEM, p.Ticket, effects.call_ticket, _ALWAYS),
    ActionKind("fee.asked", _STAFF | _SYSTEM | {ActorKind.APPLICANT}, p.Fee, effects.ask_fee, _ACTIVE),
    ActionKind("fee.paid", _SYSTEM, p.Fee, effects.pay_fee, _ALWAYS),
    ActionKind("fee.refunded", _SYSTEM, p.Fee, effects.refund_fee, _ALWAYS),
    # Money that goes out by the staff's own choice: one of them proposes, another one confirms or declines.
    ActionKind("propose:fee.refund", _STAFF, p.RefundProposed, effects.nothing, _ALWAYS),
    ActionKind("confirm:fee.refund", _STAFF, p.RefundConfirmed, effects.nothing, _ALWAYS),
    ActionKind("decline:fee.refund", _STAFF, p.RefundDeclined, effects.nothing, _ALWAYS),
    ActionKind("register.asked", _STAFF | _SYSTEM, p.Asked, effects.ask_register, _ACTIVE),
    ActionKind("register.answered", _SYSTEM, p.Answered, effects.answer_register, _ALWAYS),
    ActionKind("register.silent", _SYSTEM, p.Silent, effects.silence_register, _ALWAYS),
)
KINDS: Final[Mapping[str, ActionKind]] = {row.name: row for row in _ROWS}


def power_of(kind: str, step: str | None) -> str:
    """How the table of powers calls an action: whoever may complete a step may also take, release and explain it.

    And whoever may confirm a refund may decline it.
    """
    if kind in ("step.take", "step.release", "step.complete", "step.explain"):
        return f"step.complete:{step}"
    return "confirm:fee.refund" if kind == "decline:fee.refund" else kind
