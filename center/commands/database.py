"""``center database grant ROLE``: what PostgreSQL's application role is allowed, which owns nothing."""

from __future__ import annotations

import argparse

from center.append_only import grant
from center.commands.words import Words
from center.database import Database
from center.settings import load_settings
from messages import site as survey


def add_to(words: Words) -> None:
    """Add the command."""
    parser = words.add_parser("database", help="the database's schema and its application role")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    action = actions.add_parser(
        "grant", help="as the owner: bring the schema up, and let a role serve without changing records"
    )
    action.add_argument("role", metavar="ROLE", help="made before with CREATE ROLE; the centre then signs in as it")
    action.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Upgrade and grant; raises ``BadRequest`` on SQLite or for an unknown role."""
    settings = load_settings()
    database = Database(settings.main_database, survey.load(settings.site).centre_id)
    database.upgrade()
    with database.engine.begin() as connection:
        grant(connection, options.role)
    database.close()
    print(f"{options.role} may serve this centre, and can change or delete no record.")
    return 0
