"""Whether those at the window may agree to a question to the registers for whom they represent."""

from __future__ import annotations

from typing import Final

from center.casework.fields import N_, BadFields, Fault
from center.casework.one_window import OneWindow
from center.casework.pages.staff.case_now import CaseNow
from center.casework.parties import kept
from center.casework.parties.actions.recording import refusals
from center.casework.parties.representation import Deed

_ACT: Final = "give_consent"
_FIELD: Final = "consent"


def require_right(window: OneWindow, case: CaseNow) -> None:
    """Raises :class:`BadFields` where somebody acts for a party whose paper does not let them agree for it."""
    deed = Deed(_ACT, case.state.service, window.today(), kept.vehicle(window.vault, case.row.id))
    with window.database.reading() as transaction:
        found = refusals(transaction, window.vault, case.row.id, deed)
    if found:
        told = Fault(_FIELD, N_("A representative cannot agree for whom they represent (%(act)s)."), {"act": _ACT})
        raise BadFields([told, *(Fault(_FIELD, one.text, one.values) for one in found)])
