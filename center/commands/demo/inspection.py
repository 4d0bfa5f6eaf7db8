"""The demo's first case: a vehicle is brought for inspection, its papers are in, and two inspectors are on duty."""

from __future__ import annotations

from typing import Final

from center.casework.actions.acting import act
from center.casework.commands import CaseCommand
from center.casework.one_window import OneWindow
from center.casework.opening import open_one_window, open_payments, open_registers
from center.casework.pages.staff import following, opening_case
from center.casework.pages.staff.opening_case import NewCase
from center.casework.parties.entries import Entry
from center.casework.parties.persons import read_person
from center.casework.queue.actions import duty
from center.people import queries as people
from center.people.names import StaffNames
from center.people.office import Office
from center.people.powers import Actor, Strength
from center.settings import Settings
from messages.site import Site

SERVICE: Final = "vehicle_inspection"
OWNER: Final = {
    "iin": "980417900018", "family_name": "Сәрсенова", "given_name": "Айгерім", "patronymic": "Нұрланқызы",
    "born_on": "1998-04-17", "citizenship": "KAZ", "document_kind": "identity_card", "document_number": "999000001",
    "document_issued_on": "2021-05-21", "document_valid_until": "2031-05-20", "document_issued_by": "ІІМ",
    "address": "Сарытау қ., Бәйтерек көшесі, 14-үй, 27-пәтер", "phone": "", "email": "",
}  # fmt: skip
PAPERS: Final = {"documents": ["identity", "technical_document"], "consent": ["persons", "pledged"]}
VIN: Final = "XWBJA69V8CA999001"
"""Of the Cobalt that she bought."""


def bring_vehicle(office: Office, settings: Settings, site: Site) -> str:
    """Inspectors go on duty, and a case is accepted as at the window, its register asked; the case's id."""
    window = _window(office, settings, site)
    for inspector in _staff(office, "police_inspector"):
        duty.set_duty(window.hall, inspector, on_duty=True)
    operator = _staff(office, "operator")[0]
    owner = read_person(OWNER, window.today())
    asked = NewCase(SERVICE, "person", (Entry("applicant", owner),), "", "demo-inspection-opened", VIN)
    case_id = opening_case.begin(window, operator, asked)
    with office.database.writing() as transaction:
        accepted = CaseCommand("step.complete", "demo-inspection-accepted", case_id, "accept", PAPERS)
        act(transaction, operator, accepted, window.now())
    following.ask_outside(window, operator, case_id)
    return case_id


def _window(office: Office, settings: Settings, site: Site) -> OneWindow:
    payments = open_payments(settings, office.database, site.name, site.timezone)
    registers = open_registers(settings, office.database, office.vault)
    return open_one_window(settings, office, StaffNames(office.vault), payments, registers)


def _staff(office: Office, role: str) -> list[Actor]:
    """The demo's people in a role, by login."""
    with office.database.reading() as transaction:
        everybody = people.accounts(transaction, office.powers, office.today)
    return [
        Actor(one.account_id, one.open_roles, Strength.PASSKEY, simulated_key=True)
        for one in everybody
        if role in one.open_roles
    ]
