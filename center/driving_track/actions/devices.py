"""Enrolling and revoking devices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.database import Transaction, new_id
from center.driving_track.tables import Enrolment
from center.errors import BadRequest, Conflict, NotFound
from center.journal.entries import append
from messages import keys
from messages.site import Site


@dataclass(frozen=True, slots=True)
class NewDevice:
    """What is told of a device when it is enrolled; the gateway is the survey's if none is named."""

    device_id: str
    public_key: str
    simulated: bool
    gateway_id: str


def enrol(transaction: Transaction, device: NewDevice, *, actor: str, now: datetime) -> Enrolment:
    """Let a device in. Raises :class:`Conflict` if one of that name is enrolled, :class:`BadRequest` for a bad key."""
    try:
        keys.public_from_hex(device.public_key)
    except keys.BadKey as error:
        raise BadRequest(f"{error}.") from error
    if _current(transaction, device.device_id) is not None:
        raise Conflict(f"Device {device.device_id} is enrolled already; revoke it first.")
    enrolment = Enrolment(
        id=new_id(),
        centre_id=transaction.centre_id,
        device_id=device.device_id,
        gateway_id=device.gateway_id,
        public_key=device.public_key,
        simulated=device.simulated,
        enrolled_at=now,
    )
    transaction.add(enrolment)
    facts = {
        "enrolment": enrolment.id,
        "gateway": device.gateway_id,
        "public_key": device.public_key,
        "simulated": device.simulated,
    }
    append(
        transaction,
        kind="device_enrolled",
        subject=device.device_id,
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        facts=facts,
    )
    return enrolment


def revoke(transaction: Transaction, device_id: str, *, reason: str, actor: str, now: datetime) -> None:
    """Let a device's messages in no longer. Raises :class:`NotFound` if none of that name is enrolled."""
    enrolment = _current(transaction, device_id)
    if enrolment is None:
        raise NotFound(f"Device {device_id} is not enrolled.")
    enrolment.revoked_at = now
    append(
        transaction,
        kind="device_revoked",
        subject=device_id,
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        facts={"enrolment": enrolment.id, "reason": reason},
    )


def gateway_in(site: Site, device_id: str) -> str:
    """The gateway that carries a device by the survey; raises :class:`NotFound`."""
    try:
        return site.device(device_id).gateway
    except KeyError:
        known = ", ".join(device.id for device in site.devices)
        raise NotFound(f"The survey holds no device {device_id}; it holds {known}.") from None


def _current(transaction: Transaction, device_id: str) -> Enrolment | None:
    return transaction.scalar(
        select(Enrolment).where(
            Enrolment.centre_id == transaction.centre_id,
            Enrolment.device_id == device_id,
            Enrolment.revoked_at.is_(None),
        )
    )
