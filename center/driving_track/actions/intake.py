"""Keeping up to where the devices' messages have arrived; the log can always tell more."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

from center.database import Transaction, new_id
from center.driving_track.tables import IntakePosition


def keep(transaction: Transaction, positions: Iterable[tuple[str, str, int]]) -> None:
    """Replace what is kept by device, boot and sequence number up to which everything is on the disk."""
    wanted = {(device_id, boot_id): through for device_id, boot_id, through in positions}
    rows = transaction.scalars(select(IntakePosition).where(IntakePosition.centre_id == transaction.centre_id))
    gone = []
    for row in rows:
        through = wanted.pop((row.device_id, row.boot_id), None)
        if through is None:
            gone.append(row.id)
        else:
            row.through_seq = through
    transaction.execute(delete(IntakePosition).where(IntakePosition.id.in_(gone)))
    for (device_id, boot_id), through in wanted.items():
        transaction.add(
            IntakePosition(
                id=new_id(),
                centre_id=transaction.centre_id,
                device_id=device_id,
                boot_id=boot_id,
                through_seq=through,
            )
        )
