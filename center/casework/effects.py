"""What each kind of action does to a case's state. Pure, and total: an action that was recorded always folds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from center.casework import payloads as p
from center.casework import register_subjects
from center.casework.case import (
    Action,
    Activation,
    CaseState,
    CaseStatus,
    Ending,
    Explanation,
    Holder,
    HolderKind,
    Holding,
    StepStatus,
    Suspension,
)
from center.casework.critical_path import critical_activation
from center.casework.services import Edition, Step

Effect = Callable[[Edition, CaseState, Action, Any], CaseState]
"""From the service, the state before, the action and its payload to the state after."""


def opened(edition: Edition, case_id: str, action: Action, payload: p.Opened) -> CaseState:
    """The state after a case's first action."""
    state = CaseState(
        case_id=case_id,
        service=edition.service,
        edition=edition.name,
        channel=payload.channel,
        applicant=payload.applicant,
        opened_at=action.at,
        status=CaseStatus.OPEN,
        ordinal=action.ordinal,
        changed_at=action.at,
        steps=dict.fromkeys(edition.steps, StepStatus.WAITING),
        activations=(),
        tickets=(payload.ticket,) if payload.ticket else (),
    )
    return _open_ready(edition, state, action.at, None)


def nothing(edition: Edition, state: CaseState, action: Action, payload: object) -> CaseState:
    """It happened, and changes nothing but the record."""
    return state


def take(edition: Edition, state: CaseState, action: Action, payload: object) -> CaseState:
    """A person holds the step now."""
    return _hold(state, action, Holder(HolderKind.PERSON, action.actor))


def release(edition: Edition, state: CaseState, action: Action, payload: object) -> CaseState:
    """The step is back with its role's queue."""
    return _hold(state, action, edition.step(action.step).first_holder)


def reassign(edition: Edition, state: CaseState, action: Action, payload: p.Reassigned | p.Assigned) -> CaseState:
    """Another person holds the step now."""
    return _hold(state, action, Holder(HolderKind.PERSON, payload.to))


def complete(edition: Edition, state: CaseState, action: Action, payload: p.Completed) -> CaseState:
    """A step is done; what waited for it opens."""
    state = replace(
        state,
        documents=state.documents | set(payload.documents),
        consents=state.consents | set(payload.consent),
        blanks=(*state.blanks, payload.blank) if payload.blank else state.blanks,
        signature=payload.signature or state.signature,
        units=payload.units or state.units,
    )
    if payload.late_reason:
        told = Explanation(action.step or "", action.actor, action.at, payload.late_reason)
        state = replace(state, explanations=(*state.explanations, told))
    return _done(edition, state, action.step or "", action.at)


def explain(edition: Edition, state: CaseState, action: Action, payload: p.Reasoned) -> CaseState:
    """Who is late says why."""
    told = Explanation(action.step or "", action.actor, action.at, payload.reason)
    return replace(state, explanations=(*state.explanations, told))


def remind(edition: Edition, state: CaseState, action: Action, payload: object) -> CaseState:
    """The holder was reminded."""
    index = state.current(action.step or "")
    return state if index is None else replace(state, reminded=state.reminded | {index})


def escalate(edition: Edition, state: CaseState, action: Action, payload: object) -> CaseState:
    """The supervisor was told."""
    index = state.current(action.step or "")
    return state if index is None else replace(state, escalated=state.escalated | {index})


def correct(edition: Edition, state: CaseState, action: Action, payload: p.Reasoned) -> CaseState:
    """A step is done again, and with it all that came after."""
    back = action.step or ""
    cause = critical_activation(edition, state)
    undone = edition.downstream[back] | {back}
    activations = [
        replace(one, ended_at=action.at, ending=Ending.RETURNED) if one.ended_at is None and one.step in undone else one
        for one in state.activations
    ]
    steps = {one: StepStatus.WAITING if one in undone else status for one, status in state.steps.items()}
    state = replace(
        state,
        activations=tuple(activations),
        steps=steps,
        inquiries=_still_told(edition, state, undone),
        units=None if any(edition.steps[one].reads for one in undone) else state.units,
        corrections=(*state.corrections, (back, payload.reason)),
        spoilt_blanks=(*state.spoilt_blanks, *_unmade(edition, state, undone)),
        blanks=() if _unmade(edition, state, undone) else state.blanks,
    )
    return _open_ready(edition, state, action.at, cause)


def refuse(edition: Edition, state: CaseState, action: Action, payload: p.Refused) -> CaseState:
    """The service is not given."""
    return _over(edition, replace(state, reason=payload.reason), CaseStatus.REFUSED, action.at)


def withdraw(edition: Edition, state: CaseState, action: Action, payload: p.Reasoned) -> CaseState:
    """The applicant no longer wants it."""
    return _over(edition, replace(state, reason=payload.reason), CaseStatus.WITHDRAWN, action.at)


def suspend(edition: Edition, state: CaseState, action: Action, payload: p.Suspended) -> CaseState:
    """The case waits for an outside investigation."""
    pause = Suspension(action.at, payload.reference, payload.reason)
    return replace(state, status=CaseStatus.SUSPENDED, suspensions=(*state.suspensions, pause))


def resume(edition: Edition, state: CaseState, action: Action, payload: object) -> CaseState:
    """The investigation is over."""
    return replace(_ended_pause(state, action.at), status=CaseStatus.OPEN)


def spoil_blank(edition: Edition, state: CaseState, action: Action, payload: p.SpoiltBlank) -> CaseState:
    """A blank was spoilt over this case."""
    return replace(state, spoilt_blanks=(*state.spoilt_blanks, payload.serial))


def call_ticket(edition: Edition, state: CaseState, action: Action, payload: p.Ticket) -> CaseState:
    """The applicant was called to a window."""
    return state if payload.ticket in state.tickets else replace(state, tickets=(*state.tickets, payload.ticket))


def ask_fee(edition: Edition, state: CaseState, action: Action, payload: p.Fee) -> CaseState:
    """A payment was asked for."""
    return replace(state, fees_asked={**state.fees_asked, payload.purpose: payload.amount_tenge})


def pay_fee(edition: Edition, state: CaseState, action: Action, payload: p.Fee) -> CaseState:
    """Money came; a step whose fees are all paid is done."""
    paid = {**state.fees_paid, payload.purpose: state.fees_paid.get(payload.purpose, 0) + payload.amount_tenge}
    state = replace(state, fees_paid=paid)
    for step in edition.steps.values():
        if step.fees and state.current(step.id) is not None and all(fee in paid for fee in step.fees):
            state = _done(edition, state, step.id, action.at)
    return state


def refund_fee(edition: Edition, state: CaseState, action: Action, payload: p.Fee) -> CaseState:
    """Money went back."""
    left = state.fees_paid.get(payload.purpose, 0) - payload.amount_tenge
    paid = {name: amount for name, amount in state.fees_paid.items() if name != payload.purpose}
    return replace(state, fees_paid={**paid, payload.purpose: left} if left > 0 else paid)


def ask_register(edition: Edition, state: CaseState, action: Action, payload: p.Asked) -> CaseState:
    """A register was asked."""
    return _inquired(state, payload.register, payload.party, "asked")


def answer_register(edition: Edition, state: CaseState, action: Action, payload: p.Answered) -> CaseState:
    """A register answered; the step that waited for it is done once it has answered about everybody."""
    state = _inquired(state, payload.register, payload.party, "answered")
    for step in edition.steps.values():
        asked = step.register == payload.register and state.current(step.id) is not None
        if asked and register_subjects.is_answered(state, payload.register):
            state = _done(edition, state, step.id, action.at)
    return state


def silence_register(edition: Edition, state: CaseState, action: Action, payload: p.Silent) -> CaseState:
    """A register does not answer: its step stays open, and nothing is guessed."""
    return _inquired(state, payload.register, payload.party, "silent")


def scan(edition: Edition, state: CaseState, action: Action, payload: p.Scanned) -> CaseState:
    """A requirement is met."""
    scans = state.scans | {(payload.requirement, payload.scan)} if payload.scan else state.scans
    return replace(state, documents=state.documents | {payload.requirement}, scans=scans)


def refuse_scan(edition: Edition, state: CaseState, action: Action, payload: p.ScanRefused) -> CaseState:
    """A scan counts no more; with the last one of a requirement the requirement is not met any more."""
    scans = state.scans - {(payload.requirement, payload.scan)}
    unmet = frozenset({payload.requirement} - {requirement for requirement, _ in scans})
    return replace(state, documents=state.documents - unmet, scans=scans)


def record_parties(edition: Edition, state: CaseState, action: Action, payload: p.Parties) -> CaseState:
    """Whom the case concerns; whoever was concerned once stays so."""
    return replace(
        state,
        concerned=state.concerned | set(payload.concerned),
        parties=payload.parties,
        firms=frozenset(payload.firms),
        acted_for=frozenset(payload.acted_for),
    )


def _inquired(state: CaseState, register: str, party: str | None, how: str) -> CaseState:
    return replace(state, inquiries={**state.inquiries, (register, party or register_subjects.WHOLE): how})


def _hold(state: CaseState, action: Action, holder: Holder) -> CaseState:
    index = state.current(action.step or "")
    if index is None or state.activations[index].holder == holder:
        return state
    one = state.activations[index]
    held = replace(one, holdings=(*one.holdings, Holding(holder, action.at)))
    return _with_activation(state, index, held)


def _with_activation(state: CaseState, index: int, activation: Activation) -> CaseState:
    return replace(state, activations=(*state.activations[:index], activation, *state.activations[index + 1 :]))


def _done(edition: Edition, state: CaseState, step_id: str, at: datetime) -> CaseState:
    index = state.current(step_id)
    if index is None:
        return state
    ended = replace(state.activations[index], ended_at=at, ending=Ending.DONE)
    state = _with_activation(state, index, ended)
    state = replace(state, steps={**state.steps, step_id: StepStatus.DONE})
    if all(status is StepStatus.DONE for status in state.steps.values()):
        return replace(_ended_pause(state, at), status=CaseStatus.COMPLETED, ended_at=at, final=index)
    return _open_ready(edition, state, at, index)


def _open_ready(edition: Edition, state: CaseState, at: datetime, cause: int | None) -> CaseState:
    """Open what waits for nothing any more; a step that a fee or an answer has already met is done at once."""
    activations, steps = list(state.activations), dict(state.steps)
    for step in edition.steps.values():
        ready = all(steps[one] is StepStatus.DONE for one in step.after)
        if steps[step.id] is StepStatus.WAITING and ready:
            steps[step.id] = StepStatus.OPEN
            activations.append(Activation(step.id, at, cause, (Holding(step.first_holder, at),)))
    state = replace(state, activations=tuple(activations), steps=steps)
    for step in edition.steps.values():
        if state.steps[step.id] is StepStatus.OPEN and _is_met(state, step):
            state = _done(edition, state, step.id, at)
    return state


def _is_met(state: CaseState, step: Step) -> bool:
    """Whether nobody has to do anything for a step that opens."""
    if step.register:
        return register_subjects.is_answered(state, step.register)
    return bool(step.fees) and all(one in state.fees_paid for one in step.fees)


def _over(edition: Edition, state: CaseState, status: CaseStatus, at: datetime) -> CaseState:
    final = critical_activation(edition, state)
    activations = tuple(
        replace(one, ended_at=at, ending=Ending.CASE_OVER) if one.ended_at is None else one for one in state.activations
    )
    return replace(_ended_pause(state, at), activations=activations, status=status, ended_at=at, final=final)


def _ended_pause(state: CaseState, at: datetime) -> CaseState:
    return replace(
        state,
        suspensions=tuple(replace(one, until=at) if one.until is None else one for one in state.suspensions),
    )


def _still_told(edition: Edition, state: CaseState, undone: frozenset[str]) -> dict[tuple[str, str], str]:
    """What registers said, without what is asked anew because its step is done again."""
    anew = {edition.steps[one].register for one in undone}
    return {asked: how for asked, how in state.inquiries.items() if asked[0] not in anew}


def _unmade(edition: Edition, state: CaseState, undone: frozenset[str]) -> tuple[str, ...]:
    """Blanks that had become a document which a correction takes back."""
    issues_again = any(edition.steps[one].issues for one in undone)
    return state.blanks if issues_again else ()
