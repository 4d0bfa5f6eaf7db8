"""What each kind of action carries: ids, codes, amounts and hashes, never a personal value. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:@/-]+$")]
"""An id or a code."""
Commitment = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Written = Annotated[str, msgspec.Meta(min_length=10, max_length=2000)]
"""A reason that somebody will read, perhaps in an appeal."""
Serial = Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=r"^[A-Z0-9-]+$")]
Tenge = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000_000)]
Some = Annotated[tuple[Code, ...], msgspec.Meta(max_length=50)]


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all payloads share: strict reading."""


class Nothing(Payload, frozen=True, forbid_unknown_fields=True):
    """No more than that it happened."""


class Opened(Payload, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A case begins. ``edition`` is filled in by the centre."""

    service: Code
    channel: Code = "window"
    applicant: Code = "person"
    edition: Code = ""
    ticket: Code | None = None


class Completed(Payload, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A step of the staff is done, with what it needs."""

    documents: Some = ()
    """Requirements that were met."""
    consent: Some = ()
    """Registers that the applicant lets the centre ask; where there are several parties, REGISTER:PARTY of each."""
    blank: Serial | None = None
    signature: Commitment | None = None
    units: Commitment | None = None
    """To the numbers that were read off the vehicle."""
    received_by: Code | None = None
    """Id of the party to whom a document was handed over."""
    late_reason: Written | None = None


class Reasoned(Payload, frozen=True, forbid_unknown_fields=True):
    """With a written reason."""

    reason: Written


class Refused(Payload, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A refusal: the reason as the applicant gets it, and the clause it rests on."""

    reason: Written
    clause: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Reassigned(Payload, frozen=True, forbid_unknown_fields=True):
    """To whom a step goes, and why."""

    to: Code
    reason: Written


class Assigned(Payload, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """To whom a step was drawn by lot."""

    to: Code
    draw: Code | None = None


class Suspended(Payload, frozen=True, forbid_unknown_fields=True):
    """Which investigation the case waits for."""

    reference: Code
    reason: Written


class SpoiltBlank(Payload, frozen=True, forbid_unknown_fields=True):
    """A blank that became no document."""

    serial: Serial
    reason: Written


class Ticket(Payload, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A ticket of the queue, and the window it was called to."""

    ticket: Code
    window: Code | None = None


class Fee(Payload, frozen=True, forbid_unknown_fields=True):
    """Money for a purpose: the fee's id."""

    payment: Code
    purpose: Code
    amount_tenge: Tenge


class RefundProposed(Payload, frozen=True, forbid_unknown_fields=True):
    """So much of a payment should go back, and why, as a code."""

    payment: Code
    refund: Code
    amount_tenge: Tenge
    reason: Code


class RefundConfirmed(Payload, frozen=True, forbid_unknown_fields=True):
    """The proposed refund is to be made."""

    refund: Code


class RefundDeclined(Payload, frozen=True, forbid_unknown_fields=True):
    """The proposed refund is not to be made, and why."""

    refund: Code
    reason: Written


class Asked(Payload, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A register was asked, about one party or the case as a whole."""

    register: Code
    purpose: Code
    request: Code | None = None
    party: Code | None = None


class Answered(Payload, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A register answered; what it said lies in the vault."""

    register: Code
    found: bool | None = None
    request: Code | None = None
    commitment: Commitment | None = None
    party: Code | None = None


class Silent(Payload, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A register does not answer."""

    register: Code
    reason: Code = "silent"
    party: Code | None = None


class Scanned(Payload, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A document was laid before the operator and kept as a scan."""

    requirement: Code
    scan: Code | None = None
    sha256: Commitment | None = None


class ScanRefused(Payload, frozen=True, forbid_unknown_fields=True):
    """A scan does not count; the reason as the applicant gets it."""

    requirement: Code
    scan: Code
    reason: Written


class Parties(Payload, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whom the case is about (ids, which of them are firms, and for which sides somebody else acts).

    ``concerned`` are the accounts of the staff that are a party, or whose declared relative is.
    """

    parties: Some = ()
    concerned: Some = ()
    firms: Some = ()
    acted_for: Some = ()


def read(payload_type: type[Payload], given: Mapping[str, Any]) -> Payload:
    """A payload from JSON; raises ``msgspec.ValidationError`` naming the field."""
    return msgspec.convert(dict(given), payload_type, strict=True)


def written(payload: Payload) -> dict[str, Any]:
    """A payload as the database gives it back: lists, where the payload holds tuples."""
    told: dict[str, Any] = _with_lists(msgspec.to_builtins(payload))
    return told


def _with_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_lists(one) for name, one in value.items()}
    return [_with_lists(one) for one in value] if isinstance(value, tuple | list) else value
