"""A real Mosquitto with the credentials and topic rules of a centre, for one test."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from center.commands.broker import access_rules, mosquitto_settings
from messages import topics
from tests.services.certificates import Certificate
from tests.services.missing import missing_service
from tests.services.processes import (
    answers_on,
    find_program,
    free_port,
    hand_over,
    private_folder,
    start_server,
    stop_server,
    wait_until,
)

CENTRE_USER = topics.CENTRE_GATEWAY

_TLS = """\
listener {port} 127.0.0.1
certfile {folder}/server.pem
keyfile {folder}/server.key
"""


@dataclass
class Mosquitto:
    """A broker on a loopback port; ``password_of`` knows the centre's user and every gateway's."""

    program: Path
    folder: Path
    port: int
    password_of: dict[str, str]
    tls_port: int = 0
    """Where it speaks TLS, if it has a certificate."""
    host: str = "127.0.0.1"
    _server: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, user: str = CENTRE_USER) -> str:
        """``mqtt://user:password@127.0.0.1:port`` for one of the users."""
        return f"mqtt://{user}:{self.password_of[user]}@{self.host}:{self.port}"

    def tls_url(self, user: str = CENTRE_USER, host: str = "localhost") -> str:
        """``mqtts://user:password@host:port`` for one of the users."""
        return f"mqtts://{user}:{self.password_of[user]}@{host}:{self.tls_port}"

    def start(self) -> None:
        """Start, or start again on the same port and the same folder, and wait until it answers."""
        log = self.folder / "log"
        server = start_server([self.program, "-c", self.folder / "conf"], folder=self.folder, log=log)
        self._server = server
        wait_until(lambda: answers_on(self.port), server, log)

    def stop(self) -> None:
        """End it in good order: it saves its state."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Freeze the process: connections stay, nothing answers."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen process go on."""
        assert self._server is not None
        self._server.send_signal(signal.SIGCONT)

    def log(self) -> str:
        """What it has written so far."""
        return (self.folder / "log").read_text(errors="replace")

    def _end(self, how: signal.Signals) -> None:
        if self._server is not None:
            self._server.send_signal(signal.SIGCONT)
            stop_server(self._server, how=how)
            self._server = None


def _write_settings(folder: Path, port: int, centre_id: str, passwords: dict[str, str]) -> None:
    hasher = find_program("mosquitto_passwd")
    if hasher is None:
        missing_service("mosquitto")
    password_file = folder / "passwords"
    password_file.write_text("".join(f"{user}:{password}\n" for user, password in passwords.items()))
    subprocess.run([hasher, "-U", password_file], check=True, capture_output=True)
    access_file = folder / "acl"
    access_file.write_text(access_rules(centre_id, list(passwords)))
    for path in (password_file, access_file):
        path.chmod(0o600)
    hand_over(password_file, access_file)
    (folder / "conf").write_text(mosquitto_settings(folder, port))


def _add_tls(folder: Path, port: int, certificate: Certificate) -> None:
    key = folder / "server.key"
    key.write_bytes(certificate.key)
    key.chmod(0o600)
    hand_over(key)
    (folder / "server.pem").write_bytes(certificate.certificate)
    with (folder / "conf").open("a") as conf:
        conf.write(_TLS.format(port=port, folder=folder))


StartMosquitto = Callable[..., Mosquitto]


@pytest.fixture
def start_mosquitto() -> Iterator[StartMosquitto]:
    """``start_mosquitto(gateways=[...], centre_id="sarytau")`` starts a broker that ends with the test.

    With a ``certificate`` it speaks TLS on a second port.
    """
    program = find_program("mosquitto")
    if program is None:
        missing_service("mosquitto")
    with ExitStack() as stack:

        def start(
            gateways: Sequence[str] = (), *, centre_id: str = "sarytau", certificate: Certificate | None = None
        ) -> Mosquitto:
            folder = stack.enter_context(private_folder("mosquitto"))
            passwords = {user: f"password-of-{user}" for user in (CENTRE_USER, *gateways)}
            port = free_port()
            _write_settings(folder, port, centre_id, passwords)
            tls_port = 0
            if certificate is not None:
                tls_port = free_port()
                _add_tls(folder, tls_port, certificate)
            broker = Mosquitto(program, folder, port, passwords, tls_port)
            broker.start()
            stack.callback(broker.kill)
            return broker

        yield start
