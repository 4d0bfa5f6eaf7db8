"""The only composer: the one module that knows every feature."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fastapi import Depends, FastAPI

from center.access import routes_without_access
from center.administration import pages as administration
from center.casework.clock_worker import ClockWorker
from center.casework.drafts.forgetting_worker import ForgettingWorker
from center.casework.opening import open_hall, open_one_window, open_payments, open_registers, open_scans
from center.casework.outside_worker import OutsideWorker
from center.casework.pages.citizen import install as citizen_pages
from center.casework.pages.citizen import public
from center.casework.pages.staff import install as staff_pages
from center.casework.payments import api as payment_api
from center.casework.payments.office import PaymentOffice
from center.casework.queue.draw_worker import DrawWorker
from center.casework.registers.office import RegisterOffice
from center.casework.retention_worker import RetentionWorker
from center.clock import Clock
from center.database import Database
from center.doorkeeper import Doorkeeper, OwnPagesOnly
from center.driving_track import api, pages
from center.driving_track.demo_faults import DemoFaults
from center.driving_track.live import LiveHub
from center.driving_track.track_data import CentreData
from center.errors import UnsafeSettings
from center.journal.vault import Vault
from center.journal.worker import ChainWorker
from center.people import powers_file
from center.people.demo_passkeys import demo_seed
from center.people.names import StaffNames
from center.people.opening import open_office
from center.settings import Settings
from center.web import home, sign_in, slip_pages
from center.web.error_pages import ANSWERS, refused_at_the_door
from center.web.templating import Web
from messages import site as survey
from messages.site import Site

_LONGEST_BODY = 256 * 1024
"""Bytes of a request; a route that takes uploads says so itself."""


@dataclass(frozen=True, slots=True)
class Centre:
    """Everything that a serving centre holds open."""

    settings: Settings
    site: Site
    clock: Clock
    database: Database
    vault: Vault
    hub: LiveHub
    journal: ChainWorker
    payments: PaymentOffice
    registers: RegisterOffice
    outside: OutsideWorker
    clocks: ClockWorker
    draws: DrawWorker
    forgetting: ForgettingWorker
    retention: RetentionWorker

    def close(self) -> None:
        """Stop the workers and give the stores back."""
        self.retention.stop()
        self.forgetting.stop()
        self.draws.stop()
        self.clocks.stop()
        self.outside.stop()
        self.journal.stop()
        self.database.close()
        self.vault.close()


def open_centre(settings: Settings) -> Centre:
    """Open the stores, bring their schemas up, start the journal's worker; raises ``CenterError`` or ``BadSite``."""
    site = survey.load(settings.site)
    database = Database(settings.main_database, site.centre_id)
    database.upgrade()
    vault = open_vault(settings, site)
    journal = ChainWorker(database)
    journal.start()
    payments = open_payments(settings, database, site.name, site.timezone)
    registers = open_registers(settings, database, vault)
    outside = OutsideWorker(payments, registers, with_gateway=bool(settings.payment_url))
    outside.start()
    clocks = ClockWorker(database, settings.clock)
    clocks.start()
    draws = DrawWorker(open_hall(settings, database, powers_file.load(), site.timezone))
    draws.start()
    forgetting = ForgettingWorker(database, vault, settings.clock)
    forgetting.start()
    retention = RetentionWorker(database, vault, open_scans(settings), settings.clock, site.timezone)
    retention.start()
    return Centre(
        settings,
        site,
        settings.clock,
        database,
        vault,
        LiveHub(),
        journal,
        payments,
        registers,
        outside,
        clocks,
        draws,
        forgetting,
        retention,
    )


def open_vault(settings: Settings, site: Site) -> Vault:
    """The vault, with its tables."""
    vault = Vault(settings.vault_database, settings.vault / "master.key", site.centre_id)
    vault.create()
    return vault


def create_app(centre: Centre) -> FastAPI:
    """The web application; refuses to exist with a route that has no role."""
    settings = centre.settings
    faults = DemoFaults(settings.demo_socket) if settings.demo and settings.demo_socket else None
    data = CentreData(settings, centre.clock, centre.database, centre.vault, centre.hub, faults)
    office = open_office(settings, centre.database, centre.vault, centre.site.timezone)
    names = StaffNames(centre.vault)
    door = Doorkeeper(office)
    app = FastAPI(
        title="Speccenter",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        responses=ANSWERS,
        dependencies=[Depends(door.admit)],
        max_body_size=_LONGEST_BODY,
    )
    web = Web(
        centre_name=centre.site.name,
        zone=centre.site.timezone,
        demo=settings.demo,
        doors=(*public.DOORS, *citizen_pages.DOORS, *staff_pages.DOORS, *pages.DOORS, *administration.DOORS),
        feature_templates=[public.TEMPLATES, pages.TEMPLATES, administration.TEMPLATES],
        clock_rate=None if centre.clock.scale.is_real else centre.clock.scale.rate,
        may_open=door.may_open,
    )
    home.install(app, web)
    sign_in.install(app, web, office, names, demo_seed(settings) if settings.demo else None)
    slip_pages.install(app, web, office)
    one_window = open_one_window(settings, office, names, centre.payments, centre.registers)
    staff_pages.install(app, web, one_window)
    pages.install(app, web, data, centre.site)
    administration.install(app, web, office, names)
    citizen_pages.install(app, web, one_window)
    public.install(app, web, centre.clock, centre.database)
    app.include_router(api.router(data))
    app.include_router(payment_api.router(centre.payments))
    app.add_middleware(OwnPagesOnly, refuse=partial(refused_at_the_door, web), public_name=office.party.id)
    homeless = routes_without_access(app.routes)
    if homeless:
        raise UnsafeSettings(f"These routes have no role: {', '.join(homeless)}.")
    return app
