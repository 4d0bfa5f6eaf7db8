"""``center journal verify``: recompute the chain from the entries' bytes."""

from __future__ import annotations

import argparse

from center.commands.words import Words
from center.database import Database
from center.journal.chain import verify
from center.settings import load_settings
from messages import site as survey


def add_to(words: Words) -> None:
    """Add the command."""
    parser = words.add_parser("journal", help="the journal of what matters")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    action = actions.add_parser("verify", help="find out whether an entry was changed, moved or taken away")
    action.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what was found; 1 if the journal does not hold."""
    settings = load_settings()
    database = Database(settings.main_database, survey.load(settings.site).centre_id)
    database.upgrade()
    with database.reading() as transaction:
        found = verify(transaction)
    database.close()
    for fault in found.faults:
        print(fault)
    print(f"{found.chained} entries chained, {found.waiting} waiting, {len(found.faults)} faults")
    print(f"head {found.head_sha256}")
    return 1 if found.faults else 0
