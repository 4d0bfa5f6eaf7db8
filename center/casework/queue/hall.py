"""What every action of the hall needs at hand: the database, the table of powers, the rules, the clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from center.casework.queue.policy import QueuePolicy
from center.database import Database
from center.errors import N_, BadRequest
from center.people.powers import Actor, Powers

SELF_SERVICE: Final = "applicant"
"""Who acts at the self-service page."""
SYSTEM: Final = "system:queue"
SERVE: Final = "queue.serve"
MANAGE: Final = "queue.manage"
DRAW_AGAIN: Final = "queue.draw_again"
DUTY: Final = "queue.duty"
_CLIENT_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Hall:
    """The parts that work together."""

    database: Database
    powers: Powers
    policy_on: Callable[[date], QueuePolicy]
    now: Callable[[], datetime]
    zone: str
    """IANA name: whose day a ticket's number belongs to."""

    def today(self, now: datetime) -> date:
        """The centre's date."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def day_began(self, now: datetime) -> datetime:
        """The centre's midnight."""
        zone = ZoneInfo(self.zone)
        return datetime.combine(now.astimezone(zone).date(), time.min, zone)

    def policy(self, now: datetime) -> QueuePolicy:
        """The rules in force."""
        return self.policy_on(self.today(now))

    def require(self, actor: Actor, action: str) -> None:
        """Raise :class:`Forbidden` unless the actor may."""
        refusal = self.powers.may(actor, action)
        if refusal is not None:
            raise refusal.error()


def check_client_key(key: str) -> str:
    """The key; raises :class:`BadRequest`."""
    if _CLIENT_KEY.fullmatch(key) is None:
        raise BadRequest(N_("A request's key has 8 to 64 letters, digits, hyphens or underscores."))
    return key
