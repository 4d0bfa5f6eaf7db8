"""Reading the table of powers, strictly: a role or an action that is misspelt anywhere is refused with its line."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

from center import rulesets
from center.people.powers import CONFIRM, PROPOSE, ActionRow, Powers, RoleExclusion, RoleRow, Separation
from center.rulesets import Value

FILE = Path(__file__).parent / "rulesets" / "powers.yaml"


@cache
def load(path: Path = FILE) -> Powers:
    """The table; raises ``BadRuleData`` naming file, line, value and what is allowed."""
    return read(rulesets.read(path))


def parse(data: bytes, file: str = "powers.yaml") -> Powers:
    """The table from bytes."""
    return read(rulesets.parse(data, file))


def read(document: Value) -> Powers:
    """The table from a document."""
    wanted = ("roles", "actions", "separations", "exclusions")
    parts = document.fields(wanted, required=wanted)
    roles = {name: _role(name, value) for name, value in _named(parts["roles"])}
    actions = {name: _action(name, value, roles) for name, value in _named(parts["actions"])}
    _check_two_person(parts["actions"], actions)
    separations = [_pair(value, actions) for value in parts["separations"].items()]
    exclusions = [_pair(value, roles) for value in parts["exclusions"].items()]
    return Powers(
        roles,
        actions,
        tuple(Separation(*one) for one in separations),
        tuple(RoleExclusion(*one) for one in exclusions),
    )


def _named(value: Value) -> list[tuple[str, Value]]:
    return list(value.fields(value.names()).items())


def _role(name: str, value: Value) -> RoleRow:
    fields = value.fields(("passkey", "certificate"), required=("passkey", "certificate"))
    return RoleRow(name, fields["passkey"].boolean(), fields["certificate"].boolean())


def _action(name: str, value: Value, roles: Collection[str]) -> ActionRow:
    fields = value.fields(("roles", "passkey", "states"), required=("roles",))
    named = frozenset(one.text(roles) for one in fields["roles"].items())
    if not named:
        value.place.refuse(f"nobody may take {name!r}")
    passkey = fields["passkey"].boolean() if "passkey" in fields else False
    states = frozenset(one.text() for one in fields["states"].items()) if "states" in fields else frozenset()
    return ActionRow(name, named, passkey, states)


def _pair(value: Value, known: Collection[str]) -> tuple[str, str, str]:
    fields = value.fields(("pair", "reason"), required=("pair", "reason"))
    names = [one.text(known) for one in fields["pair"].items()]
    if len(names) != 2 or names[0] == names[1]:
        value.place.refuse("a pair is two different names")
    return names[0], names[1], fields["reason"].text()


def _check_two_person(place: Value, actions: dict[str, ActionRow]) -> None:
    """What is proposed by some is confirmed by others, or one role could do it alone."""
    for name, row in actions.items():
        kind, partner = (PROPOSE, CONFIRM) if name.startswith(PROPOSE) else (CONFIRM, PROPOSE)
        if not name.startswith(kind):
            continue
        other = actions.get(partner + name.removeprefix(kind))
        if other is None:
            place.place.refuse(f"{name!r} has no partner {partner + name.removeprefix(kind)!r}")
        if both := row.roles & other.roles:
            place.place.refuse(f"{', '.join(sorted(both))} could both propose and confirm {name.removeprefix(kind)!r}")
