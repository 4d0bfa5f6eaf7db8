"""The numbers that an inspector read off the vehicle: compared with its papers, kept in the vault, committed to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.datastructures import FormData

from center.casework import unit_numbers
from center.casework.one_window import OneWindow
from center.casework.pages.staff.case_now import CaseNow
from center.casework.parties import kept
from center.casework.services import UNITS, Step
from center.casework.unit_numbers import PREFIX, UnitNumbers

_FIELD: Final = "units"


def units_of(window: OneWindow, case: CaseNow, step: Step, form: FormData) -> Mapping[str, str]:
    """The payload's part for the numbers that came with a form; raises :class:`BadFields`."""
    given = {PREFIX + one: str(form.get(PREFIX + one, "")) for one in UNITS}
    numbers = unit_numbers.read(given, step.reads, kept.vehicle(window.vault, case.row.id))
    text = msgspec.json.encode(numbers).decode()
    sealed = window.vault.seal(kept.subject_of(case.row.id), {_FIELD: text}, window.now())
    return {_FIELD: sealed.commitments[_FIELD]}


def kept_units(window: OneWindow, case_id: str) -> UnitNumbers | None:
    """What was read last; None before, and once the case was shredded."""
    text = window.vault.reveal(kept.subject_of(case_id)).get(_FIELD)
    return None if text is None else msgspec.json.decode(text, type=UnitNumbers)
