"""The one thread that finds out what became of payments and questions whose end a crash or a lost answer hid."""

from __future__ import annotations

import logging
import threading
import time
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from center.casework.outside_call import NoAnswer
from center.casework.payments.actions.catching_up import catch_up
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import IntentFacts
from center.casework.registers.actions.asking import close_interrupted
from center.casework.registers.office import RegisterOffice

_SHARE_OF_AGE: Final = 0.1
_log = logging.getLogger(__name__)
_EVERY_S: Final = 2.0
_SILENT_EVERY_S: Final = 10.0
"""A gateway that does not answer is asked less often."""


class OutsideWorker:
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
        self._payments = payments
        self._registers = registers
        self._with_gateway = with_gateway
        self._every_s = every_s
        self._silent_every_s = silent_every_s
        self._asked_at_s: dict[str, float] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outside", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, once a request that is under way has its answer or its time is over."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            pause_s = self._every_s if self._turn() else self._silent_every_s

    def _turn(self) -> bool:
        try:
            close_interrupted(self._registers)
            if self._with_gateway:
                catch_up(self._payments, self._wants)
        except NoAnswer as silence:
            _log.warning("The payment gateway does not answer: %s.", silence)
            return False
        except SQLAlchemyError:
            _log.exception("Payments and questions could not be caught up with; they wait for the next turn.")
        return True

    def _wants(self, intent: IntentFacts) -> bool:
        """Whether to ask about a payment in this turn: the longer it stands open, the less often."""
        age_s = (self._payments.clock.now() - intent.requested_at).total_seconds()
        now_s = time.monotonic()
        pause_s = max(self._every_s, age_s * _SHARE_OF_AGE)
        if self._stopping.is_set() or now_s - self._asked_at_s.get(intent.intent_id, -pause_s) < pause_s:
            return False
        self._asked_at_s[intent.intent_id] = now_s
        return True
