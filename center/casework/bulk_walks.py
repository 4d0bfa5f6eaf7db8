"""Made-up ways through the service of the records certificate, for the bulk loader. Chance is given to it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from center.casework.case import Action, ActorKind, CaseState
from center.casework.fold import fold
from center.casework.services import Edition

# A Tuesday morning in working hours.
_AT: Final = datetime(2026, 4, 14, 4, 30, tzinfo=UTC)
_WALKS: Final = 40
_OPERATORS: Final = 60
_STEPS: Final[tuple[tuple[str, str | None, str, Mapping[str, Any]], ...]] = (
    ("case.open", None, "operator", {"service": "records_certificate", "channel": "window"}),
    ("step.take", "accept", "operator", {}),
    ("step.complete", "accept", "operator", {"documents": ["identity"], "consent": ["persons"]}),
    ("register.answered", None, "", {"register": "persons", "found": True}),
    ("fee.paid", None, "", {"payment": "loaded", "purpose": "records_certificate", "amount_tenge": 1081}),
    ("step.take", "produce", "document_issuer", {}),
    ("step.complete", "produce", "document_issuer", {"blank": "ZZ-000000"}),
    ("step.take", "hand_over", "operator", {}),
    ("step.complete", "hand_over", "operator", {"signature": "0" * 64}),
)


@dataclass(frozen=True, slots=True)
class Walk:
    """A list of actions from an instant on."""

    actions: tuple[Action, ...]

    @property
    def opened_at(self) -> datetime:
        """Of its first action."""
        return self.actions[0].at

    def offset(self, action: Action) -> timedelta:
        """How long after the opening an action came."""
        return action.at - self.opened_at

    def cut(self, count: int) -> Walk:
        """Its first actions only."""
        return Walk(self.actions[:count])

    def moved(self, edition: Edition, case_id: str, opened_at: datetime) -> CaseState:
        """The state of a case that went this way from another instant on."""
        return fold(edition, case_id, (replace(one, at=opened_at + self.offset(one)) for one in self.actions))


def walks(edition: Edition, chance: random.Random) -> list[Walk]:
    """Several ways, by several people, some of them late."""
    return [_walk(edition, chance) for _ in range(_WALKS)]


def _walk(edition: Edition, chance: random.Random) -> Walk:
    at, actions = _AT, []
    people = {
        "operator": f"operator-{chance.randrange(_OPERATORS):02d}",
        "document_issuer": f"issuer-{chance.randrange(_OPERATORS // 6):02d}",
    }
    for ordinal, (kind, step, role, payload) in enumerate(_STEPS, 1):
        staff = bool(role)
        told = {**payload, "edition": edition.name} if kind == "case.open" else dict(payload)
        actor = people[role] if staff else "loader"
        kind_of = ActorKind.STAFF if staff else ActorKind.SYSTEM
        actions.append(Action(ordinal, kind, step, kind_of, actor, role or None, at, told))
        at += timedelta(milliseconds=round(chance.expovariate(1 / 300_000)) + 1)
    return Walk(tuple(actions))
