"""``center people bootstrap|list``: the first two people of a centre, and who there is."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from center.casework.parties import iin
from center.commands.words import Words
from center.database import Database
from center.errors import BadRequest
from center.journal.vault import Vault
from center.people import queries
from center.people.actions import bootstrap
from center.people.actions.bootstrap import Founded, Founder
from center.people.office import Office
from center.people.opening import open_office
from center.people.persons import read_person
from center.people.slips import shown
from center.settings import load_settings
from messages import site as survey

_LONGEST: Final = 10_000


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the two, as a document states them; without a password the slip sets it."""

    login: str
    name: str
    iin: str
    password: str | None = None


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The two who are present."""

    administrator: Stated
    supervisor: Stated


def add_to(words: Words) -> None:
    """Add the commands."""
    parser = words.add_parser("people", help="the staff of the centre")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    first = actions.add_parser("bootstrap", help="the first two: an administrator and a supervisor, both present; once")
    first.add_argument(
        "--document", help='JSON {"administrator": {"login", "name", "iin", "password"}, "supervisor": …}; - for stdin'
    )
    first.set_defaults(run=_bootstrap)
    actions.add_parser("list", help="accounts, with roles and state").set_defaults(run=_list)


@contextmanager
def opened() -> Iterator[Office]:
    """The office of the centre that the settings name."""
    settings = load_settings()
    site = survey.load(settings.site)
    database = Database(settings.main_database, site.centre_id)
    database.upgrade()
    vault = Vault(settings.vault_database, settings.vault / "master.key", site.centre_id)
    vault.create()
    try:
        yield open_office(settings, database, vault, site.timezone)
    finally:
        vault.close()
        database.close()


def _bootstrap(options: argparse.Namespace) -> int:
    with opened() as office:
        with office.database.reading() as transaction:
            bootstrap.refuse_if_founded(transaction)  # before anybody types anything
        document = _read(options.document) if options.document else _asked()
        founded = bootstrap.bootstrap(office, _founder(document.administrator), _founder(document.supervisor))
    for one in founded:
        _tell(one, founded)
    return 0


def _list(_options: argparse.Namespace) -> int:
    with opened() as office, office.database.reading() as transaction:
        for one in queries.accounts(transaction, office.powers, office.today):
            roles = ",".join(role.role if role.is_open else f"({role.role})" for role in one.roles) or "-"
            print(one.login, one.state, roles, f"{one.passkeys} passkeys", sep="\t")
    return 0


def _read(path: str) -> Document:
    data = sys.stdin.buffer.read(_LONGEST + 1) if path == "-" else Path(path).read_bytes()
    if len(data) > _LONGEST:
        raise BadRequest(f"The document has more than {_LONGEST} bytes.")
    try:
        return msgspec.json.decode(data, type=Document)
    except msgspec.MsgspecError as error:
        raise BadRequest(f"The document cannot be read: {error}.") from error


def _asked() -> Document:
    if not sys.stdin.isatty():
        raise BadRequest("Two people are asked at a terminal; elsewhere give --document.")
    print("Two people must be present. First the administrator, then the supervisor; each types their own password.")
    return Document(_ask("administrator"), _ask("supervisor"))


def _ask(role: str) -> Stated:
    print(f"\nThe {role}:")
    login, name, number = (input(f"  {what}: ") for what in ("sign-in name", "name", "IIN"))
    password = getpass.getpass("  password: ")
    if getpass.getpass("  password once more: ") != password:
        raise BadRequest("The password was not typed the same way twice.")
    return Stated(login, name, number, password)


def _founder(stated: Stated) -> Founder:
    return Founder(read_person(stated.login, stated.name, iin.validate(stated.iin)), stated.password)


def _tell(one: Founded, both: tuple[Founded, Founded]) -> None:
    other = both[1] if one is both[0] else both[0]
    print(f"\n{one.login} ({one.role}) enrols a passkey at /slip within three days, with both codes:")
    print(f"  {shown(one.halves[0])}   {one.login} keeps this one")
    print(f"  {shown(one.halves[1])}   {other.login} keeps this one, and types it in {one.login}'s presence")
