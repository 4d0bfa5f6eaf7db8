"""The demo's own broker: Mosquitto if it is on the PATH, else nats-server, on a loopback port, gone with its parent.

Both know the same users: ``centre``, which may read and write all of its centre's topics, and each gateway, which may
write below its own name only and read its acknowledgements and the centre's orders. Mosquitto gets a password file and
an ACL; nats-server the same as permissions on subjects, where MQTT's ``/`` is ``.`` and ``+`` is ``*``.
"""

from __future__ import annotations

import json
import logging
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from center.errors import StorageFault
from center.processes import die_with_parent
from messages import topics

_log = logging.getLogger(__name__)
_UP_WITHIN_S = 15.0

# Without these limits lifted Mosquitto drops silently what a slow subscriber has not taken. What it forgets when killed
# the outboxes send again (docs/decisions/0003-broker-saves-each-second.md).
_MOSQUITTO = """\
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
log_dest file {folder}/log
log_type error
log_type warning
connection_messages false
"""


def mosquitto_settings(folder: Path, port: int) -> str:
    """Mosquitto's configuration with files ``passwords``, ``acl`` and ``log`` in a folder, on a loopback port."""
    return _MOSQUITTO.format(folder=folder, port=port)


@dataclass(slots=True)
class EmbeddedBroker:
    """A broker that runs as a child."""

    name: str
    """``mosquitto`` or ``nats-server``."""
    port: int
    passwords: dict[str, str]
    folder: Path
    _command: list[str]
    process: subprocess.Popen[bytes] | None = None

    def url(self, user: str = topics.CENTRE_GATEWAY) -> str:
        """``mqtt://user:password@127.0.0.1:port``."""
        return f"mqtt://{user}:{self.passwords[user]}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, again after a crash too, and wait until it answers; raises :class:`StorageFault`."""
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                self._command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent,
            )
        deadline = time.monotonic() + _UP_WITHIN_S
        while not _answers(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise StorageFault(f"The embedded broker {self.name} did not come up; see {self.folder / 'output'}.")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5.0)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5.0)


def embed(folder: Path, centre_id: str, gateways: Sequence[str], *, prefer: str | None = None) -> EmbeddedBroker:
    """A broker with fresh passwords, not started yet; ``prefer`` names one of the two kinds."""
    folder.mkdir(parents=True, exist_ok=True)
    passwords = {user: secrets.token_urlsafe(24) for user in (topics.CENTRE_GATEWAY, *gateways)}
    port = _free_port()
    mosquitto = shutil.which("mosquitto") or shutil.which(
        "mosquitto", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
    )
    hasher = shutil.which("mosquitto_passwd")
    if mosquitto and hasher and prefer != "nats-server":
        _write_mosquitto(folder, port, centre_id, passwords, hasher)
        return EmbeddedBroker("mosquitto", port, passwords, folder, [mosquitto, "-c", str(folder / "conf")])
    nats = shutil.which("nats-server") or _beside_python("nats-server")
    if nats is None:
        raise StorageFault("Neither mosquitto nor nats-server is on this machine.")
    _write_nats(folder, port, centre_id, passwords)
    return EmbeddedBroker("nats-server", port, passwords, folder, [nats, "-c", str(folder / "conf")])


def permissions(centre_id: str, user: str) -> tuple[list[str], list[str]]:
    """Topic filters that a user may publish to, and that it may subscribe to."""
    everything = topics.everything_of(centre_id)
    if user == topics.CENTRE_GATEWAY:
        return [everything], [everything]
    own = f"{topics.ROOT}/{centre_id}/{user}/#"
    return [own], [topics.acknowledgements_of(centre_id, user), topics.control_topic(centre_id)]


def access_rules(centre_id: str, users: Sequence[str]) -> str:
    """Mosquitto's ACL file: the same permissions, user by user."""
    lines = []
    for user in users:
        writes, reads = permissions(centre_id, user)
        lines += [f"user {user}", *(f"topic write {one}" for one in writes), *(f"topic read {one}" for one in reads)]
    return "\n".join(lines) + "\n"


def _write_mosquitto(folder: Path, port: int, centre_id: str, passwords: dict[str, str], hasher: str) -> None:
    password_file = folder / "passwords"
    _write_secret(password_file, "".join(f"{user}:{password}\n" for user, password in passwords.items()))
    subprocess.run([hasher, "-U", str(password_file)], check=True, capture_output=True)
    _write_secret(folder / "acl", access_rules(centre_id, list(passwords)))
    _write_secret(folder / "conf", mosquitto_settings(folder, port) + _own_user())


def _own_user() -> str:
    """As root Mosquitto would become a user of its own, who cannot read our folder."""
    return f"user {pwd.getpwuid(os.getuid()).pw_name}\n" if os.geteuid() == 0 else ""


def _write_nats(folder: Path, port: int, centre_id: str, passwords: dict[str, str]) -> None:
    users = []
    for user, password in passwords.items():
        writes, reads = permissions(centre_id, user)
        allowed = {"publish": _subjects(writes), "subscribe": _subjects(reads)}
        users.append({"user": user, "password": password, "permissions": allowed})
    conf = {
        "server_name": f"speccenter-{centre_id}",
        "host": "127.0.0.1",
        "port": -1,
        "jetstream": {"store_dir": str(folder / "jetstream"), "sync_interval": "always"},
        # A session's subscriptions share 65,535 places; a gateway has two.
        "mqtt": {"host": "127.0.0.1", "port": port, "max_ack_pending": 20000, "ack_wait": "30s"},
        "authorization": {"users": users},
        "log_file": str(folder / "log"),
    }
    _write_secret(folder / "conf", json.dumps(conf, indent=1))


def _subjects(filters: Sequence[str]) -> list[str]:
    """MQTT topic filters as NATS subjects; the MQTT gateway itself needs its own subjects beside them."""
    subjects = [one.replace(".", "//").replace("/", ".").replace("+", "*").replace("#", ">") for one in filters]
    # In MQTT a/# means a as well, for which nats-server makes a subscription of its own.
    bases = [one.removesuffix(".>") for one in subjects if one.endswith(".>")]
    return [*subjects, *bases, "$MQTT.>", "_INBOX.>"]


def _write_secret(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _beside_python(name: str) -> str | None:
    return shutil.which(name, path=str(Path(sys.executable).parent))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
