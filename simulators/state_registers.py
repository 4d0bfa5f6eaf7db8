"""The state registers of the demo world as a real HTTP server: persons, firms, tax, customs, wanted, pledged."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from messages.clock import TimeScale
from simulators.http_faults import Fault
from simulators.http_service import Question, Refused, Reply, Service

DATA: Final = Path(__file__).parent / "register_data" / "sarytau.yaml"
KEYS: Final[Mapping[str, str]] = {
    "persons": "iin",
    "firms": "bin",
    "tax": "iin_bin",
    "customs": "vin",
    "wanted": "vin",
    "pledged": "vin",
}
"""Which field a register is asked by."""
_REQUIRED: Final = ("request_id", "centre", "officer", "purpose", "question")


class Registers(Service):
    """Answers by the demo's data; may be told to be silent at an hour of its day."""

    def __init__(
        self, token: str, records: Mapping[str, Mapping[str, Any]], silences: tuple[Silence, ...] = ()
    ) -> None:
        super().__init__(token)
        self._records = records
        self._silences = silences
        self._lock = threading.Lock()
        self.asked: list[dict[str, Any]] = []

    def answer(self, question: Question) -> Reply:
        """One record or none; ``/asked`` tells (GET) or forgets (DELETE) what was asked so far."""
        if question.path == "/asked":
            with self._lock:
                if question.method == "DELETE":
                    self.asked.clear()
                return Reply.of(200, {"asked": self.asked})
        register = question.path.removeprefix("/v1/").removesuffix("/query")
        if question.method != "POST" or question.path != f"/v1/{register}/query" or register not in KEYS:
            raise Refused(404, f"there are the registers {', '.join(KEYS)}")
        told = question.json()
        key = _key(register, told)
        with self._lock:
            self.asked.append({"register": register, **told})
        record = self._records.get(register, {}).get(key)
        return Reply.of(
            200,
            {
                "request_id": told["request_id"],
                "register": register,
                "asked": {KEYS[register]: key},
                "found": record is not None,
                "record": record,
            },
        )

    def wrong(self, reply: Reply) -> Reply:
        """The answer to somebody else's question."""
        told = json.loads(reply.body)
        other = {**told, "asked": {name: "0" * len(value) for name, value in told.get("asked", {}).items()}}
        return Reply.of(200, other)

    def fault_of(self, question: Question) -> Fault | None:
        """By order, or by the hour."""
        for silence in self._silences:
            if silence.covers(question.path):
                return Fault(question.path, "hang")
        return super().fault_of(question)


class Silence:
    """``REGISTER@HH:MM+MINUTES``: each day from an hour on, a register does not answer for so many minutes."""

    def __init__(self, text: str, scale: TimeScale, zone: str) -> None:
        self._scale, self._zone = scale, ZoneInfo(zone)
        try:
            self.register, _, span = text.partition("@")
            begin, _, minutes = span.partition("+")
            self._begin = datetime.strptime(begin, "%H:%M").replace(tzinfo=UTC).time()
            self._length = timedelta(minutes=float(minutes))
        except ValueError as error:
            raise ValueError(f"silence {text!r} is not REGISTER@HH:MM+MINUTES") from error
        if self.register not in KEYS:
            raise ValueError(f"silence {text!r}: there are the registers {', '.join(KEYS)}")

    def covers(self, path: str) -> bool:
        """Whether a request of now is not answered."""
        if not path.startswith(f"/v1/{self.register}/"):
            return False
        now = datetime.fromtimestamp(self._scale.at(time.time_ns()) / 1e9, self._zone)
        begin = datetime.combine(now.date(), self._begin, self._zone)
        return begin <= now < begin + self._length


def load(path: Path = DATA) -> dict[str, dict[str, Any]]:
    """The records of each register by the number they are asked by; raises ValueError naming a wrong register."""
    told = yaml.safe_load(path.read_text("utf-8"))
    unknown = set(told) - set(KEYS)
    if unknown:
        raise ValueError(f"{path}: {', '.join(sorted(unknown))}: no such register")
    return {register: dict(told.get(register) or {}) for register in KEYS}


def _key(register: str, told: Mapping[str, Any]) -> str:
    missing = [name for name in _REQUIRED if not told.get(name)]
    if missing:
        raise Refused(422, f"{', '.join(missing)} must be given")
    asked = told["question"]
    if not isinstance(asked, dict) or set(asked) != {KEYS[register]} or not isinstance(asked[KEYS[register]], str):
        raise Refused(422, f"the register {register} is asked by {KEYS[register]} and by nothing else")
    key: str = asked[KEYS[register]]
    return key
