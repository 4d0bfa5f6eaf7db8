"""The demo's hall: windows that serve its lines, and a box of blanks, set up by its supervisor as a real one's are."""

from __future__ import annotations

from typing import Final

from center.casework.actions.center_acting import CenterCommand, act_for_center
from center.casework.opening import open_hall
from center.casework.queue.actions import windows
from center.commands.demo.staff import SUPERVISOR
from center.people import queries
from center.people.office import Office
from center.people.powers import Actor, Strength
from center.settings import Settings

WINDOWS: Final = {
    1: ("registration", "hand_over"),
    2: ("licences", "hand_over"),
    3: ("records", "hand_over"),
    4: ("registration", "licences", "records"),
}
BLANKS: Final = {"series": "AA", "first": 1, "count": 500}
_REASON: Final = "The hall is set up for the demo's day."


def furnish(office: Office, settings: Settings) -> None:
    """Set up the windows of a hall that has none, and receive blanks."""
    supervisor = _supervisor(office)
    hall = open_hall(settings, office.database, office.powers, office.zone)
    for number, lines in WINDOWS.items():
        windows.set_up(hall, supervisor, number, lines, _REASON)
    with office.database.writing() as transaction:
        command = CenterCommand("blanks.receive", "demo-blanks-received", BLANKS)
        act_for_center(transaction, supervisor, command, office.now())


def _supervisor(office: Office) -> Actor:
    with office.database.reading() as transaction:
        found = next(
            one for one in queries.accounts(transaction, office.powers, office.today) if one.login == SUPERVISOR.login
        )
    return Actor(found.account_id, found.open_roles, Strength.PASSKEY, simulated_key=True)
