"""What a demo's centre holds before it is served: its people, its hall, a vehicle to inspect, and enrolled devices."""

from __future__ import annotations

from pathlib import Path

from center.commands.demo import hall, inspection, staff
from center.database import Database
from center.driving_track.actions import devices
from center.driving_track.actions.devices import NewDevice
from center.journal.vault import Vault
from center.people.opening import open_office
from center.settings import Settings
from messages import keys
from messages.site import Site

_ACTOR = "demo"


def found(settings: Settings, site: Site, key_folder: Path, *, with_vehicle: bool) -> None:
    """Fill an empty database; the devices' keys are made where they are not there yet."""
    key_folder.mkdir(parents=True)
    database = Database(settings.main_database, site.centre_id)
    database.upgrade()
    # Before everything else: it is the journal's first entry.
    vault = Vault(settings.vault_database, settings.vault / "master.key", site.centre_id)
    vault.create()
    office = open_office(settings, database, vault, site.timezone)
    staff.found(office, settings)
    hall.furnish(office, settings)
    if with_vehicle:
        inspection.bring_vehicle(office, settings, site)
    vault.close()
    _enrol(database, settings, site, key_folder)
    database.close()


def _enrol(database: Database, settings: Settings, site: Site, key_folder: Path) -> None:
    now = settings.clock.now()
    with database.writing() as transaction:
        for device in site.devices:
            public = keys.public_hex(keys.load_or_make(key_folder / f"{device.id}.pem"))
            devices.enrol(transaction, NewDevice(device.id, public, True, device.gateway), actor=_ACTOR, now=now)
