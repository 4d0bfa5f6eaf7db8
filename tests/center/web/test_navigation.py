"""Parts of the centre are grouped by need, and the part that a page belongs to is marked once."""

from __future__ import annotations

import pytest

from center.administration import pages as administration
from center.casework.pages.citizen import install as citizen
from center.casework.pages.citizen import public
from center.casework.pages.staff import install as staff
from center.driving_track import pages as track
from center.web.navigation import Door, Need, grouped, in_one_row

DOORS = (*public.DOORS, *citizen.DOORS, *staff.DOORS, *track.DOORS, *administration.DOORS)


def _seen(*hrefs: str) -> list[Door]:
    return [one for one in DOORS if one.href in hrefs]


def test_every_part_stands_in_one_group_and_work_comes_first() -> None:
    groups = grouped(DOORS, "/")
    assert [one.title for one in groups] == [
        "My work", "Supervision", "For visitors", "Practical exam", "Administration",
    ]  # fmt: skip
    assert sorted(door.href for group in groups for door in group.doors) == sorted(door.href for door in DOORS)
    assert not any(group.is_current for group in groups)


def test_a_need_without_a_part_that_may_be_opened_is_not_shown() -> None:
    assert [one.title for one in grouped(_seen("/services", "/track"), "/")] == ["For visitors", "Practical exam"]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/board", "Supervision"),
        ("/exams/0193", "Practical exam"),
        ("/administration/accounts/1", "Administration"),
        ("/services/records_certificate", "For visitors"),
        ("/queue/board", "For visitors"),
        ("/me", None),
        ("/boards", None),
    ],
)
def test_a_page_belongs_to_the_group_of_its_part(path: str, title: str | None) -> None:
    assert [one.title for one in grouped(DOORS, path) if one.is_current] == ([title] if title else [])


def test_a_case_belongs_to_the_first_part_from_which_somebody_comes_to_it() -> None:
    path = "/cases/0193"
    whole = [one.title for one in grouped(DOORS, path) if one.is_current]
    supervisor = [one.title for one in grouped(_seen("/board", "/hall", "/day"), path) if one.is_current]
    assert (whole, supervisor) == (["My work"], ["Supervision"])


def test_what_a_citizen_may_open_stands_in_one_row_and_all_there_is_does_not() -> None:
    assert in_one_row([one for one in DOORS if one.need is Need.VISIT])
    assert not in_one_row(DOORS)
