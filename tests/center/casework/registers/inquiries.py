"""Questions to registers in real cases, as officers ask them."""

from __future__ import annotations

from typing import Any

from center.casework.case import CaseState
from center.casework.commands import System
from center.casework.register_kinds import Register
from center.casework.registers.actions.asking import Inquiry
from center.casework.registers.office import RegisterOffice
from tests.center.casework.sample_cases import AKBOTA, command, do, open_case, staff

IIN = "980417900018"
WANTED, LEGAL = "WBA3A5C51CF990007", "XWBJA69V8CA999001"
CONSENTS = ("persons", "firms", "tax", "customs", "pledged")
INSPECTOR = staff("viktor", "police_inspector")
AUTOMATIC = System("registers")


def accepted_case(office: RegisterOffice, consents: tuple[str, ...] = CONSENTS) -> CaseState:
    """A case whose documents were accepted, with the applicant's consent to some registers."""
    state = open_case(office.database)
    do(office.database, AKBOTA, command("step.take", state.case_id, "accept"))
    # What the service itself needs is always agreed to; a case without consent stays before that.
    if not consents:
        return state
    told = command("step.complete", state.case_id, "accept", documents=["identity"], consent=list(consents))
    return do(office.database, AKBOTA, told)


def inquiry(office: RegisterOffice, **changes: Any) -> Inquiry:
    """Who the applicant is, asked by the operator."""
    told = {
        "case_id": changes.pop("case_id", None) or accepted_case(office).case_id,
        "register": Register.PERSONS,
        "purpose": "identity",
        "who": AKBOTA,
        "client_key": "click-00001",
        "key": IIN,
    }
    return Inquiry(**{**told, **changes})


def vehicle(office: RegisterOffice, vin: str, **changes: Any) -> Inquiry:
    """Whether a vehicle is wanted, asked by the centre itself."""
    police = {"register": Register.WANTED, "purpose": "vehicle_check", "who": AUTOMATIC, "key": vin}
    return inquiry(office, **{**police, **changes})
