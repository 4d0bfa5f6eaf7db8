"""Blank forms: received in series, each used or spoilt once; none can be used that never came."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy
from sqlalchemy import select

from center.casework.blank_stock import serial_in
from center.casework.case import CaseState
from center.casework.center_queries import receipts
from center.casework.tables import Blank
from center.database import Transaction, new_id
from center.errors import N_, BadRequest, Conflict


def keep_blanks(transaction: Transaction, case_id: str, before: CaseState, after: CaseState) -> None:
    """Write down the blanks that an action of a case used or spoilt; raises Conflict for one that is gone already."""
    for serial in after.blanks:
        if serial not in before.blanks:
            consume(transaction, serial, "used", case_id, after.changed_at)
    for serial in after.spoilt_blanks:
        if serial in before.blanks:
            row = transaction.scalar(_of(transaction, serial))
            assert row is not None, "it was written down when it was used"
            row.state, row.at = "spoilt", after.changed_at
        elif serial not in before.spoilt_blanks:
            consume(transaction, serial, "spoilt", case_id, after.changed_at)


def consume(transaction: Transaction, serial: str, state: str, case_id: str | None, at: datetime) -> None:
    """Take a blank out of the stock. Raises BadRequest if it never came, Conflict if it is gone."""
    if not any(serial_in(serial, one) for one in receipts(transaction)):
        raise BadRequest(N_("Blank %(serial)s was never received by this centre."), serial=serial)
    row = transaction.scalar(_of(transaction, serial))
    if row is not None:
        raise Conflict(N_("Blank %(serial)s was used or spoilt already."), serial=serial)
    transaction.add(
        Blank(id=new_id(), centre_id=transaction.centre_id, serial=serial, state=state, case_id=case_id, at=at)
    )
    transaction.flush()


def _of(transaction: Transaction, serial: str) -> sqlalchemy.Select[Blank]:
    return select(Blank).where(Blank.centre_id == transaction.centre_id, Blank.serial == serial)
