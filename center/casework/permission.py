"""Whether an action is open now, and to whom: one answer for pages and server alike. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from center.casework import payloads as p
from center.casework.action_kinds import KINDS, OPEN_CASE, ActionKind, power_of
from center.casework.case import CaseState, CaseStatus, HolderKind, StepStatus
from center.casework.commands import Who, kind_of
from center.casework.services import PORTRAIT, Edition, Step
from center.errors import BadRequest, CenterError, Conflict, Forbidden
from center.people.powers import Actor, CaseFacts, Powers, Why


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action that may be taken now."""

    kind: str
    step: str | None


def facts_of(state: CaseState) -> CaseFacts:
    """What of a case bears on powers."""
    return CaseFacts(state.taken, state.concerned)


def open_actions(powers: Powers, edition: Edition, state: CaseState, who: Who) -> list[OpenAction]:
    """Everything that this actor may do in this case now, in the table's order."""
    return [
        OpenAction(kind.name, step)
        for kind in KINDS.values()
        for step in _steps_for(kind, edition)
        if refusal(powers, edition, state, who, kind.name, step) is None
    ]


def refusal(
    powers: Powers, edition: Edition, state: CaseState, who: Who, kind_name: str, step: str | None
) -> CenterError | None:
    """None if the action is open to this actor; else the error that says why not (400, 403 or 409)."""
    kind = KINDS.get(kind_name)
    if kind is None:
        return BadRequest(f"There is no kind of action {kind_name[:64]!r}.")
    if kind_of(who) not in kind.actors:
        return Forbidden(f"{kind_name} is not for the {kind_of(who)}.")
    if kind_name == OPEN_CASE:
        return Conflict(f"Case {state.case_id} is open already.")
    return (
        _by_status(kind, state)
        or _by_step(kind, edition, state, step)
        or (_by_power(powers, state, who, kind_name, step) if isinstance(who, Actor) else None)
        or (_by_holder(state, who, kind_name, step) if isinstance(who, Actor) else None)
    )


def may_open(powers: Powers, who: Who) -> CenterError | None:
    """Whether this actor may begin a case."""
    if not isinstance(who, Actor):
        return Forbidden("A case begins at the window, when identity is proven.")
    told = powers.may(who, OPEN_CASE)
    return None if told is None else Forbidden(told.sentence)


def completion_faults(edition: Edition, state: CaseState, step_id: str, payload: p.Completed) -> list[str]:
    """What is still missing to complete a step, each a sentence."""
    needs = edition.step(step_id).needs
    faults = []
    asked = {one.id for one in edition.documents_for(state.applicant) if not one.optional}
    if "documents" in needs and (missing := asked - state.documents - set(payload.documents)):
        faults.append(f"These documents are missing: {', '.join(sorted(missing))}.")
    unknown = [one for one in payload.documents if one not in {document.id for document in edition.documents}]
    if unknown:
        faults.append(f"The service asks for no document {', '.join(unknown)}.")
    if "consent" in needs and (unasked := set(edition.registers) - state.consents - set(payload.consent)):
        faults.append(f"The applicant has not agreed that {', '.join(sorted(unasked))} is asked.")
    if PORTRAIT in needs and PORTRAIT not in state.documents:
        faults.append("The applicant's portrait is missing; it is taken at the desk.")
    if "blank" in needs and payload.blank is None:
        faults.append("The blank's serial number is missing.")
    if payload.blank is not None and payload.blank in (*state.blanks, *state.spoilt_blanks):
        faults.append(f"Blank {payload.blank} was used or spoilt already.")
    if "signature" in needs and payload.signature is None:
        faults.append("The applicant's signature is missing.")
    return faults


def _steps_for(kind: ActionKind, edition: Edition) -> list[str | None]:
    if kind.on_step or kind.name == "case.correct":
        return list(edition.steps)
    return [None]


def _by_status(kind: ActionKind, state: CaseState) -> CenterError | None:
    if state.status in kind.states:
        return None
    return Conflict(f"Case {state.case_id} is {state.status}; {kind.name} is closed.")


def _by_step(kind: ActionKind, edition: Edition, state: CaseState, step: str | None) -> CenterError | None:
    if kind.name == "case.correct":
        if edition.step(step).is_staffs and state.steps[step or ""] is StepStatus.DONE:
            return None
        return Conflict(f"Step {step} cannot be done again: it is {state.steps[step or '']} or not the staff's.")
    if not kind.on_step:
        return None
    found = edition.step(step)
    status = state.steps[found.id]
    if status is not StepStatus.OPEN:
        return Conflict(f"Step {found.id} of case {state.case_id} is {status}; {kind.name} is closed.")
    if not found.is_staffs and kind.name not in ("step.remind", "step.escalate"):
        return Conflict(f"Step {found.id} is held by the {found.held_by}; {kind.name} is for the staff's steps.")
    return _by_lot(kind, found)


def _by_lot(kind: ActionKind, step: Step) -> CenterError | None:
    if step.by_lot and kind.name in ("step.take", "step.release", "step.reassign"):
        return Conflict(f"Who holds step {step.id} is drawn by lot; nobody takes it, gives it back or names another.")
    if not step.by_lot and kind.name == "step.assign":
        return Conflict(f"Step {step.id} is not drawn by lot.")
    return None


def _by_power(powers: Powers, state: CaseState, who: Actor, kind: str, step: str | None) -> CenterError | None:
    # Explaining a delay changes nothing in the case, so it is open while the case is suspended too.
    status = CaseStatus.OPEN if kind == "step.explain" else state.status
    told = powers.may(who, power_of(kind, step), status, facts_of(state))
    if told is None:
        return None
    return Conflict(told.sentence) if told.why is Why.STATE else Forbidden(told.sentence)


def _by_holder(state: CaseState, who: Actor, kind: str, step: str | None) -> CenterError | None:
    if kind not in ("step.take", "step.release", "step.complete", "step.explain"):
        return None
    holder = state.holder_of(step or "")
    assert holder is not None, "the step is open"
    if kind == "step.take":
        if holder.kind is HolderKind.QUEUE:
            return None
        return Conflict(f"Step {step} has been taken already.")
    if (holder.kind, holder.name) == (HolderKind.PERSON, who.account_id):
        return None
    if holder.kind is HolderKind.QUEUE:
        return Conflict(f"Step {step} lies in the queue of its desk; take it first.")
    return Conflict(f"Step {step} is held by somebody else.")
