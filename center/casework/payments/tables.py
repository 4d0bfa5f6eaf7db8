"""What payments keep: what was asked for, what the gateway told, what went back, and each day's comparison."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc


class PaymentIntent(Owned, Base):
    """One payment; its id is the reference and the idempotency key at the gateway. Holds nothing personal."""

    __tablename__ = "payment_intents"
    __table_args__ = (
        # However many desks and clicks ask for one fee at once, one attempt at a time is made.
        UniqueConstraint("centre_id", "case_id", "purpose", "attempt"),
        UniqueConstraint("gateway_id"),
        Index("payment_intents_by_state", "centre_id", "state"),
        Index("payment_intents_by_day", "centre_id", "settled_at"),
    )

    case_id: Mapped[str] = mapped_column(String(36))
    """The case, or the draft from home that becomes a case of the same id."""
    purpose: Mapped[str] = mapped_column(String(64))
    """What of the case is paid: a step's name."""
    attempt: Mapped[int] = mapped_column(Integer)
    """From 1; the next begins only when the gateway has promised that the one before cannot be paid any more."""
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Each fee: ``fee_id``, ``tenge``, ``provisional``."""
    amount_tenge: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    gateway_id: Mapped[str | None] = mapped_column(String(64))
    pay_url: Mapped[str | None] = mapped_column(String(500))
    return_url: Mapped[str] = mapped_column(String(500))
    requested_by: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column(Utc)
    settled_at: Mapped[datetime | None] = mapped_column(Utc)
    """When it was paid or cancelled, by the gateway's clock."""
    unwanted_at: Mapped[datetime | None] = mapped_column(Utc)
    """Since when nothing is left to pay it for: it is cancelled, and what was paid all the same goes back."""


class PaymentRefund(Owned, Base):
    """Money to be given back; its id is the idempotency key at the gateway."""

    __tablename__ = "payment_refunds"
    __table_args__ = (
        UniqueConstraint("intent_id", "client_key"),
        Index("payment_refunds_by_state", "centre_id", "state"),
    )

    intent_id: Mapped[str] = mapped_column(ForeignKey("payment_intents.id"))
    client_key: Mapped[str] = mapped_column(String(64))
    amount_tenge: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    """``proposed`` by the staff, then ``declined`` or ``requested`` at the gateway, then ``done`` or ``refused``."""
    gateway_id: Mapped[str | None] = mapped_column(String(64))
    requested_by: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column(Utc)
    done_at: Mapped[datetime | None] = mapped_column(Utc)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    """Who confirmed or declined it; nobody where the centre itself owes the money back."""
    decided_at: Mapped[datetime | None] = mapped_column(Utc)


class PaymentEvent(Owned, Base):
    """A call-back that was believed; kept so that the same event has its effect once."""

    __tablename__ = "payment_events"
    __table_args__ = (UniqueConstraint("centre_id", "event_id"),)

    event_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    intent_id: Mapped[str] = mapped_column(ForeignKey("payment_intents.id"))
    received_at: Mapped[datetime] = mapped_column(Utc)


class CallbackRefusal(Owned, Base):
    """How many call-backs of a day were not believed, by reason: however many a stranger sends, the rows are few."""

    __tablename__ = "payment_callback_refusals"
    __table_args__ = (UniqueConstraint("centre_id", "day", "reason"),)

    day: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(32))
    count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Utc)


class Reconciliation(Owned, Base):
    """One comparison of a day's book with the gateway's."""

    __tablename__ = "payment_reconciliations"
    __table_args__ = (Index("payment_reconciliations_by_day", "centre_id", "day"),)

    day: Mapped[str] = mapped_column(String(10))
    """The centre's civil date, YYYY-MM-DD."""
    made_at: Mapped[datetime] = mapped_column(Utc)
    made_by: Mapped[str] = mapped_column(String(64))
    charges: Mapped[int] = mapped_column(Integer)
    refunds: Mapped[int] = mapped_column(Integer)
    charged_tenge: Mapped[int] = mapped_column(Integer)
    refunded_tenge: Mapped[int] = mapped_column(Integer)
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
