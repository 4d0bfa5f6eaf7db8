"""The survey's published marks: by month and service, only when a month is over, and nothing that few people said."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

from center.casework import codes
from center.casework.feedback.actions import surveying
from center.casework.published import survey
from center.casework.published.survey import PublishedMonth
from center.database import Database

# Midnight in Sarytau (UTC+5) has passed, and it is May there.
MAY = datetime(2026, 4, 30, 19, 30, tzinfo=UTC)
ZONE = "Asia/Almaty"
_visits = itertools.count()
APRIL, MARCH = date(2026, 4, 1), date(2026, 3, 1)


def _answered(database: Database, day: date, count: int, service: str = "records_certificate", **marks: int) -> None:
    with database.writing() as transaction:
        for _ in range(count):
            given = {aspect: str(marks[aspect]) if aspect in marks else "" for aspect in surveying.ASPECTS}
            surveying.answer(
                transaction, codes.code_of(next(_visits).to_bytes(codes.RANDOM_BYTES)), service, given, day
            )


def _told(database: Database, now: datetime = MAY) -> list[PublishedMonth]:
    with database.reading() as transaction:
        return survey.months(transaction, now, ZONE, 6)


def test_marks_are_told_by_month_and_service_as_means(own_centre: Database) -> None:
    _answered(own_centre, date(2026, 4, 30), 3, courtesy=5, quality=4)
    _answered(own_centre, date(2026, 4, 1), 3, courtesy=4)
    _answered(own_centre, date(2026, 3, 31), 5, courtesy=1)
    _answered(own_centre, date(2026, 4, 10), 5, service="vehicle_inspection", timeliness=2)
    april, inspection, march = _told(own_centre)
    assert (april.month, april.service, april.answers) == (APRIL, "records_certificate", 6)
    assert april.means == dict.fromkeys(surveying.ASPECTS) | {"courtesy": 45}, "three marks of quality are too few"
    assert (inspection.service, inspection.means["timeliness"]) == ("vehicle_inspection", 20)
    assert (march.month, march.answers, march.means["courtesy"]) == (MARCH, 5, 10)


def test_what_few_answered_is_not_told(own_centre: Database) -> None:
    _answered(own_centre, APRIL, 4, courtesy=5, quality=5)
    assert _told(own_centre) == [
        PublishedMonth(APRIL, "records_certificate", None, dict.fromkeys(surveying.ASPECTS)),
    ]


def test_a_month_is_told_when_it_is_over_at_the_centre(own_centre: Database) -> None:
    _answered(own_centre, date(2026, 4, 30), 5, courtesy=5)
    _answered(own_centre, date(2026, 5, 1), 5, courtesy=5)
    assert [one.month for one in _told(own_centre, datetime(2026, 4, 30, 18, 59, tzinfo=UTC))] == []
    assert [one.month for one in _told(own_centre)] == [APRIL]
    assert [one.month for one in _told(own_centre, datetime(2026, 11, 1, tzinfo=UTC))] == [date(2026, 5, 1)]
