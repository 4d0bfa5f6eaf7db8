"""The one thread that catches up with the payment gateway while the centre runs."""

from __future__ import annotations

import logging
import threading
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from center.casework.outside_call import NoAnswer
from center.casework.payments.actions.catching_up import catch_up
from center.casework.payments.office import PaymentOffice

_log = logging.getLogger(__name__)
_EVERY_S: Final = 2.0
_SILENT_EVERY_S: Final = 15.0
"""A gateway that does not answer is asked less often."""


class PaymentWorker:
    """Runs until it is stopped; a call-back usually comes first, and then there is nothing left to find out."""

    def __init__(self, office: PaymentOffice, every_s: float = _EVERY_S) -> None:
        self._office = office
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="payments", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; a request that is under way is abandoned with the process and found out at the next start."""
        self._stopping.set()

    def _run(self) -> None:
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            pause_s = self._every_s if self._turn() else max(self._every_s, _SILENT_EVERY_S)

    def _turn(self) -> bool:
        try:
            catch_up(self._office)
        except NoAnswer as silence:
            _log.warning("The payment gateway does not answer: %s.", silence)
            return False
        except SQLAlchemyError:
            _log.exception("Payments could not be caught up with; they wait for the next turn.")
        return True
