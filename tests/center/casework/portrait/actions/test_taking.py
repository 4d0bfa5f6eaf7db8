"""A portrait in a case: only a good one is kept, the service waits for it, and only those see it whom it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from center.casework.case import CaseState
from center.casework.documents import queries as scan_queries
from center.casework.documents.actions import receiving, showing
from center.casework.documents.actions.receiving import Received
from center.casework.documents.office import DocumentOffice
from center.casework.documents.store import ScanStore
from center.casework.portrait.actions import taking
from center.casework.portrait.actions.taking import PoorPortrait
from center.database import Database
from center.errors import BadRequest, Forbidden
from center.journal.vault import Vault
from simulators import portrait
from tests.center.casework.documents.sample_scans import JPEG, stored
from tests.center.casework.sample_cases import AKBOTA, ISSUER, MORNING, SUPERVISOR, command, do, key, open_case, staff

DAY = date(2026, 4, 14)
GOOD = portrait.jpeg(portrait.photographed(portrait.draw(portrait.LOOKS["aigerim"], portrait.blank())))
NOBODY = portrait.jpeg(portrait.blank())


@pytest.fixture
def office(own_centre: Database, tmp_path: Path) -> Iterator[DocumentOffice]:
    vault = Vault(f"sqlite:///{tmp_path / 'vault.sqlite3'}", tmp_path / "master.key", own_centre.centre_id)
    vault.create()
    yield DocumentOffice(own_centre, vault, ScanStore(tmp_path / "scans"), lambda: MORNING)
    vault.close()


@pytest.fixture
def case(office: DocumentOffice) -> CaseState:
    """A case whose first step somebody has taken."""
    opened = do(office.database, AKBOTA, command("case.open", service="exam_card"))
    return do(office.database, AKBOTA, command("step.take", opened.case_id, "accept"))


def _completed(office: DocumentOffice, case: CaseState) -> CaseState:
    told = {"documents": ["identity"], "consent": ["persons"]}
    return do(office.database, AKBOTA, command("step.complete", case.case_id, "accept", **told))


def test_a_step_that_wants_a_portrait_waits_for_it(office: DocumentOffice, case: CaseState) -> None:
    with pytest.raises(BadRequest, match="portrait is missing"):
        _completed(office, case)
    taken = taking.take(office, AKBOTA, case.case_id, key(), GOOD, DAY)
    assert (taken.requirement, taken.media, taken.pages) == ("portrait", "image/jpeg", 1)
    assert _completed(office, case).steps["accept"] == "done"


def test_a_tick_is_no_portrait(office: DocumentOffice, case: CaseState) -> None:
    with pytest.raises(BadRequest, match="asks for no document portrait"):
        do(
            office.database,
            AKBOTA,
            command("step.complete", case.case_id, "accept", documents=["identity", "portrait"]),
        )


def test_a_bad_portrait_is_told_with_what_was_measured_and_not_kept(office: DocumentOffice, case: CaseState) -> None:
    with pytest.raises(PoorPortrait, match="No face can be seen") as caught:
        taking.take(office, AKBOTA, case.case_id, key(), NOBODY, DAY)
    assert [one.measured for one in caught.value.portrait.checks] == [600, 800, 0]
    assert stored(office.store) == []


def test_looking_at_a_picture_keeps_nothing(office: DocumentOffice, case: CaseState) -> None:
    assert taking.look(office, AKBOTA, case.case_id, key(), GOOD, DAY).faults == ()
    assert stored(office.store) == []
    with office.database.reading() as transaction:
        assert scan_queries.scans(transaction, case.case_id) == []


def test_a_service_that_wants_no_portrait_takes_none(office: DocumentOffice) -> None:
    other = open_case(office.database)
    with pytest.raises(BadRequest, match="asks for no 'portrait'"):
        taking.take(office, AKBOTA, other.case_id, key(), GOOD, DAY)


def test_only_the_desk_takes_a_portrait(office: DocumentOffice, case: CaseState) -> None:
    for who in (ISSUER, SUPERVISOR, staff("irina", "police_inspector")):
        for work in (taking.look, taking.take):
            with pytest.raises(Forbidden):
                work(office, who, case.case_id, key(), GOOD, DAY)


def test_who_makes_the_document_sees_the_portrait_and_no_paper_and_an_inspector_neither(
    office: DocumentOffice, case: CaseState
) -> None:
    paper = receiving.receive(office, AKBOTA, Received(case.case_id, "identity", key(), JPEG)).scan_id
    face = taking.take(office, AKBOTA, case.case_id, key(), GOOD, DAY).scan_id
    auditor, inspector = staff("irina", "auditor"), staff("viktor", "police_inspector")
    sees = {AKBOTA: {paper, face}, SUPERVISOR: {paper, face}, auditor: {paper, face}, ISSUER: {face}, inspector: set()}
    for who, scans in sees.items():
        for scan in (paper, face):
            if scan in scans:
                assert showing.page(office, who, case.case_id, scan, 1, "look").startswith(b"\xff\xd8\xff")
            else:
                with pytest.raises(Forbidden):
                    showing.page(office, who, case.case_id, scan, 1, "look")
