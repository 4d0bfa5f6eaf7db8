"""A case as its page shows it to one person: steps, papers, money, registers, and what that person can do now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from center.casework import fee_schedule, fees, register_subjects, work_lists
from center.casework.case import CaseState, Holder
from center.casework.documents import queries as documents
from center.casework.documents.queries import ScanFacts
from center.casework.documents.tables import ScanState
from center.casework.fees import FeeDue
from center.casework.one_window import OneWindow
from center.casework.pages.staff import case_now
from center.casework.pages.staff.case_now import CaseNow
from center.casework.parties import kept
from center.casework.payments import queries as payments
from center.casework.payments.queries import IntentFacts, RefundFacts
from center.casework.permission import OpenAction, open_actions
from center.casework.queue import draw_queries
from center.casework.queue.actions.waiting_draws import WaitingDraw, waiting_draws
from center.casework.queue.draw_record import DrawFacts
from center.casework.register_subjects import Consent
from center.casework.registers import queries as registers
from center.casework.registers.queries import ReadFacts
from center.casework.services import PORTRAIT, Edition, Step
from center.casework.work_lists import WorkItem
from center.database import Transaction
from center.people.powers import Actor

AT_ONCE: Final = ("step.take", "step.release", "step.complete")
"""What the page offers by itself; for the other actions there is a page with a form."""
ELSEWHERE: Final = (
    "document.scan",
    "document.refuse",
    "parties.record",
    "ticket.called",
    "fee.asked",
    "propose:fee.refund",
    "confirm:fee.refund",
    "decline:fee.refund",
    "register.asked",
)
"""What the page's own sections offer."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the case."""

    step: Step
    status: str
    holder: Holder | None
    since: datetime | None
    """Since when whoever holds it does."""
    opened_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    times: int
    """How often it was opened: more than once after a correction."""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One register that the service asks about one party, or about the case as a whole."""

    name: str
    step: str
    party: str
    """Id; empty: the case as a whole."""
    state: str
    """Empty: not asked yet."""
    last: ReadFacts | None
    consent: bool
    """Given, or not needed."""
    police_only: bool


@dataclass(frozen=True, slots=True)
class CaseView(CaseNow):
    """All that the page needs."""

    steps: tuple[StepRow, ...]
    open_actions: tuple[OpenAction, ...]
    dues: tuple[FeeDue, ...]
    payments: tuple[IntentFacts, ...]
    refunds: tuple[RefundFacts, ...]
    registers: tuple[RegisterRow, ...]
    consents: tuple[Consent, ...]
    """What is to be agreed to, by whom."""
    roles: Mapping[str, str]
    """What each party is in the case, by its id."""
    scans: tuple[ScanFacts, ...]
    draws: tuple[DrawFacts, ...]
    waiting_draws: tuple[WaitingDraw, ...]
    mine: bool
    """Whether this person holds an open step of it."""

    def can(self, kind: str, step: str | None = None) -> bool:
        """Whether an action is open to this person now."""
        return OpenAction(kind, step) in self.open_actions

    @property
    def completable(self) -> Step | None:
        """The step that this person holds and can complete."""
        return self._first("step.complete")

    @property
    def takeable(self) -> list[Step]:
        """Steps that this person can take from a queue."""
        return [self.edition.step(one.step) for one in self.open_actions if one.kind == "step.take"]

    @property
    def releasable(self) -> Step | None:
        """The step that this person can give back."""
        return self._first("step.release")

    @property
    def others(self) -> list[OpenAction]:
        """Actions that have a page of their own, each once."""
        kinds = (*AT_ONCE, *ELSEWHERE)
        once = {one.kind: one for one in reversed(self.open_actions) if one.kind not in kinds}
        return list(once.values())[::-1]

    @property
    def portrait(self) -> ScanFacts | None:
        """The newest portrait that counts."""
        taken = [one for one in self.scans if one.requirement == PORTRAIT and one.state is ScanState.KEPT]
        return taken[-1] if taken else None

    @property
    def goes_on_by_itself(self) -> bool:
        """Whether something is under way that can end by itself: a payment, a register or a draw."""
        held = [row.holder for row in self.steps if row.holder is not None]
        return bool(self.waiting_draws) or any(one.kind in ("applicant", "outside") for one in held)

    def _first(self, kind: str) -> Step | None:
        return next((self.edition.step(one.step) for one in self.open_actions if one.kind == kind), None)


def view(transaction: Transaction, window: OneWindow, actor: Actor, case_id: str) -> CaseView:
    """The case; raises :class:`NotFound`."""
    now = case_now.read(transaction, case_id)
    row, edition, state = now.row, now.edition, now.state
    items = {one.step: one for one in work_lists.of_cases(transaction, [row.id])}
    paid = payments.of_case(transaction, row.id)
    own = [row for row in state.steps if _holds(state, row, actor)]
    return CaseView(
        row=row,
        edition=edition,
        state=state,
        steps=tuple(_step(state, edition.steps[name], items.get(name)) for name in edition.order),
        actions=now.actions,
        open_actions=tuple(open_actions(window.powers, edition, state, actor)),
        dues=dues_of(edition, window),
        payments=tuple(paid),
        refunds=tuple(back for one in paid for back in payments.refunds_of(transaction, one.intent_id)),
        registers=tuple(_registers(edition, state, registers.of_case(transaction, row.id), _police_only(window))),
        consents=register_subjects.consents(edition, state),
        roles=kept.roles(transaction, row.id),
        scans=tuple(documents.scans(transaction, row.id)),
        draws=tuple(draw_queries.draws(transaction, row.id)),
        waiting_draws=tuple(waiting_draws(transaction, window.hall, edition, state)),
        mine=bool(own),
    )


def dues_of(edition: Edition, window: OneWindow) -> tuple[FeeDue, ...]:
    """What the service costs today."""
    schedule, today = fee_schedule.load(), window.today()
    return tuple(fees.due(schedule, fee, today) for step in edition.steps.values() for fee in step.fees)


def _holds(state: CaseState, step: str, actor: Actor) -> bool:
    holder = state.holder_of(step)
    return holder is not None and (holder.kind, holder.name) == ("person", actor.account_id)


def _step(state: CaseState, step: Step, item: WorkItem | None) -> StepRow:
    times = [one for one in state.activations if one.step == step.id]
    last = times[-1] if times else None
    current = last is not None and last.ended_at is None
    return StepRow(
        step=step,
        status=state.steps[step.id],
        holder=last.holder if last is not None and current else None,
        since=last.holdings[-1].since if last is not None and current else None,
        opened_at=last.opened_at if last else None,
        ended_at=last.ended_at if last else None,
        due_at=item.due_at if item else None,
        times=len(times),
    )


def _police_only(window: OneWindow) -> set[str]:
    return {name.value for name, one in window.registers.client.policies.registers.items() if one.police_only}


def _registers(
    edition: Edition, state: CaseState, reads: Sequence[ReadFacts], police_only: Collection[str]
) -> list[RegisterRow]:
    newest = {(one.register.value, one.party): one for one in reads}
    return [
        RegisterRow(
            step.register,
            step.id,
            party,
            register_subjects.standing(state, step.register, party),
            newest.get((step.register, party)) or newest.get((step.register, register_subjects.WHOLE)),
            step.without_consent or register_subjects.is_agreed(state, step.register, party),
            step.register in police_only,
        )
        for step in edition.steps.values()
        if step.register is not None
        for party in register_subjects.subjects(state, step.register)
    ]
