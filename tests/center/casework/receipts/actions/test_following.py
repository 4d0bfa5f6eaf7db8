"""The code on a receipt opens one case, and a new one ends the old."""

from __future__ import annotations

from datetime import timedelta

import pytest

from center.casework.receipts.actions import following
from center.database import Database
from center.errors import BadRequest, Forbidden, NotFound
from tests.center.casework.sample_cases import AKBOTA, ISSUER, MORNING, open_case


def test_a_code_opens_its_case_until_a_new_one_is_issued(own_centre: Database) -> None:
    case = open_case(own_centre)
    with own_centre.writing() as transaction:
        first = following.issue(transaction, AKBOTA, case.case_id, MORNING)
        assert following.case_of(transaction, first.lower()) == case.case_id
        second = following.issue(transaction, AKBOTA, case.case_id, MORNING + timedelta(hours=1))
        assert following.case_of(transaction, second) == case.case_id
        with pytest.raises(NotFound, match="no case with this code"):
            following.case_of(transaction, first)


def test_only_the_window_issues_codes_and_only_codes_open(own_centre: Database) -> None:
    case = open_case(own_centre)
    with own_centre.writing() as transaction:
        with pytest.raises(Forbidden):
            following.issue(transaction, ISSUER, case.case_id, MORNING)
        for typed in ("", "\x00", case.case_id, "x" * 5000):
            with pytest.raises(BadRequest, match="sixteen"):
                following.case_of(transaction, typed)
