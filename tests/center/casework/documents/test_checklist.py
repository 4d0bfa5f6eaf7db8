"""The list of papers follows service and applicant, and never asks for what a register tells."""

from __future__ import annotations

from datetime import date

from center.casework import services_file
from center.casework.documents.checklist import ItemState, checklist, is_complete

# What registry.md says that each state register tells, by the ids that a paper for it would have.
TOLD = {
    "persons": {"address", "birth_certificate", "family"},
    "firms": {"registration_certificate", "charter", "head_of_firm"},
    "tax": {"vehicle_tax", "tax_exemption"},
    "customs": {"customs_documents"},
    "pledged": {"pledge_certificate"},
    "wanted": {"wanted_certificate"},
}


def test_no_service_asks_on_paper_what_its_registers_tell() -> None:
    for edition in services_file.load().latest():
        told = {paper for register in edition.registers for paper in TOLD[register]} | {"proof_of_payment"}
        assert told.isdisjoint({document.id for document in edition.documents})


def test_a_representative_shows_a_power_and_a_person_does_not() -> None:
    edition = services_file.load().on("records_certificate", date(2026, 4, 14))
    person = checklist(edition.documents_for("person"), [], ["identity"])
    assert [(item.requirement, item.state) for item in person] == [("identity", ItemState.SEEN)]
    assert is_complete(person)
    agent = checklist(edition.documents_for("representative"), [], ["identity"])
    assert ("power_of_attorney", ItemState.MISSING) in [(item.requirement, item.state) for item in agent]
    assert not is_complete(agent)
