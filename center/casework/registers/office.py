"""What every action about registers needs at hand, and where in the vault their answers lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from center.casework.register_kinds import Register
from center.casework.registers.client import RegisterClient
from center.clock import Clock
from center.database import Database
from center.journal.vault import Vault

SYSTEM: Final = "registers"
"""Who acts when a register answers, or a question that a crash cut off is closed."""


@dataclass(frozen=True, slots=True)
class RegisterOffice:
    """The parts that work together."""

    database: Database
    vault: Vault
    client: RegisterClient
    clock: Clock


def subject_of(case_id: str, *, police_only: bool = False) -> str:
    """Under which subject of the vault a case's answers lie: what only the police may see lies apart."""
    return f"police:{case_id}" if police_only else f"case:{case_id}"


def field_of(register: Register, read_id: str) -> str:
    """The field of one answer."""
    return f"register:{register.value}:{read_id}"


def register_of(field: str) -> tuple[Register, str] | None:
    """Register and read of a field, if it holds an answer."""
    word, _, rest = field.partition(":")
    register, _, read_id = rest.partition(":")
    return (Register(register), read_id) if word == "register" else None
