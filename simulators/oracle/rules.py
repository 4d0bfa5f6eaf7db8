"""The rule data as the oracle reads it: straight from the pack's YAML, without the centre's loader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Rule:
    """One error of the pack."""

    id: str
    exercise: str
    observation: str
    parameters: dict[str, Any]
    limit: float
    far_tolerance: float
    at_least: bool
    points: int
    repeats: str
    supersedes: tuple[str, ...]

    @property
    def debounce_s(self) -> float:
        """What a signal may last before it counts."""
        return float(self.parameters.get("debounce_s", 0.0))


@dataclass(frozen=True, slots=True)
class Pack:
    """The edition in force on one day: points add up from ``start`` and fail over ``threshold``, or come off it."""

    name: str
    rules: tuple[Rule, ...]
    adds: bool
    start: int
    threshold: int


def read_pack(data: bytes, on: date) -> Pack:
    """The pack's edition in force on that day; raises ValueError if there is none, KeyError if a field is missing."""
    document = yaml.load(data, Loader=yaml.CSafeLoader)
    editions = [edition for edition in document["editions"] if edition["valid_from"] <= on]
    if not editions:
        raise ValueError(f"pack {document['pack']} has no edition in force on {on.isoformat()}")
    edition = max(editions, key=lambda one: one["valid_from"])
    scheme = edition["scheme"]
    adds = scheme["direction"] == "add"
    return Pack(
        name=document["pack"],
        rules=tuple(_rule(fields) for fields in edition["rules"]),
        adds=adds,
        start=int(scheme["start"]),
        threshold=int(scheme["fails_over" if adds else "passes_at"]),
    )


def _rule(fields: dict[str, Any]) -> Rule:
    limit = fields["limit"]
    return Rule(
        id=fields["id"],
        exercise=fields["exercise"],
        observation=fields["observation"],
        parameters=fields.get("parameters", {}),
        limit=float(limit["value"]),
        far_tolerance=float(limit["far_tolerance"]),
        at_least=bool(limit.get("at_least", False)),
        points=int(fields["points"]["value"]),
        repeats=fields["repeats"],
        supersedes=tuple(fields.get("supersedes", ())),
    )
