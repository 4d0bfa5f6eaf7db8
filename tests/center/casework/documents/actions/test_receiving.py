"""Scans in a case: refused before anything is kept, shown only with a note, and gone for good with the case."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from center.casework import queries
from center.casework.actions.shredding import shred_due
from center.casework.documents import queries as scan_queries
from center.casework.documents.actions import receiving, removing, showing
from center.casework.documents.actions.receiving import Received
from center.casework.documents.office import DocumentOffice
from center.casework.documents.queries import ScanFacts
from center.casework.documents.refusal import BadScan
from center.casework.documents.scans import Media
from center.casework.documents.store import ScanStore
from center.casework.documents.tables import ScanState
from center.casework.fields import BadFields
from center.database import Database
from center.errors import BadRequest, Conflict, Forbidden, NotFound
from center.journal.tables import JournalEntry
from center.journal.vault import Vault
from center.people.powers import Actor
from tests.center.casework.documents.sample_scans import JPEG, PAYLOAD, PNG, pdf, stored
from tests.center.casework.sample_cases import AKBOTA, ISSUER, MORNING, command, do, key, open_case, staff


@pytest.fixture
def office(own_centre: Database, tmp_path: Path) -> Iterator[DocumentOffice]:
    vault = Vault(f"sqlite:///{tmp_path / 'vault.sqlite3'}", tmp_path / "master.key", own_centre.centre_id)
    vault.create()
    yield DocumentOffice(own_centre, vault, ScanStore(tmp_path / "scans"), lambda: MORNING)
    vault.close()


def _receive(office: DocumentOffice, case_id: str, data: bytes = JPEG, requirement: str = "identity") -> ScanFacts:
    return receiving.receive(office, AKBOTA, Received(case_id, requirement, key(), data))


def _shown(office: DocumentOffice) -> int:
    with office.database.reading() as transaction:
        query = select(JournalEntry).where(
            JournalEntry.centre_id == transaction.centre_id, JournalEntry.kind == "scan_shown"
        )
        return len(transaction.scalars(query).all())


def test_a_scan_is_kept_told_to_the_case_and_shown_again(office: DocumentOffice) -> None:
    case = open_case(office.database)
    scan = _receive(office, case.case_id, pdf(pages=2))
    assert (scan.media, scan.pages, scan.state) == ("application/pdf", 2, ScanState.KEPT)
    with office.database.reading() as transaction:
        assert queries.case_state(transaction, case.case_id).documents == {"identity"}
    page = showing.page(office, AKBOTA, case.case_id, scan.scan_id, 2, "accept")
    assert page.startswith(b"\xff\xd8\xff")
    assert showing.original(office, AKBOTA, case.case_id, scan.scan_id, "accept")[1] == pdf(pages=2)
    assert _shown(office) == 2


@pytest.mark.parametrize("data", [b"", PAYLOAD, JPEG + PAYLOAD, PNG[:-9]], ids=["nothing", "a page", "two", "cut off"])
def test_what_is_no_scan_leaves_nothing_behind(office: DocumentOffice, data: bytes) -> None:
    case = open_case(office.database)
    with pytest.raises(BadScan):
        _receive(office, case.case_id, data)
    assert stored(office.store) == []
    with office.database.reading() as transaction:
        assert scan_queries.scans(transaction, case.case_id) == []
        assert queries.case_state(transaction, case.case_id).ordinal == 1


def test_a_double_click_is_one_scan(office: DocumentOffice) -> None:
    case = open_case(office.database)
    received, told = Received(case.case_id, "identity", key(), JPEG), []
    threads = [
        threading.Thread(target=lambda: told.append(receiving.receive(office, AKBOTA, received))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 4
    assert len({one.scan_id for one in told}) == 1
    with office.database.reading() as transaction:
        assert len(scan_queries.scans(transaction, case.case_id)) == 1
    with pytest.raises(Conflict, match="another scan"):
        receiving.receive(office, AKBOTA, Received(case.case_id, "power_of_attorney", received.client_key, JPEG))


def test_what_the_service_does_not_ask_for_is_refused(office: DocumentOffice) -> None:
    case = open_case(office.database)
    for requirement in ("love_letter", "", "\x00", "x" * 5000):
        with pytest.raises(BadRequest, match="asks for no"):
            _receive(office, case.case_id, requirement=requirement)


def test_only_who_may_scan_does(office: DocumentOffice) -> None:
    case = open_case(office.database)
    with pytest.raises(Forbidden):
        receiving.receive(office, ISSUER, Received(case.case_id, "identity", key(), JPEG))
    assert stored(office.store) == []


def test_the_administrator_sees_no_scan(office: DocumentOffice) -> None:
    scan = _receive(office, open_case(office.database).case_id)
    with pytest.raises(Forbidden):
        showing.page(office, staff("askar", "administrator"), scan.case_id, scan.scan_id, 1, "curiosity")
    assert _shown(office) == 0


def test_a_page_or_scan_that_is_none_is_not_found(office: DocumentOffice) -> None:
    scan = _receive(office, open_case(office.database).case_id)
    for scan_id, number in ((scan.scan_id, 0), (scan.scan_id, 2), ("x" * 36, 1), ("\x00", 1), ("../../etc", 1)):
        with pytest.raises(NotFound):
            showing.page(office, AKBOTA, scan.case_id, scan_id, number, "accept")


UNREADABLE = "Оқылмайды, анық сканын әкеліңіз."


def _refuse(office: DocumentOffice, scan: ScanFacts, reason: str = UNREADABLE, who: Actor = AKBOTA) -> ScanFacts:
    return removing.refuse(office, who, scan.case_id, scan.scan_id, key(), {"reason": reason})


def _met(office: DocumentOffice, case_id: str) -> frozenset[str]:
    with office.database.reading() as transaction:
        return queries.case_state(transaction, case_id).documents


def test_a_refused_scan_does_not_count_and_says_why(office: DocumentOffice) -> None:
    case = open_case(office.database)
    scan = _receive(office, case.case_id)
    told = _refuse(office, scan)
    assert (told.state, told.refused_reason) == (ScanState.REFUSED, UNREADABLE)
    assert _met(office, case.case_id) == set()
    _receive(office, case.case_id)
    assert _met(office, case.case_id) == {"identity"}


def test_of_two_scans_of_one_paper_the_other_goes_on_counting(office: DocumentOffice) -> None:
    case = open_case(office.database)
    first, second = (_receive(office, case.case_id) for _ in range(2))
    _refuse(office, first)
    assert _met(office, case.case_id) == {"identity"}
    _refuse(office, second)
    assert _met(office, case.case_id) == set()


def test_a_scan_refused_twice_is_refused_once(office: DocumentOffice) -> None:
    case = open_case(office.database)
    scan = _receive(office, case.case_id)
    assert _refuse(office, scan) == _refuse(office, scan)
    with pytest.raises(Conflict, match="refused already"):
        _refuse(office, scan, "Another reason altogether.")
    with office.database.reading() as transaction:
        kinds = [one.kind for one in queries.actions(transaction, case.case_id)]
    assert kinds.count("document.refuse") == 1


@pytest.mark.parametrize("reason", ["", "bad", "x" * 501, "a\x00b c d e f g"], ids=["none", "short", "long", "zero"])
def test_a_scan_is_not_refused_without_a_reason_that_can_be_read(office: DocumentOffice, reason: str) -> None:
    scan = _receive(office, open_case(office.database).case_id)
    with pytest.raises(BadFields):
        _refuse(office, scan, reason)


def test_only_the_desk_refuses_a_scan_and_only_of_this_case_while_it_is_under_way(office: DocumentOffice) -> None:
    case = open_case(office.database)
    scan = _receive(office, case.case_id)
    with pytest.raises(Forbidden):
        _refuse(office, scan, who=ISSUER)
    with pytest.raises(NotFound, match="in this case"):
        _refuse(office, replace(scan, case_id=open_case(office.database).case_id))
    do(office.database, AKBOTA, command("case.withdraw", case.case_id, reason="The applicant has gone."))
    with pytest.raises(Conflict, match="withdrawn"):
        _refuse(office, scan)


def test_a_scan_of_another_case_is_not_found_under_this_one(office: DocumentOffice) -> None:
    scan, other = _receive(office, open_case(office.database).case_id), open_case(office.database)
    with pytest.raises(NotFound, match="in this case"):
        showing.page(office, AKBOTA, other.case_id, scan.scan_id, 1, "accept")


def test_a_portrait_cannot_come_in_as_a_scan(office: DocumentOffice) -> None:
    with pytest.raises(BadRequest, match="it is no scan"):
        _receive(office, open_case(office.database).case_id, requirement="portrait")


def test_shredding_leaves_no_file_and_no_key(office: DocumentOffice) -> None:
    case = open_case(office.database)
    scan = _receive(office, case.case_id)
    assert removing.shred(office, case.case_id) == 1
    assert removing.shred(office, case.case_id) == 0
    assert stored(office.store) == []
    with pytest.raises(NotFound, match="not kept any more"):
        showing.page(office, AKBOTA, case.case_id, scan.scan_id, 1, "accept")


def test_the_files_of_a_case_go_once_its_time_is_over_and_those_of_others_stay(office: DocumentOffice) -> None:
    over, other = open_case(office.database), open_case(office.database)
    scan, kept = _receive(office, over.case_id), _receive(office, other.case_id)
    do(office.database, AKBOTA, command("case.withdraw", over.case_id, reason="The applicant has gone."))
    assert removing.shred_over(office) == 0
    assert shred_due(office.database, office.vault, MORNING + timedelta(days=93), "Asia/Almaty") == [over.case_id]
    assert (removing.shred_over(office), removing.shred_over(office)) == (1, 0)
    assert len(stored(office.store)) == 2, "a file and its page, of the other case"
    assert showing.page(office, AKBOTA, other.case_id, kept.scan_id, 1, "accept")
    with office.database.reading() as transaction:
        assert scan_queries.row(transaction, scan.scan_id).state == ScanState.SHREDDED


def test_once_the_vault_has_forgotten_the_case_a_copy_of_the_file_is_worthless(office: DocumentOffice) -> None:
    case = open_case(office.database)
    scan = _receive(office, case.case_id)
    office.vault.forget(f"case:{case.case_id}")
    assert len(stored(office.store)) == 2
    with pytest.raises(NotFound, match="not kept any more"):
        showing.original(office, AKBOTA, case.case_id, scan.scan_id, "accept")


def test_what_is_refused_or_sent_twice_leaves_no_file(office: DocumentOffice) -> None:
    case = open_case(office.database)
    first = Received(case.case_id, "identity", key(), JPEG)
    told = receiving.keep(office, AKBOTA, first, Media.JPEG, JPEG, [JPEG])
    kept = stored(office.store)
    assert receiving.keep(office, AKBOTA, first, Media.JPEG, JPEG, [JPEG]) == told
    do(office.database, AKBOTA, command("case.withdraw", case.case_id, reason="The applicant has gone."))
    with pytest.raises(Conflict):
        receiving.keep(office, AKBOTA, replace(first, client_key=key()), Media.JPEG, JPEG, [JPEG])
    assert stored(office.store) == kept
    assert len(kept) == 2


def test_files_whose_row_may_have_been_written_stay(office: DocumentOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    def told_and_cut_off(*_: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("the line was cut"))

    monkeypatch.setattr(receiving, "_tell", told_and_cut_off)
    with pytest.raises(OperationalError):
        _receive(office, open_case(office.database).case_id)
    assert len(stored(office.store)) == 2
