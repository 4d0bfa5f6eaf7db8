"""A real Mosquitto with the credentials and topic rules of a centre, for one test."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from messages import topics
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

CENTRE_USER = "centre"

# Without these limits lifted Mosquitto drops silently what a slow subscriber has not taken. What it forgets when killed
# the outboxes send again (docs/decisions/0003-broker-saves-each-second.md).
_CONFIGURATION = """\
listener {port} 127.0.0.1
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/acl
max_queued_messages 0
max_inflight_messages 0
persistence true
persistence_location {folder}/
autosave_on_changes false
autosave_interval 1
log_dest stdout
log_type error
log_type warning
connection_messages false
"""


@dataclass
class Mosquitto:
    """A broker on a loopback port; ``password_of`` knows the centre's user and every gateway's."""

    program: Path
    folder: Path
    port: int
    password_of: dict[str, str]
    host: str = "127.0.0.1"
    _server: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, user: str = CENTRE_USER) -> str:
        """``mqtt://user:password@127.0.0.1:port`` for one of the users."""
        return f"mqtt://{user}:{self.password_of[user]}@{self.host}:{self.port}"

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


def access_rules(centre_id: str, gateway_ids: Sequence[str]) -> str:
    """The ACL file: the centre reads and writes all; a gateway writes its own topics, and reads its acknowledgements
    and the centre's orders.
    """
    lines = [f"user {CENTRE_USER}", f"topic readwrite {topics.everything_of(centre_id)}"]
    for gateway_id in gateway_ids:
        lines += [
            f"user {gateway_id}",
            f"topic write {topics.ROOT}/{centre_id}/{gateway_id}/#",
            f"topic read {topics.acknowledgements_of(centre_id, gateway_id)}",
            f"topic read {topics.control_topic(centre_id)}",
        ]
    return "\n".join(lines) + "\n"


def _write_settings(folder: Path, port: int, centre_id: str, passwords: dict[str, str]) -> None:
    hasher = find_program("mosquitto_passwd")
    if hasher is None:
        missing_service("mosquitto")
    password_file = folder / "passwords"
    password_file.write_text("".join(f"{user}:{password}\n" for user, password in passwords.items()))
    subprocess.run([hasher, "-U", password_file], check=True, capture_output=True)
    access_file = folder / "acl"
    access_file.write_text(access_rules(centre_id, [user for user in passwords if user != CENTRE_USER]))
    for path in (password_file, access_file):
        path.chmod(0o600)
    hand_over(password_file, access_file)
    (folder / "conf").write_text(_CONFIGURATION.format(port=port, folder=folder))


StartMosquitto = Callable[..., Mosquitto]


@pytest.fixture
def start_mosquitto() -> Iterator[StartMosquitto]:
    """``start_mosquitto(gateways=[...], centre_id="sarytau")`` starts a broker that ends with the test."""
    program = find_program("mosquitto")
    if program is None:
        missing_service("mosquitto")
    with ExitStack() as stack:

        def start(gateways: Sequence[str] = (), *, centre_id: str = "sarytau") -> Mosquitto:
            folder = stack.enter_context(private_folder("mosquitto"))
            passwords = {user: f"password-of-{user}" for user in (CENTRE_USER, *gateways)}
            port = free_port()
            _write_settings(folder, port, centre_id, passwords)
            broker = Mosquitto(program, folder, port, passwords)
            broker.start()
            stack.callback(broker.kill)
            return broker

        yield start
