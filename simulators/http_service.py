"""A simulated outside system as a real HTTP server that can be made to misbehave by ``/faults``."""

from __future__ import annotations

import hmac
import json
import os
import signal
import socket
import sys
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from simulators.http_faults import BadFault, Fault, Faults

_LONGEST_BODY: Final = 1 << 20
_LONGEST_HANG_S: Final = 3600.0
_DRIP_EVERY_S: Final = 0.05
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Question:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """By name in small letters."""
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; raises :class:`Refused`."""
        try:
            told = json.loads(self.body)
        except ValueError as error:
            raise Refused(400, "the body is no JSON") from error
        if not isinstance(told, dict):
            raise Refused(400, "the body is no JSON object")
        return told


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    status: int
    body: bytes
    kind: str = _JSON
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, told: Any) -> Reply:
        """An answer in JSON."""
        return cls(status, json.dumps(told, ensure_ascii=False).encode())


class Refused(Exception):
    """The asker is answered with an error of his own."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Service(ABC):
    """What one outside system answers."""

    token: str
    """What an asker shows as ``Authorization: Bearer``; ``/faults`` and open paths need none."""
    open_paths: tuple[str, ...] = ()

    def __init__(self, token: str) -> None:
        self.token = token
        self.faults = Faults()

    @abstractmethod
    def answer(self, question: Question) -> Reply:
        """Do what is asked; raises :class:`Refused`."""

    def wrong(self, reply: Reply) -> Reply:
        """The answer to another question, in the same form."""
        return reply

    def fault_of(self, question: Question) -> Fault | None:
        """What is wrong with this request, by order."""
        return self.faults.take(question.path)


def serve(service: Service, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """A server that is bound and listens; ``serve_forever`` is the caller's."""

    class Handler(_Handler):
        pass

    Handler.service = service
    return _Server((host, port), Handler)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that has hung up is no error of ours; anything else is told on stderr."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    service: Service
    timeout = 60

    def _serve(self) -> None:
        question = self._question()
        if question is None:
            return
        if question.path == "/faults":
            self._send(self._control(question))
            return
        fault = self.service.fault_of(question)
        if fault is not None and fault.when == "before" and self._misbehaves(fault, None):
            return
        reply = self._reply(question)
        if fault is not None:
            if fault.kind == "wrong":
                reply = self.service.wrong(reply)
            elif (fault.when == "after" or fault.kind in _SPOILS_ANSWERS) and self._misbehaves(fault, reply):
                return
        self._send(reply)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815  (names of the base class)

    def _question(self) -> Question | None:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= _LONGEST_BODY:
            self._send(Reply.of(413, {"error": f"a body has at most {_LONGEST_BODY} bytes"}))
            return None
        address = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Question(self.command, address.path, query, headers, self.rfile.read(length))

    def _reply(self, question: Question) -> Reply:
        try:
            if not question.path.startswith(self.service.open_paths or ("\0",)):
                self._check_token(question)
            return self.service.answer(question)
        except Refused as refusal:
            return Reply.of(refusal.status, {"error": str(refusal)})

    def _check_token(self, question: Question) -> None:
        shown = question.headers.get("authorization", "")
        if not hmac.compare_digest(shown.encode(), f"Bearer {self.service.token}".encode()):
            raise Refused(401, "this token is not known here")

    def _control(self, question: Question) -> Reply:
        faults = self.service.faults
        try:
            if question.method == "PUT":
                faults.order(question.json())
            elif question.method == "DELETE":
                faults.mend()
        except (BadFault, Refused) as error:
            return Reply.of(400, {"error": str(error)})
        return Reply.of(200, {"faults": faults.as_fields()})

    def _misbehaves(self, fault: Fault, reply: Reply | None) -> bool:
        """Go wrong; whether that was the whole answer."""
        if fault.kind == "delay":
            time.sleep(fault.seconds)
            return False
        if fault.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if fault.kind == "hang":
            self.service.faults.mended.wait(_LONGEST_HANG_S)
        elif fault.kind == "error":
            self._send(Reply.of(500, {"error": "by order"}))
        elif fault.kind == "garbage":
            self._send(Reply(200, b'<html>\xff\xfe{"found": tru', "text/html"))
        elif fault.kind in _SPOILS_ANSWERS:
            return reply is not None and self._spoil(fault, reply)
        if fault.kind in ("hang", "drop"):
            self.connection.shutdown(socket.SHUT_RDWR)
        return fault.kind in ("hang", "error", "garbage", "drop")

    def _spoil(self, fault: Fault, reply: Reply) -> bool:
        if fault.kind == "truncated":
            self._send_head(reply, len(reply.body))
            self.wfile.write(reply.body[: len(reply.body) // 2])
        elif fault.kind == "flood":
            self._send_head(reply, None)
            while True:
                self.wfile.write(b" " * 65536)
        else:
            self._send_head(reply, None)
            while not self.service.faults.mended.wait(_DRIP_EVERY_S):
                self.wfile.write(b" ")
                self.wfile.flush()
        return True

    def _send(self, reply: Reply) -> None:
        self._send_head(reply, len(reply.body))
        self.wfile.write(reply.body)

    def _send_head(self, reply: Reply, length: int | None) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (name of the base class)
        """Nothing is logged: requests name people."""


_SPOILS_ANSWERS: Final = frozenset({"drip", "flood", "truncated"})
