"""Where the broker is, how to get in, and that nothing goes to it unencrypted over a network."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

Kind = TypeVar("Kind", bound=Client)


class UnsafeBroker(ValueError):
    """A broker address that would send readings and passwords unencrypted over a network."""


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is and how to get in. Outside loopback TLS is compulsory."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: str | None = None
    """The authority to trust (PEM); None: the system's."""

    def __post_init__(self) -> None:
        if not self.tls and not is_loopback(self.host):
            raise UnsafeBroker(f"the broker at {self.host}:{self.port} is not on this machine: mqtts:// is compulsory")

    @classmethod
    def parse(cls, url: str, *, ca_file: str | None = None) -> BrokerAddress:
        """Read ``mqtt://user:password@host:port`` or ``mqtts://…``; raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise ValueError("a broker's address is mqtt://[user:password@]host[:port] or mqtts://…")
        tls = parts.scheme == "mqtts"
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        return cls(parts.hostname, parts.port or (8883 if tls else 1883), user, password, tls, ca_file)

    def new_client(self, client_id: str, *, clean_session: bool = True) -> Client:
        """A paho client (MQTT 3.1.1) with these credentials, not connected yet."""
        return self.new_client_of(Client, client_id, clean_session=clean_session)

    def new_client_of(self, kind: type[Kind], client_id: str, *, clean_session: bool = True) -> Kind:
        """The same of a kind of client that does some things in a way of its own."""
        client = kind(
            CallbackAPIVersion.VERSION2,
            client_id,
            clean_session=clean_session,
            protocol=MQTTv311,
            reconnect_on_failure=False,
        )
        if self.username is not None:
            client.username_pw_set(self.username, self.password)
        if self.tls:
            client.tls_set_context(ssl.create_default_context(cafile=self.ca_file))
        return client


def is_loopback(host: str) -> bool:
    """Whether a host name can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
