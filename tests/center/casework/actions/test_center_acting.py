"""Blanks come, are spoilt and counted; a desk is away and back; a day is closed once and nothing falls between."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from center.casework.actions.center_acting import CenterCommand
from center.casework.center_queries import day_totals, desks_away
from center.casework.tables import Case, OpenStep
from center.database import Database
from center.errors import BadRequest, CenterError, Conflict, Forbidden
from center.journal.tables import JournalEntry
from tests.center.casework.sample_cases import (
    AKBOTA,
    ISSUER,
    MORNING,
    PAYMENTS,
    REASON,
    SUPERVISOR,
    command,
    do,
    do_for_center,
    key,
    open_case,
    walk,
)

EVENING = MORNING + timedelta(hours=10)
NEXT_DAY = EVENING + timedelta(days=1)


def _ask(kind: str, **payload: object) -> CenterCommand:
    return CenterCommand(kind, key(), payload)


def test_the_closing_of_the_day_counts_fees_documents_blanks_and_open_cases(stocked_centre: Database) -> None:
    walk(stocked_centre, open_case(stocked_centre))
    second = walk(stocked_centre, open_case(stocked_centre), 6, blank="AA-000002")
    asked = command("blank.spoil", second.case_id, serial="AA-000003", reason=REASON)
    do(stocked_centre, ISSUER, asked, second.changed_at)
    refund: dict[str, Any] = {"payment": "p-1", "purpose": "records_certificate", "amount_tenge": 81}
    do(stocked_centre, PAYMENTS, command("fee.refunded", second.case_id, **refund), second.changed_at)
    do_for_center(stocked_centre, ISSUER, _ask("blanks.spoil", serial="AA-000004", reason=REASON))
    told = do_for_center(stocked_centre, SUPERVISOR, _ask("day.close", blanks_counted=996), EVENING)
    expected = {
        "day": "2026-04-14",
        "fees_paid": 2,
        "fees_paid_tenge": 2162,
        "fees_refunded": 1,
        "fees_refunded_tenge": 81,
        "documents_issued": 2,
        "documents_handed_over": 1,
        "blanks_received": 1000,
        "blanks_used": 2,
        "blanks_spoilt": 2,
        "blanks_left": 996,
        "cases_opened": 2,
        "cases_ended": 1,
        "cases_open": 1,
        "cases_suspended": 0,
    }
    assert {name: told[name] for name in expected} == expected


def test_what_comes_after_a_closing_is_in_the_next_one(stocked_centre: Database) -> None:
    do_for_center(stocked_centre, SUPERVISOR, _ask("day.close", blanks_counted=1000), EVENING)
    state = walk(stocked_centre, open_case(stocked_centre), 2)
    late: dict[str, Any] = {"payment": "p-9", "purpose": "records_certificate", "amount_tenge": 1081}
    do(stocked_centre, PAYMENTS, command("fee.paid", state.case_id, **late), EVENING + timedelta(microseconds=1))
    told = do_for_center(stocked_centre, SUPERVISOR, _ask("day.close", blanks_counted=1000), NEXT_DAY)
    assert (told["fees_paid"], told["blanks_received"], told["since"]) == (
        1,
        0,
        EVENING.isoformat(timespec="microseconds"),
    )
    with stocked_centre.reading() as transaction:
        assert day_totals(transaction, NEXT_DAY).fees_paid == 0


def test_a_day_is_closed_once_and_a_difference_is_explained(stocked_centre: Database) -> None:
    with pytest.raises(BadRequest, match="999 blanks were counted and 1000 should be left; state why"):
        do_for_center(stocked_centre, SUPERVISOR, _ask("day.close", blanks_counted=999), EVENING)
    asked = _ask("day.close", blanks_counted=999, difference_reason=REASON)
    first = do_for_center(stocked_centre, SUPERVISOR, asked, EVENING)
    assert do_for_center(stocked_centre, SUPERVISOR, asked, EVENING) == first
    with pytest.raises(Conflict, match="2026-04-14 is closed already"):
        do_for_center(stocked_centre, SUPERVISOR, _ask("day.close", blanks_counted=1000), EVENING)


def test_what_is_wrong_is_told(stocked_centre: Database) -> None:
    wrong: list[tuple[CenterCommand, type[CenterError], str]] = [
        (_ask("day.open"), BadRequest, "no kind of action 'day.open'"),
        (_ask("blanks.receive", series="aa", first=1, count=1), BadRequest, "series"),
        (_ask("blanks.receive", series="AA", first=1000, count=5), Conflict, "have come already"),
        (_ask("blanks.receive", series="AA", first=1, count=0), BadRequest, "count"),
        (_ask("blanks.spoil", serial="AA-001001", reason=REASON), BadRequest, "was never received"),
        (_ask("blanks.spoil", serial="AA-1", reason=REASON), BadRequest, "was never received"),
        (_ask("desk.leave", desk="bakery", reason=REASON), BadRequest, "no desk 'bakery'"),
        (_ask("desk.return", desk="operator"), Conflict, "is not away"),
        (CenterCommand("desk.return", "short", {"desk": "operator"}), BadRequest, "client key"),
    ]
    for asked, error, sentence in wrong:
        with pytest.raises(error, match=sentence):
            do_for_center(stocked_centre, SUPERVISOR, asked)
    with pytest.raises(Forbidden, match="only: supervisor"):
        do_for_center(stocked_centre, AKBOTA, _ask("day.close", blanks_counted=1))


def test_a_blank_is_used_or_spoilt_once(stocked_centre: Database) -> None:
    walk(stocked_centre, open_case(stocked_centre), 6)
    other = walk(stocked_centre, open_case(stocked_centre), 5)
    for serial, error in (("AA-000001", Conflict), ("BB-000001", BadRequest)):
        with pytest.raises(error, match=r"used or spoilt already|never received"):
            do(
                stocked_centre,
                ISSUER,
                command("step.complete", other.case_id, "produce", blank=serial),
                other.changed_at,
            )


def test_the_clocks_of_a_desk_that_is_away_stand_still_for_all_to_see(stocked_centre: Database) -> None:
    state = open_case(stocked_centre)

    def due() -> tuple[object, object]:
        with stocked_centre.reading() as transaction:
            step = transaction.scalar(select(OpenStep.due_at).where(OpenStep.case_id == state.case_id))
            return step, transaction.scalar(select(Case.due_at).where(Case.id == state.case_id))

    assert due() == (MORNING + timedelta(minutes=10), MORNING + timedelta(minutes=60))
    left, back = MORNING + timedelta(minutes=4), MORNING + timedelta(minutes=34)
    do_for_center(stocked_centre, SUPERVISOR, _ask("desk.leave", desk="operator", reason=REASON), left)
    assert due() == (None, MORNING + timedelta(minutes=60))
    with stocked_centre.reading() as transaction:
        assert [(one.desk, one.since, one.reason) for one in desks_away(transaction)] == [("operator", left, REASON)]
    with pytest.raises(Conflict, match="away already"):
        do_for_center(stocked_centre, SUPERVISOR, _ask("desk.leave", desk="operator", reason=REASON), left)
    do_for_center(stocked_centre, SUPERVISOR, _ask("desk.return", desk="operator"), back)
    assert due() == (MORNING + timedelta(minutes=40), MORNING + timedelta(minutes=60))


def test_it_is_in_the_journal(stocked_centre: Database) -> None:
    with stocked_centre.reading() as transaction:
        query = select(JournalEntry.data).where(JournalEntry.centre_id == stocked_centre.centre_id)
        (entry,) = [json.loads(data) for data in transaction.scalars(query)]
    assert (entry["kind"], entry["subject"], entry["actor"]) == ("center_action:blanks.receive", "centre", "saule")
