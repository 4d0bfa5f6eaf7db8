"""Who may do what: one table of roles, actions and separations, asked by pages and server alike. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from center.errors import N_, CenterError, Conflict, Forbidden, RoleName, Text, Value, sentence

PROPOSE: Final = "propose:"
CONFIRM: Final = "confirm:"
"""An action that takes two persons is two rows: who may propose it, who may confirm it."""


class Strength(StrEnum):
    """How a person proved who they are in this session."""

    PASSWORD = "password"
    PASSKEY = "passkey"


class Why(StrEnum):
    """Why an action is refused."""

    UNKNOWN = "unknown"
    ROLE = "role"
    PASSKEY = "passkey"
    STATE = "state"
    SEPARATION = "separation"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: the account, its roles that are open now, and how they proved to be its owner."""

    account_id: str
    roles: frozenset[str]
    strength: Strength
    simulated_key: bool = False


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What of a case bears on powers: who took which action in it, and which of the staff it concerns privately."""

    taken: frozenset[tuple[str, str]] = frozenset()
    """Pairs of action and account."""
    concerned: frozenset[str] = frozenset()
    """Accounts who are a party to the case, or whose declared relative is."""


NO_CASE: Final = CaseFacts()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: as a code, the action it was about, and a text of the catalogues with its values."""

    why: Why
    action: str
    text: str
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The refusal in English."""
        return sentence(self.text, self.values)

    def error(self) -> CenterError:
        """What it means to whoever asked: 409 where only the state stands in the way, else 403."""
        return (Conflict if self.why is Why.STATE else Forbidden)(self.text, **self.values)


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role: whether it must prove itself by passkey, and whether it is open only under a valid certificate."""

    name: str
    passkey: bool
    certificate: bool


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action: the roles that may take it, whether by passkey only, and the states it is open in (none: any)."""

    name: str
    roles: frozenset[str]
    passkey: bool
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class Separation:
    """Two actions that one person may never take in one case."""

    first: str
    second: str
    reason: str

    def other(self, action: str) -> str | None:
        """What must not have been done by whoever now takes this action; None if it is no part of the pair."""
        if action == self.first:
            return self.second
        return self.first if action == self.second else None


@dataclass(frozen=True, slots=True)
class RoleExclusion:
    """Two roles that one account may never hold together."""

    first: str
    second: str
    reason: str


@dataclass(frozen=True, slots=True)
class Powers:
    """The whole table."""

    roles: Mapping[str, RoleRow]
    actions: Mapping[str, ActionRow]
    separations: tuple[Separation, ...]
    exclusions: tuple[RoleExclusion, ...]

    def may(self, actor: Actor, action: str, state: str = "", facts: CaseFacts = NO_CASE) -> Refusal | None:
        """None if the actor may take the action in this state of this case, else the first reason why not."""
        row = self.actions.get(action)
        if row is None:
            return Refusal(Why.UNKNOWN, action, N_("There is no action '%(action)s'."), {"action": action})
        return (
            self._by_role(actor, row)
            or self._by_state(row, state)
            or self._by_party(actor, row, facts)
            or self._by_separation(actor, row, facts)
        )

    def open_actions(self, actor: Actor, state: str = "", facts: CaseFacts = NO_CASE) -> list[str]:
        """The actions that the actor may take now, in the table's order."""
        return [action for action in self.actions if self.may(actor, action, state, facts) is None]

    def clash(self, held: frozenset[str], wanted: str) -> RoleExclusion | None:
        """The exclusion that forbids an account with these roles to have another one; None if it may."""
        for one in self.exclusions:
            if (wanted == one.first and one.second in held) or (wanted == one.second and one.first in held):
                return one
        return None

    def usable_roles(self, actor: Actor) -> frozenset[str]:
        """The actor's roles that this session is strong enough for: without a passkey those that need none."""
        if actor.strength is Strength.PASSKEY:
            return actor.roles
        return frozenset(role for role in actor.roles if not self.roles[role].passkey)

    def acting_role(self, actor: Actor, action: str) -> str:
        """The role under which the actor takes an action (the first by name, should there be several)."""
        return min(self.usable_roles(actor) & self.actions[action].roles)

    def two_person_actions(self) -> list[str]:
        """The actions that one person proposes and another one, of another role, confirms."""
        return [name.removeprefix(PROPOSE) for name in self.actions if name.startswith(PROPOSE)]

    def _by_role(self, actor: Actor, row: ActionRow) -> Refusal | None:
        if not actor.roles & row.roles:
            only = {"roles": tuple(RoleName(role) for role in sorted(row.roles))}
            return Refusal(Why.ROLE, row.name, N_("This is for these roles only: %(roles)s."), only)
        lacks_passkey = row.passkey and actor.strength is not Strength.PASSKEY
        if lacks_passkey or not self.usable_roles(actor) & row.roles:
            return Refusal(Why.PASSKEY, row.name, N_("This needs a session that was opened with a passkey."))
        return None

    def _by_state(self, row: ActionRow, state: str) -> Refusal | None:
        if not row.states or state in row.states:
            return None
        return Refusal(Why.STATE, row.name, N_("This is not open in the present state."))

    def _by_party(self, actor: Actor, row: ActionRow, facts: CaseFacts) -> Refusal | None:
        if actor.account_id not in facts.concerned:
            return None
        text = N_("Nobody acts in a case to which they or a declared relative are a party.")
        return Refusal(Why.PARTY, row.name, text)

    def _by_separation(self, actor: Actor, row: ActionRow, facts: CaseFacts) -> Refusal | None:
        for pair in self.separations:
            other = pair.other(row.name)
            if other is not None and (other, actor.account_id) in facts.taken:
                text = N_("What you did in this case before closes this to you: %(reason)s")
                return Refusal(Why.SEPARATION, row.name, text, {"reason": Text(pair.reason)})
        return None
