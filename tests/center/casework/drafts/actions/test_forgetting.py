"""Drafts that nobody came for."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from center.casework.drafts.actions import at_home, at_window
from center.casework.drafts.actions.forgetting import forget_old
from center.casework.drafts.office import DraftOffice
from center.casework.drafts.tables import Draft
from center.errors import Conflict
from tests.center.casework.drafts.home import HERE, begin, beginning, book, claim, office
from tests.center.casework.queue.halls import Clock, clock, hall
from tests.center.casework.sample_cases import AKBOTA, key

__all__ = ["clock", "hall", "office"]


def _forget(office: DraftOffice) -> int:
    return forget_old(office.hall.database, office.vault, office.hall.now())


def test_a_draft_that_nobody_came_for_is_forgotten_and_its_time_is_free(office: DraftOffice, clock: Clock) -> None:
    code = begin(office)
    book(office, code)
    assert _forget(office) == 0
    clock.goes_on(days=30)
    assert _forget(office) == 1
    assert _forget(office) == 0
    look = at_home.look(office, code, HERE)
    assert (look.typed, look.booking) == ({}, None)
    with pytest.raises(Conflict, match="not open any more"):
        at_window.open_at_window(office, AKBOTA, code)


def test_what_a_crash_left_of_a_draft_that_is_over_is_emptied(office: DraftOffice) -> None:
    form = beginning()
    draft, code = at_home.begin(office, form, HERE)
    claim(office, code, key())
    # As if the centre had been killed between the case and the emptying.
    office.vault.seal(f"draft:{draft.draft_id}", {"typed": '{"iin": "980417900018"}'}, office.hall.now())
    with office.hall.database.writing() as transaction:
        transaction.execute(update(Draft).where(Draft.id == draft.draft_id).values(emptied_at=None))
    assert _forget(office) == 0
    assert office.vault.reveal(f"draft:{draft.draft_id}") == {}
