"""The days that are over, as the public is told of them: each service's cases that ended, by one breakdown only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from center.casework.published.disclosure import DayOfService, Outcome, day_of_service
from center.casework.tables import Case
from center.database import Transaction


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """One service on one civil day of the centre."""

    day: date
    service: str
    figures: DayOfService


def days(transaction: Transaction, now: datetime, zone: str, count: int) -> list[PublishedDay]:
    """The last ``count`` days before today, newest first; of a day without a case of a service nothing is said."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    since, until = (datetime.combine(day, datetime.min.time(), here) for day in (today - timedelta(count), today))
    outcomes: defaultdict[tuple[date, str], list[Outcome]] = defaultdict(list)
    rows = transaction.execute(
        select(Case.service, Case.status, Case.opened_at, Case.ended_at, Case.due_at).where(
            Case.centre_id == transaction.centre_id, Case.ended_at >= since, Case.ended_at < until
        )
    )
    for service, status, opened_at, ended_at, due_at in rows:
        assert ended_at is not None
        minutes = (ended_at - opened_at) // timedelta(minutes=1)
        in_time = due_at is None or ended_at <= due_at
        outcomes[ended_at.astimezone(here).date(), service].append(Outcome(status, minutes, in_time))
    return [
        PublishedDay(day, service, day_of_service(found))
        for (day, service), found in sorted(outcomes.items(), key=lambda one: (-one[0][0].toordinal(), one[0][1]))
    ]
