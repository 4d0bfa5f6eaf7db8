"""The people whom a visitor of the demo may be with one click."""

from __future__ import annotations

from dataclasses import dataclass

from center.people import queries
from center.people.names import StaffNames
from center.people.office import Office


@dataclass(frozen=True, slots=True)
class OneClickPerson:
    """One of them."""

    account_id: str
    login: str
    name: str
    role: str


def one_click_people(office: Office, names: StaffNames) -> list[OneClickPerson]:
    """Everybody of the demo with a role, in the table's order of roles; nobody outside the demo."""
    if not office.demo:
        return []
    with office.database.reading() as transaction:
        everybody = queries.accounts(transaction, office.powers, office.today)
    order = list(office.powers.roles)
    found = [
        OneClickPerson(one.account_id, one.login, names.of(one.account_id, one.login), role)
        for one in everybody
        if one.simulated and one.state == "active"
        for role in sorted(one.open_roles, key=order.index)[:1]
    ]
    return sorted(found, key=lambda one: (order.index(one.role), one.login))
