"""``center cases check|staffing|draws|load|refold``: services against powers, staffing, draws, a bulk of cases."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from center.casework import bulk, queries, services_file
from center.casework.actions.refolding import refold
from center.casework.case_walk import Person
from center.casework.model_check import check
from center.casework.queue import draw_queries
from center.casework.staffing import smallest
from center.commands.words import Words
from center.database import Database
from center.errors import BadRequest
from center.people import powers_file
from center.settings import load_settings
from messages import site as survey


def add_to(words: Words) -> None:
    """Add the commands."""
    parser = words.add_parser("cases", help="services, cases and what the powers let people do with them")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    checking = actions.add_parser("check", help="show that no single person and no two of one role reach a document")
    checking.set_defaults(run=_check)
    staffing = actions.add_parser("staffing", help="the smallest legal staffing of a centre")
    staffing.set_defaults(run=_staffing)
    load = actions.add_parser("load", help="demo only: store many finished and some open cases, to measure with")
    load.add_argument("--count", type=int, required=True)
    load.add_argument("--open", type=int, default=1000, help="how many of them are not over")
    load.add_argument("--seed", type=int, default=1)
    load.set_defaults(run=_load)
    draws = actions.add_parser("draws", help="make a case's draws again from their record; 1 if one does not come out")
    draws.add_argument("number", help="of the case")
    draws.set_defaults(run=_draws)
    again = actions.add_parser("refold", help="compute what lists show again from the recorded actions")
    again.set_defaults(run=_refold)


def _check(options: argparse.Namespace) -> int:
    editions = services_file.load().all()
    holes = check(powers_file.load(), editions)
    for hole in holes:
        print(hole)
    print(f"{len(editions)} editions of services walked, {len(holes)} holes")
    return 1 if holes else 0


def _staffing(options: argparse.Namespace) -> int:
    powers, editions = powers_file.load(), services_file.load().latest()
    for title, every_role in (("to give every service", False), ("with every role filled", True)):
        people = smallest(powers, editions, every_role=every_role).people
        print(f"{len(people)} people {title}:")
        _print_people(people)
    return 0


def _print_people(people: Iterable[Person]) -> None:
    for person in people:
        print(f"  {person.name}: {', '.join(sorted(person.roles))}")


def _draws(options: argparse.Namespace) -> int:
    settings = load_settings()
    database = Database(settings.main_database, survey.load(settings.site).centre_id)
    database.upgrade()
    with database.reading() as transaction:
        found = draw_queries.draws(transaction, queries.numbered(transaction, options.number))
    database.close()
    for one in found:
        told = "comes out" if one.comes_out else "DOES NOT COME OUT"
        print(f"{one.step}, draw {one.round}, {one.drawn_at.isoformat()}: {one.drawn} {told}")
        print(f"  case {one.case_id}, seed {one.seed}, asked for by {one.asked_by}: {one.reason or '-'}")
        print(f"  among {', '.join(one.candidates)}")
        for account, why in one.left_out.items():
            print(f"  without {account}: {why}")
    print(f"{len(found)} draws")
    return 0 if all(one.comes_out for one in found) else 1


def _load(options: argparse.Namespace) -> int:
    settings = load_settings()
    if not settings.demo:
        raise BadRequest("Made-up cases are loaded in the demo only (SPECCENTER_DEMO=true).")
    database = Database(settings.main_database, survey.load(settings.site).centre_id)
    database.upgrade()
    loaded = bulk.load(database, options.count, options.open, options.seed, settings.clock.now())
    database.close()
    print(f"{loaded.cases} cases with {loaded.actions} actions, {loaded.open_cases} of them open")
    return 0


def _refold(options: argparse.Namespace) -> int:
    settings = load_settings()
    database = Database(settings.main_database, survey.load(settings.site).centre_id)
    database.upgrade()
    found = refold(database, settings.clock.now())
    database.close()
    print(f"{found.cases} cases folded again, {found.changed} rows were not as their actions say")
    return 0
