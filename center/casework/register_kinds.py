"""The registers of the state, by name."""

from __future__ import annotations

from enum import StrEnum


class Register(StrEnum):
    """A register of the state."""

    PERSONS = "persons"
    FIRMS = "firms"
    TAX = "tax"
    CUSTOMS = "customs"
    WANTED = "wanted"
    PLEDGED = "pledged"
