"""What is done for the centre as a whole, recorded as actions are: blanks, desks that are away, closing of the day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from center.casework import calendar_file, queries
from center.casework import center_payloads as p
from center.casework.actions.blanks import consume
from center.casework.actions.projecting import refresh
from center.casework.actions.reading import client_key, read_payload
from center.casework.blank_stock import Receipt
from center.casework.center_queries import day_totals, last_closing, receipts
from center.casework.fields import BadFields, Fault
from center.casework.tables import CenterAction, DeskAbsence, OpenStep
from center.database import Transaction, new_id
from center.errors import N_, BadRequest, Conflict, RoleName
from center.journal.entries import append
from center.people import powers_file
from center.people.powers import Actor


@dataclass(frozen=True, slots=True)
class CenterCommand:
    """One action that is asked for."""

    kind: str
    client_key: str
    payload: Mapping[str, Any] = field(default_factory=dict)


def act_for_center(transaction: Transaction, who: Actor, command: CenterCommand, at: datetime) -> dict[str, Any]:
    """Take an action for the centre; what was recorded. The same client key again changes nothing.

    Raises :class:`BadRequest`, :class:`Forbidden` for who may not, :class:`Conflict` for what is closed.
    """
    kind = _KINDS.get(command.kind)
    if kind is None:
        raise BadRequest(
            N_("There is no kind of action '%(kind)s'; there are %(kinds)s."),
            kind=command.kind[:64],
            kinds=", ".join(_KINDS),
        )
    client_key(command.client_key)
    payload = read_payload(command.kind, kind[0], command.payload)
    refused = powers_file.load().may(who, command.kind)
    if refused is not None:
        raise refused.error()
    known = transaction.scalar(
        select(CenterAction).where(
            CenterAction.centre_id == transaction.centre_id, CenterAction.client_key == command.client_key
        )
    )
    if known is not None:
        return _repeated(known, who, command, payload)
    told = {**p.written(payload), **kind[1](transaction, payload, at)}
    _record(transaction, who, command, told, at)
    return told


def _repeated(known: CenterAction, who: Actor, command: CenterCommand, payload: p.Payload) -> dict[str, Any]:
    asked = p.written(payload)
    same = {name: known.payload.get(name) for name in asked} == asked
    if (known.kind, known.actor) != (command.kind, who.account_id) or not same:
        raise Conflict(N_("This client key belongs to another action already."))
    return dict(known.payload)


def _receive(transaction: Transaction, payload: p.BlanksReceived, at: datetime) -> dict[str, Any]:
    new = Receipt(payload.series, payload.first, payload.count)
    if any(new.overlaps(one) for one in receipts(transaction)):
        raise Conflict(
            N_("Some blanks of series %(series)s from %(first)s on have come already."),
            series=new.series,
            first=new.first,
        )
    return {}


def _spoil(transaction: Transaction, payload: p.BlankSpoilt, at: datetime) -> dict[str, Any]:
    consume(transaction, payload.serial, "spoilt", None, at)
    return {}


def _leave(transaction: Transaction, payload: p.DeskLeft, at: datetime) -> dict[str, Any]:
    if payload.desk not in powers_file.load().roles:
        raise BadRequest(N_("There is no desk '%(desk)s'; a desk is the queue of a role."), desk=payload.desk)
    if _absence(transaction, payload.desk) is not None:
        raise Conflict(N_("This desk is away already: %(desk)s."), desk=RoleName(payload.desk))
    transaction.add(
        DeskAbsence(id=new_id(), centre_id=transaction.centre_id, desk=payload.desk, since=at, reason=payload.reason)
    )
    _refresh_desk(transaction, payload.desk, at)
    return {}


def _return(transaction: Transaction, payload: p.DeskReturned, at: datetime) -> dict[str, Any]:
    absence = _absence(transaction, payload.desk)
    if absence is None:
        raise Conflict(N_("This desk is not away: %(desk)s."), desk=RoleName(payload.desk))
    absence.until = max(at, absence.since)
    _refresh_desk(transaction, payload.desk, at)
    return {}


def _close_day(transaction: Transaction, payload: p.DayClosed, at: datetime) -> dict[str, Any]:
    last, zone = last_closing(transaction), calendar_file.load().zone
    day = at.astimezone(zone).date()
    if last is not None and last.at.astimezone(zone).date() >= day:
        raise Conflict(N_("The day %(day)s is closed already."), day=day)
    totals = day_totals(transaction, at)
    if payload.blanks_counted != totals.blanks_left and payload.difference_reason is None:
        text = N_("%(counted)s blanks were counted and %(left)s should be left; state why.")
        counted = {"counted": payload.blanks_counted, "left": totals.blanks_left}
        raise BadFields([Fault("difference_reason", text, counted)])
    told = {name: _json(value) for name, value in asdict(totals).items()}
    return {"day": day.isoformat(), **told}


def _json(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _absence(transaction: Transaction, desk: str) -> DeskAbsence | None:
    return transaction.scalar(
        select(DeskAbsence).where(
            DeskAbsence.centre_id == transaction.centre_id, DeskAbsence.desk == desk, DeskAbsence.until.is_(None)
        )
    )


def _refresh_desk(transaction: Transaction, desk: str, at: datetime) -> None:
    """The clocks of all that lies at this desk stand still or run again."""
    transaction.flush()
    cases = transaction.scalars(
        select(OpenStep.case_id)
        .where(OpenStep.centre_id == transaction.centre_id, OpenStep.held_by == desk)
        .order_by(OpenStep.case_id)
        .distinct()
    ).all()
    for case_id in cases:
        row = queries.case_row(transaction, case_id)
        state = queries.case_state(transaction, case_id)
        refresh(transaction, row, queries.edition_of(row), state, queries.clocks(transaction, state.opened_at), at)
    transaction.flush()


def _record(
    transaction: Transaction, who: Actor, command: CenterCommand, told: Mapping[str, Any], at: datetime
) -> None:
    role = powers_file.load().acting_role(who, command.kind)
    transaction.add(
        CenterAction(
            id=new_id(),
            centre_id=transaction.centre_id,
            kind=command.kind,
            actor=who.account_id,
            role=role,
            simulated_key=who.simulated_key,
            at=at,
            client_key=command.client_key,
            payload=dict(told),
        )
    )
    transaction.flush()
    append(
        transaction,
        kind=f"center_action:{command.kind}",
        subject="centre",
        actor=who.account_id,
        occurred_at=at,
        recorded_at=at,
        facts={"role": role, "payload": dict(told)},
    )


_Effect = Callable[[Transaction, Any, datetime], dict[str, Any]]
_KINDS: Final[Mapping[str, tuple[type[p.Payload], _Effect]]] = {
    "blanks.receive": (p.BlanksReceived, _receive),
    "blanks.spoil": (p.BlankSpoilt, _spoil),
    "desk.leave": (p.DeskLeft, _leave),
    "desk.return": (p.DeskReturned, _return),
    "day.close": (p.DayClosed, _close_day),
}
KINDS: Final = tuple(_KINDS)
