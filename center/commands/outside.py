"""``center payments reconcile`` and ``center retention run``: what a centre does daily, by hand or by a timer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from center.app import open_vault
from center.casework.actions.shredding import shred_due
from center.casework.commands import System
from center.casework.opening import open_payments
from center.casework.payments.actions.reconciling import reconcile
from center.commands.words import Words
from center.database import Database
from center.errors import BadRequest
from center.settings import Settings, load_settings
from messages import site as survey
from messages.site import Site

_WHO: Final = System("command")


def add_to(words: Words) -> None:
    """Add both commands."""
    payments = words.add_parser("payments", help="what was paid")
    comparing = payments.add_subparsers(required=True, metavar="ACTION").add_parser(
        "reconcile", help="compare a day with the payment gateway's book; 1 if they differ"
    )
    comparing.add_argument("--day", help="YYYY-MM-DD (yesterday)")
    comparing.set_defaults(run=lambda options: _with_database(lambda *parts: _reconcile(options.day, *parts)))
    retention = words.add_parser("retention", help="personal data whose time is over")
    running = retention.add_subparsers(required=True, metavar="ACTION").add_parser(
        "run", help="shred what closed cases hold of people; back the vault up afterwards"
    )
    running.set_defaults(run=lambda options: _with_database(_shred))


def _with_database(work: Callable[[Settings, Site, Database], int]) -> int:
    settings = load_settings()
    site = survey.load(settings.site)
    database = Database(settings.main_database, site.centre_id)
    database.upgrade()
    try:
        return work(settings, site, database)
    finally:
        database.close()


def _reconcile(told: str | None, settings: Settings, site: Site, database: Database) -> int:
    day = _day(told, settings.clock.now(), site.timezone)
    office = open_payments(settings, database, site.name, site.timezone)
    comparison = reconcile(office, day, who=_WHO)
    print(f"{day}: {comparison.charges} charges, {comparison.charged_tenge} tenge; "
          f"{comparison.refunds} refunds, {comparison.refunded_tenge} tenge")  # fmt: skip
    for one in comparison.differences:
        print(f"{one.fault}: {one.kind} {one.reference}, ours {one.ours_tenge}, theirs {one.theirs_tenge}")
    return 0 if comparison.agrees else 1


def _shred(settings: Settings, site: Site, database: Database) -> int:
    vault = open_vault(settings, site)
    try:
        shredded = shred_due(database, vault, settings.clock.now(), site.timezone)
    finally:
        vault.close()
    print(f"{len(shredded)} cases shredded" + ("; back the vault up now" if shredded else ""))
    return 0


def _day(told: str | None, now: datetime, zone: str) -> date:
    if told is None:
        return now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    try:
        return date.fromisoformat(told)
    except ValueError as error:
        raise BadRequest(f"{told!r} is no day; write YYYY-MM-DD.") from error
