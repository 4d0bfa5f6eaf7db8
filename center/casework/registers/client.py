"""Asking the state registers over HTTP: time-outs, retries and a breaker for each; what is not an answer is silence."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from center.casework.outside_call import Failure, NoAnswer, Outgoing, call
from center.casework.register_kinds import Register
from center.casework.registers.answers import Answer, BadAnswer, read_answer
from center.casework.registers.policy import Policies, RegisterPolicy
from center.database import new_id

_log = logging.getLogger(__name__)
_PAUSE_S: Final = 0.3
"""Between two attempts."""
BREAKER_OPEN: Final = "breaker_open"
REFUSED: Final = "refused"
NOT_CONFIGURED: Final = "not_configured"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: by whom, for what, with what consent; the key is personal and is never shown."""

    register: Register
    purpose: str
    officer: str
    """Account id."""
    case_id: str
    consent: str | None
    """Id of the case's action in which the applicant consented."""
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Silence:
    """The register does not answer; nothing is known and nothing may be assumed."""

    reason: str
    attempts: int


class RegisterClient:
    """Asks; safe to use from many threads. An empty address means that this centre has no registers: all are silent."""

    def __init__(
        self,
        url: str,
        token: str,
        centre_id: str,
        policies: Policies,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._centre_id = centre_id
        self.policies = policies
        self._monotonic = monotonic
        self._pause = pause
        self._lock = threading.Lock()
        self._breakers = dict.fromkeys(policies.registers, policies.breaker)

    def ask(self, question: Question) -> Answer | Silence:
        """Ask as often as the policy says. Raises :class:`BadRequest` for what this register is not asked."""
        policy = self.policies.registers[question.register]
        policy.check(question.purpose, question.key)
        if not self._url:
            return Silence(NOT_CONFIGURED, 0)
        silence = Silence(BREAKER_OPEN, 0)
        for attempt in range(1, policy.attempts + 1):
            if attempt > 1:
                self._pause(_PAUSE_S)
            if not self._goes_out(question.register):
                return silence
            told = self._attempt(question, policy, attempt)
            if isinstance(told, Answer) or told.reason == REFUSED:
                return told
            silence = told
        return silence

    def is_left_alone(self, register: Register) -> bool:
        """Whether the breaker keeps requests from this register now."""
        with self._lock:
            return not self._breakers[register].lets_through(self._monotonic())

    def _attempt(self, question: Question, policy: RegisterPolicy, attempt: int) -> Answer | Silence:
        answered = False
        try:
            answer = self._exchange(question, policy)
            answered = True
            return answer
        except NoAnswer as error:
            # Neither the question nor the reply: both name people.
            _log.warning("Register %s, attempt %s: %s.", question.register, attempt, error)
            return Silence(error.failure.value, attempt)
        except _Refusal as refusal:
            answered = True
            _log.error("Register %s refuses this centre's question with status %s.", question.register, refusal.status)
            return Silence(REFUSED, attempt)
        finally:
            self._ended(question.register, answered=answered)

    def _exchange(self, question: Question, policy: RegisterPolicy) -> Answer:
        request_id, asked = new_id(), {policy.asked_by: question.key}
        told = {
            "request_id": request_id,
            "centre": self._centre_id,
            "officer": question.officer,
            "case": question.case_id,
            "purpose": question.purpose,
            "consent": question.consent,
            "question": asked,
        }
        request = Outgoing(
            "POST",
            f"{self._url}/v1/{question.register}/query",
            msgspec.json.encode(told),
            {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        reply = call(request, within_s=policy.within_s)
        if 400 <= reply.status < 500:
            raise _Refusal(reply.status)
        if reply.status != 200:
            raise NoAnswer(Failure.ERROR_STATUS, f"the answer is status {reply.status}")
        try:
            return read_answer(reply.body, question.register, request_id, asked)
        except BadAnswer as error:
            raise NoAnswer(Failure.GARBAGE, str(error)) from error

    def _goes_out(self, register: Register) -> bool:
        with self._lock:
            breaker = self._breakers[register]
            if not breaker.lets_through(self._monotonic()):
                return False
            self._breakers[register] = breaker.sent()
            return True

    def _ended(self, register: Register, *, answered: bool) -> None:
        with self._lock:
            breaker = self._breakers[register]
            self._breakers[register] = breaker.answered() if answered else breaker.failed(self._monotonic())


class _Refusal(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


def answers_within(policies: Policies, within_s: float) -> Policies:
    """The same policies with less patience, for tests and drills."""
    registers = {name: replace(one, within_s=within_s) for name, one in policies.registers.items()}
    return replace(policies, registers=registers)
