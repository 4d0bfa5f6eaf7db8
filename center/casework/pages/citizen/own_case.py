"""A case as its applicant sees it: steps and the roles that hold them, papers, money, readers; no name of the staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from center.casework import fee_schedule, queries, work_lists
from center.casework.case import CaseState, HolderKind
from center.casework.documents import queries as documents
from center.casework.documents.checklist import Item, ItemState, checklist
from center.casework.feedback.actions import complaining, surveying
from center.casework.feedback.actions.complaining import ComplaintFacts
from center.casework.feedback.answerers import answerers
from center.casework.fees import FeeDue, due
from center.casework.one_window import OneWindow
from center.casework.payments import queries as payments
from center.casework.payments.queries import IntentFacts
from center.casework.registers import queries as registers
from center.casework.registers.queries import Access
from center.casework.services import Edition, Step
from center.database import Transaction

Titles = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OwnStep:
    """One step: where it is, and who holds it as a role."""

    step: Step
    status: str
    held: str
    """How it is held: ``person``, ``queue``, ``applicant``, ``outside``; empty: nobody does now."""
    due_at: datetime | None
    ended_at: datetime | None
    fees: tuple[FeeDue, ...]


@dataclass(frozen=True, slots=True)
class OwnCase:
    """All that the page needs."""

    number: str
    service: str
    edition: Edition
    state: CaseState
    steps: tuple[OwnStep, ...]
    papers: tuple[Item, ...]
    payments: tuple[IntentFacts, ...]
    accesses: tuple[Access, ...]
    complaints: tuple[ComplaintFacts, ...]
    complaints_lie_with: str
    """The role that answers them."""
    too_late_to_complain: bool
    surveyed: bool

    @property
    def next_steps(self) -> list[OwnStep]:
        """What is under way."""
        return [one for one in self.steps if one.status == "open"]

    @property
    def to_bring(self) -> list[Item]:
        """What must still be shown while the case is under way, and what was refused."""
        if self.state.status.is_over:
            return []
        return [
            one
            for one in self.papers
            if one.state is ItemState.REFUSED or (one.state is ItemState.MISSING and not one.optional)
        ]

    @property
    def may_complain(self) -> bool:
        """One complaint at a time, and while it is not too late."""
        return not self.too_late_to_complain and all(one.answered_at is not None for one in self.complaints)


def own_case(transaction: Transaction, window: OneWindow, case_id: str, code: str) -> OwnCase:
    """The case to whoever holds its code."""
    row = queries.case_row(transaction, case_id)
    edition, state = queries.edition_of(row), queries.case_state(transaction, row.id)
    due_by_step = {one.step: one.due_at for one in work_lists.of_cases(transaction, [row.id])}
    return OwnCase(
        number=row.number,
        service=edition.service,
        edition=edition,
        state=state,
        steps=tuple(_step(state, edition.steps[name], due_by_step.get(name), window) for name in edition.order),
        papers=tuple(checklist(edition.documents_of(state), documents.scans(transaction, row.id), state.documents)),
        payments=tuple(payments.of_case(transaction, row.id)),
        accesses=tuple(registers.accesses_in_case(transaction, row.id)),
        complaints=tuple(complaining.complaints(transaction, window.vault, row.id)),
        complaints_lie_with=answerers(transaction, window.powers, [row.id], window.today())[row.id].role,
        too_late_to_complain=complaining.is_too_late(row, window.now(), window.zone),
        surveyed=surveying.is_answered(transaction, code),
    )


def _step(state: CaseState, step: Step, due_at: datetime | None, window: OneWindow) -> OwnStep:
    times = [one for one in state.activations if one.step == step.id]
    last = times[-1] if times else None
    held = last.holder.kind if last is not None and last.ended_at is None else None
    schedule, today = fee_schedule.load(), window.today()
    return OwnStep(
        step=step,
        status=state.steps[step.id],
        held=HolderKind(held).value if held is not None else "",
        due_at=due_at,
        ended_at=last.ended_at if last is not None else None,
        fees=tuple(due(schedule, fee, today) for fee in step.fees if fee not in state.fees_paid),
    )
