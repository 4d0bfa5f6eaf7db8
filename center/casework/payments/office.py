"""What every action about payments needs at hand: the stores, the gateway and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from center.casework.payments.gateway import Gateway
from center.clock import Clock
from center.database import Database
from center.errors import N_, CenterError

SYSTEM: Final = "payments"
"""Who acts when the gateway tells something, or the centre catches up."""
GATEWAY_SILENT: Final = N_(
    "The payment gateway does not answer; nothing is lost, and the payment will go on when it does."
)


class GatewaySilent(CenterError):
    """The gateway does not answer now; what was asked stands and is done later."""

    status = 503


@dataclass(frozen=True, slots=True)
class PaymentOffice:
    """The parts that work together."""

    database: Database
    gateway: Gateway
    clock: Clock
    secret: bytes
    """Key of the gateway's signatures."""
    title: Mapping[str, str]
    """The centre's name by language, as a payer reads it."""
    zone: str
    """IANA name: whose day the daily comparison means."""
