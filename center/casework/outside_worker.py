"""The one thread that finds out what became of payments and questions whose end a crash or a lost answer hid."""

from __future__ import annotations

import logging
import time
from typing import Final

from center.casework.outside_call import NoAnswer
from center.casework.payments.actions.catching_up import catch_up
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.casework.registers.actions.asking import close_interrupted
from center.casework.registers.office import RegisterOffice
from center.worker import Worker

_SHARE_OF_AGE: Final = 0.1
_log = logging.getLogger(__name__)
_EVERY_S: Final = 2.0
_SILENT_EVERY_S: Final = 10.0
"""A gateway that does not answer is asked less often."""


class OutsideWorker(Worker):
    """Runs until it is stopped; a call-back usually comes first, and then there is nothing left to find out."""

    def __init__(
        self,
        payments: PaymentOffice,
        registers: RegisterOffice,
        *,
        with_gateway: bool,
        every_s: float = _EVERY_S,
        silent_every_s: float = _SILENT_EVERY_S,
    ) -> None:
        super().__init__("outside", every_s, at_once=True)
        self._payments = payments
        self._registers = registers
        self._with_gateway = with_gateway
        self._silent_every_s = silent_every_s
        self._asked_at_s: dict[str, float] = {}

    def turn(self) -> float | None:
        """Find out what a crash or a lost answer hid."""
        try:
            close_interrupted(self._registers)
            if self._with_gateway:
                catch_up(self._payments, self._wants)
        except NoAnswer as silence:
            _log.warning("The payment gateway does not answer: %s.", silence)
            return self._silent_every_s
        return None

    def _wants(self, intent: IntentFacts) -> bool:
        """Whether to ask about a payment in this turn: the longer it stands open, the less often."""
        age_s = (self._payments.clock.now() - intent.requested_at).total_seconds()
        now_s = time.monotonic()
        pause_s = max(self._every_s, age_s * _SHARE_OF_AGE)
        if self._stopping.is_set() or now_s - self._asked_at_s.get(intent.intent_id, -pause_s) < pause_s:
            return False
        self._asked_at_s[intent.intent_id] = now_s
        return True
