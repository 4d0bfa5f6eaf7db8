"""``center devices enrol|list|revoke``: which devices the centre knows."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from center.commands.words import Words
from center.database import Database
from center.driving_track import queries
from center.driving_track.actions import devices
from center.driving_track.actions.devices import NewDevice
from center.errors import Forbidden
from center.people.actions.bootstrap import refuse_unfounded
from center.settings import Settings, load_settings
from messages import keys
from messages import site as survey
from messages.site import Site

ACTOR = "command"


def add_to(words: Words) -> None:
    """Add the commands."""
    parser = words.add_parser("devices", help="the devices that the centre knows")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    enrol = actions.add_parser("enrol", help="let a device in")
    enrol.add_argument("device")
    enrol.add_argument("public_key", help="64 hex digits, or a file that holds them")
    enrol.add_argument("--gateway", help="the gateway that carries it; by default the survey's")
    enrol.add_argument("--simulated", action="store_true", help="a simulated device; for the demo only")
    enrol.set_defaults(run=_enrol)
    listing = actions.add_parser("list", help="every enrolment")
    listing.set_defaults(run=_list)
    revoke = actions.add_parser("revoke", help="let a device's messages in no longer")
    revoke.add_argument("device")
    revoke.add_argument("--reason", default="revoked by command")
    revoke.set_defaults(run=_revoke)


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Site, Database]]:
    """The survey, and the database with its newest schema."""
    site = survey.load(settings.site)
    database = Database(settings.main_database, site.centre_id)
    database.upgrade()
    try:
        yield site, database
    finally:
        database.close()


def _enrol(options: argparse.Namespace) -> int:
    settings = load_settings()
    if options.simulated and not settings.demo:
        raise Forbidden("A simulated device is enrolled in the demo only.")
    with opened(settings) as (site, database):
        gateway = options.gateway or devices.gateway_in(site, options.device)
        device = NewDevice(options.device, public_key_of(options.public_key), options.simulated, gateway)
        with database.writing() as transaction:
            if not settings.demo:
                refuse_unfounded(transaction)
            devices.enrol(transaction, device, actor=ACTOR, now=settings.clock.now())
    print(f"{options.device} enrolled, carried by {gateway}")
    return 0


def public_key_of(given: str) -> str:
    """A public key given as digits, or as a file with them (or with the private key itself)."""
    path = Path(given)
    if not path.is_file():
        return given
    if path.read_bytes().startswith(b"-----BEGIN"):
        return keys.public_hex(keys.load(path))
    return path.read_text("ascii").strip()


def _list(options: argparse.Namespace) -> int:
    with opened(load_settings()) as (_, database), database.reading() as transaction:
        for one in queries.enrolments(transaction, revoked_too=True):
            until = f"revoked {one.revoked_at:%Y-%m-%d %H:%M:%S}" if one.revoked_at else "enrolled"
            kind = "simulated" if one.simulated else "real"
            since = f"{one.enrolled_at:%Y-%m-%d %H:%M:%S}"
            print(one.device_id, one.gateway_id, kind, one.public_key, since, until, sep="\t")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    settings = load_settings()
    with opened(settings) as (_, database), database.writing() as transaction:
        devices.revoke(transaction, options.device, reason=options.reason, actor=ACTOR, now=settings.clock.now())
    print(f"{options.device} revoked")
    return 0
