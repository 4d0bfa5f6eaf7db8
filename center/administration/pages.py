"""The pages on which accounts are managed: who there is, and what one proposes and another confirms."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from center.administration import accounts, own_account, proposals
from center.administration.shared import StaffPages
from center.people.names import StaffNames
from center.people.office import Office
from center.web.languages import N_
from center.web.navigation import Door, Need
from center.web.templating import Web

TEMPLATES = Path(__file__).parent / "templates"
DOORS = (
    Door(
        "/administration",
        N_("People and roles"),
        N_("Accounts, roles, passkeys, and what waits for a second person."),
        Need.ACCOUNTS,
    ),
)


def install(app: FastAPI, web: Web, office: Office, names: StaffNames) -> None:
    """Give an application these pages; ``web`` must hold their doors and templates already."""
    pages = StaffPages(web, office, names)
    app.include_router(accounts.router(pages))
    app.include_router(proposals.router(pages))
    app.include_router(own_account.router(pages))
