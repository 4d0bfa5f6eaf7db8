"""The one way in: an action is checked, recorded, folded, projected and entered in the journal, or nothing happens."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from center.casework import calendar_file, holders, permission, queries, services_file
from center.casework import payloads as p
from center.casework.action_kinds import KINDS, OPEN_CASE, power_of
from center.casework.actions.blanks import keep_blanks
from center.casework.actions.counting import next_case_number
from center.casework.actions.projecting import project
from center.casework.actions.reading import client_key, read_payload
from center.casework.actions.repeating import case_of_key, is_repeated
from center.casework.case import Action, CaseState
from center.casework.commands import CaseCommand, Who, kind_of, name_of
from center.casework.fields import BadFields, Fault
from center.casework.fold import begin, step_on
from center.casework.services import Edition
from center.casework.tables import Case, CaseAction
from center.database import Transaction, new_id
from center.errors import N_, BadRequest, Conflict
from center.journal.entries import append
from center.people import powers_file
from center.people.powers import Actor


def act(transaction: Transaction, who: Who, command: CaseCommand, at: datetime) -> CaseState:
    """Take an action in a case, or begin one; the state after it.

    The same client key again changes nothing and gives the case as it stands. Raises :class:`BadRequest` for what
    cannot be read, :class:`NotFound`, :class:`Forbidden` for who may not, :class:`Conflict` for what is closed.
    """
    payload = _payload(command)
    if command.kind == OPEN_CASE:
        return _open(transaction, who, command, payload, at)
    row = queries.case_row(transaction, command.case_id)
    if is_repeated(transaction, who, command, payload):
        return queries.case_state(transaction, row.id)
    edition = queries.edition_of(row)
    before = queries.case_state(transaction, row.id)
    at = max(at, before.changed_at)
    _check(edition, before, who, command, payload)
    _check_new_holder(transaction, edition, before, command, payload, at)
    _refuse_unexplained(transaction, edition, before, command, payload, at)
    action = _action(before.ordinal + 1, who, command, payload, at)
    after = step_on(edition, before, action)
    _record(transaction, row, action, who, command)
    keep_blanks(transaction, row.id, before, after)
    project(transaction, row, edition, before, after)
    _enter(transaction, row, action)
    queries.keep(transaction, row, after)
    return after


def _open(transaction: Transaction, who: Who, command: CaseCommand, payload: p.Payload, at: datetime) -> CaseState:
    assert isinstance(payload, p.Opened)
    if is_repeated(transaction, who, command, payload):
        return queries.case_state(transaction, case_of_key(transaction, command))
    refused = permission.may_open(powers_file.load(), who)
    if refused is not None:
        raise refused
    number = next_case_number(transaction, at)
    edition = services_file.load().on(payload.service, at.date())
    _check_opening(edition, payload)
    payload = msgspec.structs.replace(payload, edition=edition.name)
    action = _action(1, who, command, payload, at)
    case_id = command.case_id or new_id()
    if not queries.is_id(case_id) or transaction.get(Case, case_id) is not None:
        raise Conflict(N_("A case of this id exists, or the id is none."))
    state = begin(edition, case_id, action)
    row = Case(
        id=case_id,
        centre_id=transaction.centre_id,
        number=number,
        service=edition.service,
        edition=edition.name,
        channel=payload.channel,
        status=state.status,
        opened_at=at,
        last_ordinal=1,
    )
    transaction.add(row)
    transaction.flush()
    _record(transaction, row, action, who, command)
    project(transaction, row, edition, None, state)
    _enter(transaction, row, action)
    queries.keep(transaction, row, state)
    return state


def _check_opening(edition: Edition, payload: p.Opened) -> None:
    for name, given, allowed in (
        ("channel", payload.channel, edition.channels),
        ("applicant", payload.applicant, edition.applicants),
    ):
        if given not in allowed:
            raise BadRequest(
                N_("The service %(service)s has no %(name)s '%(given)s'; allowed are %(allowed)s."),
                service=edition.title,
                name=name,
                given=given,
                allowed=tuple(allowed),
            )


def _check(edition: Edition, state: CaseState, who: Who, command: CaseCommand, payload: p.Payload) -> None:
    refused = permission.refusal(powers_file.load(), edition, state, who, command.kind, command.step)
    if refused is not None:
        raise refused
    if isinstance(payload, p.Completed):
        faults = permission.completion_faults(edition, state, command.step or "", payload)
        if faults:
            raise BadFields(faults)


def _check_new_holder(
    transaction: Transaction,
    edition: Edition,
    state: CaseState,
    command: CaseCommand,
    payload: p.Payload,
    at: datetime,
) -> None:
    """Whoever is given a step could complete it; raises :class:`BadFields`."""
    if isinstance(payload, p.Reassigned | p.Assigned):
        today = at.astimezone(calendar_file.load().zone).date()
        step = edition.step(command.step)
        holders.require_holder(transaction, powers_file.load(), state, step, payload.to, today)


def _refuse_unexplained(
    transaction: Transaction,
    edition: Edition,
    state: CaseState,
    command: CaseCommand,
    payload: p.Payload,
    at: datetime,
) -> None:
    """Who completes a step that is late states why, unless that has been told; raises :class:`BadRequest`."""
    index = state.current(command.step or "")
    if not isinstance(payload, p.Completed) or payload.late_reason or index is None or state.is_explained(index):
        return
    clock = queries.clocks(transaction, state.opened_at).of_step(edition, state, index, at)
    if clock.late_by:
        minutes = -(-clock.late_by // timedelta(minutes=1))
        text = N_("The step is late by %(minutes)s minutes of working time; state why.")
        raise BadFields([Fault("late_reason", text, {"minutes": minutes})])


def _payload(command: CaseCommand) -> p.Payload:
    kind = KINDS.get(command.kind)
    if kind is None:
        raise BadRequest(
            N_("There is no kind of action '%(kind)s'; there are %(kinds)s."),
            kind=command.kind[:64],
            kinds=", ".join(KINDS),
        )
    client_key(command.client_key)
    if (command.step is not None) != (kind.on_step or kind.name == "case.correct"):
        told = N_("%(kind)s names a step.") if command.step is None else N_("%(kind)s names no step.")
        raise BadRequest(told, kind=kind.name)
    return read_payload(kind.name, kind.payload, command.payload)


def _action(ordinal: int, who: Who, command: CaseCommand, payload: p.Payload, at: datetime) -> Action:
    role = None
    if isinstance(who, Actor):
        role = powers_file.load().acting_role(who, power_of(command.kind, command.step))
    return Action(ordinal, command.kind, command.step, kind_of(who), name_of(who), role, at, p.written(payload))


def _record(transaction: Transaction, row: Case, action: Action, who: Who, command: CaseCommand) -> None:
    row.last_ordinal = action.ordinal
    transaction.add(
        CaseAction(
            id=new_id(),
            centre_id=row.centre_id,
            case_id=row.id,
            ordinal=action.ordinal,
            kind=action.kind,
            step=action.step,
            actor_kind=action.actor_kind,
            actor=action.actor,
            role=action.role,
            simulated_key=isinstance(who, Actor) and who.simulated_key,
            at=action.at,
            client_key=command.client_key,
            payload=dict(action.payload),
        )
    )
    transaction.flush()


def _enter(transaction: Transaction, row: Case, action: Action) -> None:
    append(
        transaction,
        kind=f"case_action:{action.kind}",
        subject=f"case:{row.id}",
        actor=action.actor,
        occurred_at=action.at,
        recorded_at=action.at,
        facts={
            "number": row.number,
            "ordinal": action.ordinal,
            "step": action.step,
            "actor_kind": action.actor_kind.value,
            "role": action.role,
            "payload": dict(action.payload),
        },
    )
