"""What the survey said in the months that are over: each service's mean marks, and nothing that few people said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from center.casework.feedback.actions.surveying import ASPECTS
from center.casework.feedback.tables import SurveyAnswer
from center.casework.published.disclosure import mean_tenths, told
from center.database import Transaction


@dataclass(frozen=True, slots=True)
class PublishedMonth:
    """One service in one calendar month of the centre."""

    month: date
    """Its first day."""
    service: str
    answers: int | None
    """None: too few to tell."""
    means: Mapping[str, int | None]
    """Aspect → mean mark in tenths, from 10 (bad) to 50 (good); None: too few gave one."""


def months(transaction: Transaction, now: datetime, zone: str, count: int) -> list[PublishedMonth]:
    """The last ``count`` months before this one, newest first; of a month without an answer nothing is said."""
    found: list[PublishedMonth] = []
    end = now.astimezone(ZoneInfo(zone)).date().replace(day=1)
    for _ in range(count):
        begin = (end - timedelta(days=1)).replace(day=1)
        found += _month(transaction, begin, end)
        end = begin
    return found


def _month(transaction: Transaction, begin: date, end: date) -> list[PublishedMonth]:
    marks = [getattr(SurveyAnswer, aspect) for aspect in ASPECTS]
    sums = [column for one in marks for column in (func.coalesce(func.sum(one), 0), func.count(one))]
    rows = transaction.execute(
        select(SurveyAnswer.service, func.count(), *sums)
        .where(SurveyAnswer.centre_id == transaction.centre_id, SurveyAnswer.day >= begin, SurveyAnswer.day < end)
        .group_by(SurveyAnswer.service)
        .order_by(SurveyAnswer.service)
    )
    return [
        PublishedMonth(begin, service, told(answers), _means([int(one) for one in row]))
        for service, answers, *row in rows
    ]


def _means(sums: list[int]) -> dict[str, int | None]:
    """From a sum and a count for each aspect."""
    pairs = zip(sums[::2], sums[1::2], strict=True)
    return {aspect: mean_tenths(*pair) for aspect, pair in zip(ASPECTS, pairs, strict=True)}
