"""A register is asked with consent and purpose, its answer goes to the vault alone, and silence is called silence."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from center.casework import queries as cases
from center.casework.case import StepStatus
from center.casework.register_kinds import Register
from center.casework.registers import queries
from center.casework.registers.actions.asking import Inquiry, ask, close_interrupted
from center.casework.registers.client import RegisterClient
from center.casework.registers.office import RegisterOffice, subject_of
from center.casework.registers.tables import PoliceAlert, RegisterRead
from center.errors import BadRequest, Conflict, Forbidden
from center.journal.tables import JournalEntry
from tests.center.casework.registers.inquiries import IIN, INSPECTOR, LEGAL, WANTED, accepted_case, inquiry, vehicle
from tests.center.casework.sample_cases import AKBOTA, command, do, staff
from tests.services.outside_systems import OutsideSystem


def _journal(office: RegisterOffice, subject: str) -> list[tuple[str, bytes]]:
    query = select(JournalEntry).where(JournalEntry.subject == subject).order_by(JournalEntry.place)
    with office.database.reading() as transaction:
        return [(row.kind, row.data) for row in transaction.scalars(query)]


def _asked(entries: list[tuple[str, bytes]]) -> list[str]:
    return [kind for kind, _ in entries if "register" in kind]


def test_an_answer_lies_in_the_vault_and_nowhere_else(office: RegisterOffice) -> None:
    one = inquiry(office)
    read = ask(office, one)
    assert (read.outcome, read.officer, read.role, read.purpose) == ("answered", "akbota", "operator", "identity")
    with office.database.reading() as transaction:
        consenting = cases.actions(transaction, one.case_id)[int(read.consent or 0) - 1]
        assert "persons" in consenting.payload["consent"]
        assert cases.case_state(transaction, one.case_id).steps["ask_persons"] is StepStatus.DONE
    (kept,) = office.vault.reveal(subject_of(one.case_id)).values()
    assert "Сәрсенова" in kept
    entries = _journal(office, f"case:{one.case_id}")
    assert _asked(entries) == ["case_action:register.asked", "case_action:register.answered"]
    assert all(word.encode() not in data for _, data in entries for word in (IIN, "Сәрсенова", "Айгерім"))


def test_without_consent_only_the_wanted_list_is_asked(office: RegisterOffice, registers: OutsideSystem) -> None:
    unasked = accepted_case(office, ()).case_id
    for register, key in ((Register.PERSONS, IIN), (Register.CUSTOMS, LEGAL), (Register.TAX, IIN)):
        purpose = office.client.policies.registers[register].purposes[0]
        with pytest.raises(Forbidden, match="This register is asked only with the applicant's consent"):
            ask(office, inquiry(office, register=register, key=key, purpose=purpose, case_id=unasked))
    assert registers.get("/asked")["asked"] == []
    assert ask(office, vehicle(office, LEGAL, case_id=unasked)).outcome == "answered"


@pytest.mark.parametrize("kind", ["hang", "error", "garbage", "wrong", "drop"])
def test_a_silent_register_is_said_to_be_silent_and_nothing_is_known(
    office: RegisterOffice, registers: OutsideSystem, kind: str
) -> None:
    registers.breaks(kind)
    one = inquiry(office)
    read = ask(office, one)
    assert read.is_silent
    assert office.vault.reveal(subject_of(one.case_id)) == {}
    with office.database.reading() as transaction:
        state = cases.case_state(transaction, one.case_id)
    assert (state.inquiries["persons", ""], state.steps["ask_persons"]) == ("silent", StepStatus.OPEN)
    registers.mends()
    assert ask(office, replace(one, client_key="click-00002")).outcome == "answered"
    with office.database.reading() as transaction:
        assert [read.outcome for read in queries.of_case(transaction, one.case_id)] == ["silent", "answered"]
        assert cases.case_state(transaction, one.case_id).steps["ask_persons"] is StepStatus.DONE


def test_a_double_click_asks_once(office: RegisterOffice, registers: OutsideSystem) -> None:
    one = inquiry(office)
    ids: list[str] = []
    threads = [threading.Thread(target=lambda: ids.append(ask(office, one).read_id)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 6
    assert len(set(ids)) == 1
    assert len(registers.get("/asked")["asked"]) == 1


class Crash(BaseException):
    """What ends a process in the middle of a question."""


def _cut_off(office: RegisterOffice, one: Inquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(RegisterClient, "ask", crash)
        with pytest.raises(Crash):
            ask(office, one)


def test_a_question_cut_off_by_a_crash_becomes_silent_and_is_never_answered_afterwards(
    office: RegisterOffice, registers: OutsideSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = inquiry(office)
    _cut_off(office, one, monkeypatch)
    assert close_interrupted(office) == 0, "it may still be under way"
    with office.database.writing() as transaction:
        transaction.execute(update(RegisterRead).values(asked_at=office.clock.now() - timedelta(hours=1)))
    assert close_interrupted(office) == 1
    assert close_interrupted(office) == 0
    read = ask(office, one)
    assert (read.outcome, read.reason) == ("silent", "interrupted")
    assert registers.get("/asked")["asked"] == []
    assert ask(office, replace(one, client_key="click-00002")).outcome == "answered"


def test_a_hit_in_the_wanted_list_alerts_the_police(office: RegisterOffice) -> None:
    hit, miss = vehicle(office, WANTED), vehicle(office, LEGAL)
    ask(office, hit)
    ask(office, miss)
    with office.database.reading() as transaction:
        (alert,) = queries.open_alerts(transaction)
    assert alert.case_id == hit.case_id
    assert "KUI-99-000417" in str(office.vault.reveal(subject_of(hit.case_id, police_only=True)))


def test_operator_and_applicant_see_the_same_whether_the_vehicle_is_wanted_or_not(office: RegisterOffice) -> None:
    hit, miss = vehicle(office, WANTED), vehicle(office, LEGAL)
    told = [ask(office, one) for one in (hit, miss)]
    same = [replace(one, read_id="", case_id="", asked_at=told[0].asked_at, ended_at=told[0].ended_at) for one in told]
    assert same[0] == same[1]
    for one in (hit, miss):
        entries = _journal(office, f"case:{one.case_id}")
        assert _asked(entries) == ["case_action:register.asked", "case_action:register.answered"]
        assert office.vault.reveal(subject_of(one.case_id)) == {}
        with office.database.reading() as transaction:
            assert queries.accesses_in_case(transaction, one.case_id) == []
    lengths = [[len(data) for _, data in _journal(office, f"case:{one.case_id}")[-2:]] for one in (hit, miss)]
    assert lengths[0] == lengths[1]


def test_a_hit_is_alerted_once_however_often_the_end_is_told(office: RegisterOffice) -> None:
    one = vehicle(office, WANTED)
    ask(office, one)
    ask(office, one)
    with office.database.reading() as transaction:
        assert len(list(transaction.scalars(select(PoliceAlert)))) == 1


def test_the_wanted_list_is_asked_by_the_police_and_by_no_operator(office: RegisterOffice) -> None:
    with pytest.raises(Forbidden, match="by the police only"):
        ask(office, vehicle(office, WANTED, who=AKBOTA))
    assert ask(office, vehicle(office, LEGAL, who=INSPECTOR)).role == "police_inspector"


def test_whoever_is_no_operator_or_inspector_asks_nothing(office: RegisterOffice, registers: OutsideSystem) -> None:
    for who in (staff("aud", "auditor"), staff("adm", "administrator"), staff("nobody")):
        with pytest.raises(Forbidden):
            ask(office, inquiry(office, who=who))
    assert registers.get("/asked")["asked"] == []


def test_in_a_case_that_is_over_nothing_is_asked(office: RegisterOffice, registers: OutsideSystem) -> None:
    one = inquiry(office)
    do(office.database, AKBOTA, command("case.withdraw", one.case_id, reason="The applicant thought better of it."))
    with pytest.raises(Conflict):
        ask(office, one)
    assert registers.get("/asked")["asked"] == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"client_key": "short"}, "8 to 64 characters"),
        ({"client_key": "x" * 65}, "8 to 64 characters"),
        ({"purpose": "curiosity"}, "is not asked for"),
        ({"key": "<script>"}, "is asked by iin"),
    ],
)
def test_a_bad_inquiry_leaves_no_trace(office: RegisterOffice, changes: dict[str, Any], sentence: str) -> None:
    one = inquiry(office, **changes)
    with pytest.raises(BadRequest, match=sentence):
        ask(office, one)
    assert _asked(_journal(office, f"case:{one.case_id}")) == []


def test_no_file_of_the_centre_names_the_person_whose_data_was_asked_for(
    office: RegisterOffice, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ask(office, inquiry(office))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for path in files:
        data = path.read_bytes()
        assert IIN.encode() not in data, path
        assert "Сәрсенова".encode() not in data, path
    assert IIN not in str(capfd.readouterr())
