"""What the intake is made of, opened in one place."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from center.clock import Clock
from center.database import Database
from center.driving_track import rule_packs
from center.driving_track.scoring.rules import Edition
from center.settings import Settings
from messages import site as survey
from messages.geodesy import LocalFrame
from messages.site import Site


@dataclass(frozen=True, slots=True)
class Context:
    """One centre's settings, survey, rules, clock and database."""

    settings: Settings
    clock: Clock
    site: Site
    site_bytes: bytes
    site_sha256: str
    frame: LocalFrame
    edition: Edition
    pack_bytes: bytes
    database: Database

    @property
    def intake(self) -> Path:
        """The folder of the intake log."""
        return self.settings.intake


def open_context(settings: Settings) -> Context:
    """Read survey and rules, open the database and bring its schema up; raises ``BadSite`` or ``CenterError``."""
    site = survey.load(settings.site)
    site_bytes = survey.to_bytes(site)
    clock = settings.clock
    edition = rule_packs.load(settings.rules, clock.now().date())
    database = Database(settings.main_database, site.centre_id)
    database.upgrade()
    return Context(
        settings=settings,
        clock=clock,
        site=site,
        site_bytes=site_bytes,
        site_sha256=sha256(site_bytes).hexdigest(),
        frame=LocalFrame(site.anchor),
        edition=edition,
        pack_bytes=(rule_packs.FOLDER / f"{edition.pack}.yaml").read_bytes(),
        database=database,
    )
