"""Whether an action is open now, and to whom: one answer for pages and server alike. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from center.casework import payloads as p
from center.casework import register_subjects
from center.casework.action_kinds import KINDS, OPEN_CASE, ActionKind, power_of
from center.casework.case import CaseState, CaseStatus, HolderKind, StepStatus
from center.casework.commands import Who, kind_of
from center.casework.fields import Fault
from center.casework.services import PORTRAIT, Edition, Step
from center.errors import N_, BadRequest, CenterError, Conflict, Forbidden
from center.people.powers import Actor, CaseFacts, Powers

_CASE_CLOSED: Final = {
    CaseStatus.OPEN: N_("This case is under way; this is not open in it."),
    CaseStatus.SUSPENDED: N_("This case is suspended; this is not open in it."),
    CaseStatus.COMPLETED: N_("This case is completed; this is not open in it any more."),
    CaseStatus.REFUSED: N_("This case is refused; this is not open in it any more."),
    CaseStatus.WITHDRAWN: N_("This case is withdrawn; this is not open in it any more."),
}
_STEP_CLOSED: Final = {
    StepStatus.WAITING: N_("The step “%(step)s” has not begun yet."),
    StepStatus.DONE: N_("The step “%(step)s” is done already."),
}


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
        return BadRequest(N_("There is no kind of action '%(kind)s'."), kind=kind_name[:64])
    if kind_of(who) not in kind.actors:
        return Forbidden(N_("This is not open to you in this way."))
    if kind_name == OPEN_CASE:
        return Conflict(N_("This case is open already."))
    return (
        _by_status(kind, state)
        or _by_step(kind, edition, state, step)
        or (_by_power(powers, state, who, kind_name, step) if isinstance(who, Actor) else None)
        or (_by_holder(state, who, kind_name, step) if isinstance(who, Actor) else None)
    )


def may_open(powers: Powers, who: Who) -> CenterError | None:
    """Whether this actor may begin a case."""
    if not isinstance(who, Actor):
        return Forbidden(N_("A case begins at the window, when identity is proven."))
    told = powers.may(who, OPEN_CASE)
    return None if told is None else told.error()


def completion_faults(edition: Edition, state: CaseState, step_id: str, payload: p.Completed) -> list[Fault]:
    """What is still missing to complete a step."""
    needs = edition.step(step_id).needs
    faults = []
    wanted = [one for one in edition.documents_of(state) if not one.optional]
    seen = state.documents | set(payload.documents)
    if "documents" in needs and (missing := tuple(one.title for one in wanted if one.id not in seen)):
        faults.append(Fault("documents", N_("These documents are missing: %(documents)s."), {"documents": missing}))
    known = {document.id for document in edition.documents}
    if unknown := tuple(one for one in payload.documents if one not in known):
        faults.append(Fault("documents", N_("The service asks for no document %(documents)s."), {"documents": unknown}))
    if "consent" in needs and register_subjects.lacks_consent(edition, state, payload.consent):
        faults.append(Fault("consent", N_("The applicant has not agreed that the registers are asked.")))
    if edition.step(step_id).reads and payload.units is None:
        faults.append(Fault("unit_body", N_("The numbers are missing that are read off the vehicle.")))
    if PORTRAIT in needs and PORTRAIT not in state.documents:
        faults.append(Fault(PORTRAIT, N_("The applicant's portrait is missing; it is taken at the desk.")))
    if "blank" in needs and payload.blank is None:
        faults.append(Fault("blank", N_("The blank's serial number is missing.")))
    if payload.blank is not None and payload.blank in (*state.blanks, *state.spoilt_blanks):
        faults.append(Fault("blank", N_("Blank %(serial)s was used or spoilt already."), {"serial": payload.blank}))
    if "signature" in needs and payload.signature is None:
        faults.append(Fault("signature", N_("The applicant's signature is missing.")))
    return faults


def _steps_for(kind: ActionKind, edition: Edition) -> list[str | None]:
    if kind.on_step or kind.name == "case.correct":
        return list(edition.steps)
    return [None]


def _by_status(kind: ActionKind, state: CaseState) -> CenterError | None:
    if state.status in kind.states:
        return None
    return Conflict(_CASE_CLOSED[state.status])


def _by_step(kind: ActionKind, edition: Edition, state: CaseState, step: str | None) -> CenterError | None:
    if kind.name == "case.correct":
        if edition.step(step).is_staffs and state.steps[step or ""] is StepStatus.DONE:
            return None
        title = edition.step(step).title
        return Conflict(N_("The step “%(step)s” cannot be done again: only what the staff has done can."), step=title)
    if not kind.on_step:
        return None
    found = edition.step(step)
    status = state.steps[found.id]
    if status is not StepStatus.OPEN:
        return Conflict(_STEP_CLOSED[status], step=found.title)
    if not found.is_staffs and kind.name not in ("step.remind", "step.escalate"):
        return Conflict(N_("The step “%(step)s” does not lie with the staff."), step=found.title)
    return _by_lot(kind, found)


def _by_lot(kind: ActionKind, step: Step) -> CenterError | None:
    if step.by_lot and kind.name in ("step.take", "step.release", "step.reassign"):
        text = N_("Who holds the step “%(step)s” is drawn by lot; nobody takes it, gives it back or names another.")
        return Conflict(text, step=step.title)
    if not step.by_lot and kind.name == "step.assign":
        return Conflict(N_("The step “%(step)s” is not drawn by lot."), step=step.title)
    return None


def _by_power(powers: Powers, state: CaseState, who: Actor, kind: str, step: str | None) -> CenterError | None:
    # Explaining a delay changes nothing in the case, so it is open while the case is suspended too.
    status = CaseStatus.OPEN if kind == "step.explain" else state.status
    told = powers.may(who, power_of(kind, step), status, facts_of(state))
    return None if told is None else told.error()


def _by_holder(state: CaseState, who: Actor, kind: str, step: str | None) -> CenterError | None:
    if kind not in ("step.take", "step.release", "step.complete", "step.explain"):
        return None
    holder = state.holder_of(step or "")
    assert holder is not None, "the step is open"
    if kind == "step.take":
        if holder.kind is HolderKind.QUEUE:
            return None
        return Conflict(N_("Somebody has taken this step already."))
    if (holder.kind, holder.name) == (HolderKind.PERSON, who.account_id):
        return None
    if holder.kind is HolderKind.QUEUE:
        return Conflict(N_("This step lies in the queue of its desk; take it first."))
    return Conflict(N_("This step is held by somebody else."))
