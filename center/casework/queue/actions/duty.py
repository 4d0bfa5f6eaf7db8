"""Going on and off duty: who takes cases, and so can be drawn for one."""

from __future__ import annotations

from sqlalchemy import select

from center.casework.queue.actions import entries
from center.casework.queue.hall import DUTY, Hall
from center.casework.queue.tables import InspectorDuty
from center.people.powers import Actor


def set_duty(hall: Hall, actor: Actor, *, on_duty: bool) -> None:
    """The inspector takes cases until the day's end, or takes none; the case they hold stays with them."""
    hall.require(actor, DUTY)
    with hall.database.writing() as transaction:
        now = hall.now()
        row = transaction.scalar(
            select(InspectorDuty).where(
                InspectorDuty.centre_id == transaction.centre_id, InspectorDuty.account_id == actor.account_id
            )
        )
        was = row is not None and row.on_duty and row.changed_at >= hall.day_began(now)
        if was == on_duty:
            return
        if row is None:
            row = InspectorDuty(centre_id=transaction.centre_id, account_id=actor.account_id)
            transaction.add(row)
        row.on_duty, row.changed_at = on_duty, now
        kind = "inspector_on_duty" if on_duty else "inspector_off_duty"
        entries.about(transaction, kind, f"staff:{actor.account_id}", actor.account_id, now, {})
