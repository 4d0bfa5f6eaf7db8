"""Which registers are asked, by what, for what purposes and how patiently: dated data, read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from center import rulesets
from center.casework.register_kinds import Register
from center.casework.registers.breaker import Breaker
from center.errors import N_, BadRequest
from center.rulesets import Value

FILE: Final = Path(__file__).parents[1] / "rulesets" / "registers.yaml"
LANGUAGES: Final = ("kk", "ru", "en")
_NUMBER = re.compile(r"[0-9]{12}", re.ASCII)
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}", re.ASCII)
KEYS: Final[Mapping[str, re.Pattern[str]]] = {"iin": _NUMBER, "bin": _NUMBER, "iin_bin": _NUMBER, "vin": _VIN}
"""What a register can be asked by, and how that is written."""
PURPOSES: Final = ("identity", "representation", "vehicle_tax", "vehicle_check")


@dataclass(frozen=True, slots=True)
class RegisterPolicy:
    """How one register is asked."""

    register: Register
    title: Mapping[str, str]
    asked_by: str
    purposes: tuple[str, ...]
    needs_consent: bool
    police_only: bool
    within_s: float
    """For one attempt."""
    attempts: int
    provisional: bool

    def check(self, purpose: str, key: str) -> None:
        """Refuse a purpose or key that this register is not asked with; raises :class:`BadRequest`, naming no value."""
        if purpose not in self.purposes:
            raise BadRequest(
                N_("Register %(register)s is not asked for '%(purpose)s'; allowed are %(purposes)s."),
                register=self.register,
                purpose=purpose[:40],
                purposes=", ".join(self.purposes),
            )
        if KEYS[self.asked_by].fullmatch(key) is None:
            raise BadRequest(
                N_("Register %(register)s is asked by %(asked_by)s, which is not written so."),
                register=self.register,
                asked_by=self.asked_by,
            )


@dataclass(frozen=True, slots=True)
class Policies:
    """All registers, and the breaker that each begins with."""

    registers: Mapping[Register, RegisterPolicy]
    breaker: Breaker

    @property
    def longest_s(self) -> float:
        """Longer than this no question can be under way, pauses between attempts included."""
        return max(one.within_s * one.attempts + one.attempts for one in self.registers.values())


@cache
def load(path: Path = FILE) -> Policies:
    """The policies that ship with the centre; raises :class:`BadRuleData`."""
    return parse(path.read_bytes(), path.name)


def parse(data: bytes, file: str) -> Policies:
    """Policies from a file's bytes; raises :class:`BadRuleData`."""
    names = ("pack", "breaker", "registers")
    root = rulesets.parse(data, file).fields(names, required=names)
    root["pack"].text(("registers",))
    found: dict[Register, RegisterPolicy] = {}
    for value in root["registers"].items():
        policy = _policy(value)
        if policy.register in found:
            value.place.refuse(f"register {policy.register.value!r} stands twice")
        found[policy.register] = policy
    missing = [one.value for one in Register if one not in found]
    if missing:
        root["registers"].place.refuse(f"{', '.join(missing)}: missing")
    return Policies(found, _breaker(root["breaker"]))


def _breaker(value: Value) -> Breaker:
    names = ("opens_after", "open_for_s")
    fields = value.fields(names, required=names)
    return Breaker(fields["opens_after"].integer(1, 100), fields["open_for_s"].number(1.0, 3600.0))


def _policy(value: Value) -> RegisterPolicy:
    names = ("id", "title", "asked_by", "purposes", "needs_consent", "within_s", "attempts", "source", "provisional")
    fields = value.fields((*names, "police_only"), required=names)
    title = fields["title"].fields(LANGUAGES, required=LANGUAGES)
    fields["source"].text()
    return RegisterPolicy(
        register=Register(fields["id"].text([one.value for one in Register])),
        title={name: one.text() for name, one in title.items()},
        asked_by=fields["asked_by"].text(KEYS),
        purposes=tuple(one.text(PURPOSES) for one in fields["purposes"].items()),
        needs_consent=fields["needs_consent"].boolean(),
        police_only=fields["police_only"].boolean() if "police_only" in fields else False,
        within_s=fields["within_s"].number(0.1, 60.0),
        attempts=fields["attempts"].integer(1, 5),
        provisional=fields["provisional"].boolean(),
    )
