"""Complaints are answered once, by somebody who had no part in the case; the survey is answered once for each visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from center.casework.actions.shredding import shred_due
from center.casework.commands import System
from center.casework.feedback import queries
from center.casework.feedback.actions import complaining, surveying
from center.casework.feedback.answerers import answerers
from center.casework.feedback.tables import SurveyAnswer
from center.casework.fields import BadFields
from center.casework.queries import case_state
from center.database import Database
from center.errors import Conflict, Forbidden, NotFound
from center.journal.vault import Vault
from center.people import powers_file
from tests.center.casework.sample_cases import AKBOTA, MORNING, SUPERVISOR, command, do, key, open_case, staff
from tests.center.people.staff import add_account

DUE = MORNING + timedelta(days=15)
TEXT = {"about": "delay", "text": "I waited for three hours.\n<script>alert(1)</script>"}
ANSWER = {"outcome": "upheld", "answer": "You are right, and we are sorry."}
CODE = "000G-40R4-0M30-E209"
DAY = date(2026, 4, 14)
ZONE = "Asia/Almaty"


@pytest.fixture
def vault(own_centre: Database, tmp_path: Path) -> Iterator[Vault]:
    opened = Vault(f"sqlite:///{tmp_path / 'vault.sqlite3'}", tmp_path / "master.key", own_centre.centre_id)
    opened.create()
    yield opened
    opened.close()


def _file(
    database: Database,
    vault: Vault,
    case_id: str,
    client_key: str | None = None,
    at: datetime = MORNING,
    /,
    **more: str,
) -> str:
    with database.writing() as transaction:
        given = TEXT | more
        return complaining.file(
            transaction, vault, case_id, given, client_key=client_key or key(), due_at=DUE, at=at, zone=ZONE
        )


def test_a_complaint_is_filed_once_and_answered_once(own_centre: Database, vault: Vault) -> None:
    case, once = open_case(own_centre), key()
    filed = _file(own_centre, vault, case.case_id, once)
    assert _file(own_centre, vault, case.case_id, once) == filed
    with own_centre.writing() as transaction:
        complaining.answer(transaction, vault, SUPERVISOR, filed, ANSWER, MORNING)
        (told,) = complaining.complaints(transaction, vault, case.case_id)
        assert (told.text, told.answer, told.upheld) == (TEXT["text"], ANSWER["answer"], "upheld")
        with pytest.raises(Conflict, match="answered already"):
            complaining.answer(transaction, vault, SUPERVISOR, filed, ANSWER, MORNING)


def test_complaints_are_listed_by_when_they_are_due_and_read_by_who_may_answer(
    own_centre: Database, vault: Vault
) -> None:
    cases = [open_case(own_centre) for _ in range(2)]
    first, second = (_file(own_centre, vault, one.case_id) for one in cases)
    with own_centre.writing() as transaction:
        add_account(transaction, "gulnar", "supervisor")
        assert [one.complaint_id for one in queries.waiting(transaction)] == [first, second]
        assert complaining.to_answer(transaction, vault, SUPERVISOR, second, MORNING).text == TEXT["text"]
        for who in (AKBOTA, staff("asel", "auditor")):
            with pytest.raises(Forbidden):
                complaining.to_answer(transaction, vault, who, second, MORNING)
        complaining.answer(transaction, vault, SUPERVISOR, first, ANSWER, MORNING)
        assert queries.cases_waiting(transaction) == [cases[1].case_id]
        assert [(one.complaint_id, one.answered_by) for one in queries.answered(transaction)] == [(first, "saule")]
    told = command("case.refuse", cases[1].case_id, reason="The paper is forged.")
    do(own_centre, SUPERVISOR, told)
    with own_centre.reading() as transaction, pytest.raises(Forbidden, match="acted in a case"):
        complaining.to_answer(transaction, vault, SUPERVISOR, second, MORNING)


def test_an_open_complaint_keeps_the_data_of_its_case_until_it_is_answered(own_centre: Database, vault: Vault) -> None:
    kept, other = (open_case(own_centre).case_id for _ in range(2))
    for case_id in (kept, other):
        do(own_centre, AKBOTA, command("case.withdraw", case_id, reason="The applicant thought better of it."))
    filed = _file(own_centre, vault, kept)
    later = MORNING + timedelta(days=93)
    assert shred_due(own_centre, vault, later, ZONE) == [other]
    with own_centre.writing() as transaction:
        (told,) = complaining.complaints(transaction, vault, kept)
        assert told.text == TEXT["text"]
        complaining.answer(transaction, vault, SUPERVISOR, filed, ANSWER, later)
    assert shred_due(own_centre, vault, later, ZONE) == [kept]
    with own_centre.reading() as transaction:
        (told,) = complaining.complaints(transaction, vault, kept)
    assert (told.text, told.answer, told.upheld) == ("", "", "upheld")


def test_no_complaint_is_taken_about_data_that_may_be_gone(own_centre: Database, vault: Vault) -> None:
    case_id = open_case(own_centre).case_id
    do(own_centre, AKBOTA, command("case.withdraw", case_id, reason="The applicant thought better of it."))
    last_day, day_after = (MORNING + timedelta(days=days) for days in (92, 93))
    assert _file(own_centre, vault, case_id, None, last_day)
    with pytest.raises(Conflict, match="is over"):
        _file(own_centre, vault, case_id, None, day_after)


def test_whoever_acted_in_the_case_does_not_answer(own_centre: Database, vault: Vault) -> None:
    case = open_case(own_centre)
    filed = _file(own_centre, vault, case.case_id)
    do(
        own_centre,
        SUPERVISOR,
        command("case.suspend", case.case_id, reference="kui-1", reason="An investigation runs."),
    )
    with own_centre.writing() as transaction:
        for actor, told in ((SUPERVISOR, "does not answer"), (AKBOTA, "only: auditor, supervisor")):
            with pytest.raises(Forbidden, match=told):
                complaining.answer(transaction, vault, actor, filed, ANSWER, MORNING)
        complaining.answer(transaction, vault, staff("gulnar", "supervisor"), filed, ANSWER, MORNING)


def test_where_every_supervisor_had_a_part_the_auditor_answers(own_centre: Database, vault: Vault) -> None:
    case_id, untouched = (open_case(own_centre).case_id for _ in range(2))
    filed = _file(own_centre, vault, case_id)
    with own_centre.writing() as transaction:
        only, kept_away, auditor = (
            add_account(transaction, login, role)
            for login, role in (("saule", "supervisor"), ("kin", "supervisor"), ("asel", "auditor"))
        )
    do(
        own_centre,
        staff(only, "supervisor"),
        command("case.suspend", case_id, reference="k-1", reason="It is checked."),
    )
    assert _lies_with(own_centre, case_id) == ("supervisor", False)
    with own_centre.writing() as transaction, pytest.raises(Forbidden, match="A supervisor who had no part"):
        complaining.answer(transaction, vault, staff(auditor, "auditor"), filed, ANSWER, MORNING)
    do(own_centre, System("parties"), command("parties.record", case_id, parties=["p-1"], concerned=[kept_away]))
    assert _lies_with(own_centre, case_id) == ("auditor", False)
    assert _lies_with(own_centre, untouched) == ("supervisor", False)
    with own_centre.writing() as transaction:
        for account in (only, kept_away):
            with pytest.raises(Forbidden):
                complaining.answer(transaction, vault, staff(account, "supervisor"), filed, ANSWER, MORNING)
        complaining.answer(transaction, vault, staff(auditor, "auditor"), filed, ANSWER, MORNING)
        assert [one.answered_by for one in queries.answered(transaction)] == [auditor]


def test_a_complaint_that_nobody_may_answer_says_so(own_centre: Database, vault: Vault) -> None:
    case_id = open_case(own_centre).case_id
    _file(own_centre, vault, case_id)
    assert _lies_with(own_centre, case_id) == ("auditor", True)
    with own_centre.writing() as transaction:
        add_account(transaction, "asel", "auditor")
    assert _lies_with(own_centre, case_id) == ("auditor", False)


def _lies_with(database: Database, case_id: str) -> tuple[str, bool]:
    with database.reading() as transaction:
        found = answerers(transaction, powers_file.load(), [case_id], DAY)[case_id]
        state = case_state(transaction, case_id)
    assert found.barred == {account for _, account in state.taken} | state.concerned
    return found.role, found.nobody


def test_hostile_and_empty_complaints_are_refused_at_their_field(own_centre: Database, vault: Vault) -> None:
    case = open_case(own_centre)
    for field, value in (("text", ""), ("text", "x" * 4001), ("text", "\x00"), ("about", "weather"), ("role", "x")):
        with pytest.raises(BadFields) as refused:
            _file(own_centre, vault, case.case_id, **{field: value})
        assert {fault.field for fault in refused.value.faults} == {field}
    with own_centre.writing() as transaction, pytest.raises(NotFound):
        complaining.answer(transaction, vault, SUPERVISOR, "\x00", ANSWER, MORNING)


def test_a_flood_of_complaints_is_stopped(own_centre: Database, vault: Vault) -> None:
    case = open_case(own_centre)
    for _ in range(5):
        _file(own_centre, vault, case.case_id)
    with pytest.raises(Conflict, match="wait for an answer"):
        _file(own_centre, vault, case.case_id)


def test_a_survey_is_answered_once_and_names_no_case(own_centre: Database) -> None:
    given = {"quality": "5", "courtesy": "1"}
    with own_centre.writing() as transaction:
        surveying.answer(transaction, CODE, "records_certificate", given, DAY)
    with own_centre.writing() as transaction, pytest.raises(Conflict, match="answered already"):
        surveying.answer(transaction, CODE.lower(), "records_certificate", given, DAY)
    with own_centre.reading() as transaction:
        row = transaction.scalars(select(SurveyAnswer).where(SurveyAnswer.centre_id == transaction.centre_id)).one()
    assert (row.quality, row.courtesy, row.timeliness) == (5, 1, None)


def test_grades_are_one_to_five(own_centre: Database) -> None:
    for given in ({"quality": "6"}, {"quality": "0"}, {"quality": "٥"}, {"speed": "5", "quality": "1"}, {}):
        with own_centre.writing() as transaction, pytest.raises(BadFields):
            surveying.answer(transaction, CODE, "records_certificate", given, DAY)
