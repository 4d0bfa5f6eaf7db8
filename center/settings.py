"""The one typed settings object, read from the environment (prefix ``SPECCENTER_``); unsafe ones refuse to start."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from center.clock import Clock
from center.errors import UnsafeSettings
from messages.broker import BrokerAddress, is_loopback
from messages.clock import TimeScale
from messages.steered_clock import machine_clock

DEMO_SECRET: Final = "demo-"
"""How a secret begins that the demo has made for its simulators."""
_SECRET_LENGTH: Final = 32
_OUTSIDE: Final = {
    "payment_url": ("payment_token", "payment_secret"),
    "registers_url": ("registers_token",),
}
"""Address of a system outside → the secrets that go with it."""


class Settings(BaseSettings):
    """Every setting, with what it means and in which unit."""

    model_config = SettingsConfigDict(env_prefix="SPECCENTER_", extra="ignore", frozen=True)

    site: Annotated[Path, Field(description="Folder with the centre's survey (sites/sarytau).")] = Path("sites/sarytau")
    data: Annotated[
        Path, Field(description="Folder for what the centre keeps: intake log, exam recordings, default databases.")
    ] = Path("data")
    database_url: Annotated[
        str, Field(description="SQLAlchemy address of the database; empty: a SQLite file in the data folder.")
    ] = ""
    vault_url: Annotated[
        str,
        Field(description="Address of the vault of personal values, another store; empty: SQLite in the vault folder."),
    ] = ""
    vault: Annotated[
        Path, Field(description="Folder of the vault and its master key; never in the same backup as the data folder.")
    ] = Path("vault")
    broker_url: Annotated[
        str,
        Field(
            description="MQTT broker with the centre's credential: mqtt://user:password@host:port, mqtts:// for TLS."
        ),
    ] = "mqtt://127.0.0.1:1883"
    broker_ca: Annotated[
        Path | None,
        Field(description="Authority (PEM) that the broker's certificate must come from; empty: the system's."),
    ] = None
    control_key: Annotated[
        Path,
        Field(description="Private key (PEM, Ed25519) of the centre's own device, which publishes orders; made once."),
    ] = Path("vault/exam-control.pem")
    origin: Annotated[
        str,
        Field(
            description="Address at which browsers reach the pages (https://centre.example); passkeys are bound to its "
            "host. Empty: http://localhost:PORT, or https:// with a certificate."
        ),
    ] = ""
    host: Annotated[
        str, Field(description="Address to serve pages on; other than loopback only with a certificate.")
    ] = "127.0.0.1"
    tls_certificate: Annotated[
        Path | None, Field(description="Certificate of the pages with its chain (PEM), as `center tls make` writes it.")
    ] = None
    tls_key: Annotated[Path | None, Field(description="Its private key (PEM).")] = None
    port: Annotated[int, Field(ge=0, le=65535, description="TCP port of the pages.")] = 8000
    rules: Annotated[str, Field(description="Rule pack by name, or name@date for one edition.")] = "kz"
    demo: Annotated[
        bool,
        Field(
            description="Whether this is the demo: simulated devices, provisional rules and simulated time are let in."
        ),
    ] = False
    demo_socket: Annotated[
        Path | None, Field(description="Socket on which the demo takes what to break and mend; set by the demo itself.")
    ] = None
    time_scale: Annotated[
        str, Field(description="Simulated time START_NS:ORIGIN_NS:RATE[:FILE]; empty: the machine's clock. Demo only.")
    ] = ""
    payment_url: Annotated[
        str, Field(description="Address of the payment gateway; empty: fees cannot be paid through the centre.")
    ] = ""
    payment_token: Annotated[
        SecretStr, Field(description="What the centre shows to the payment gateway, at least 32 characters.")
    ] = SecretStr("")
    payment_secret: Annotated[
        SecretStr, Field(description="Key (HMAC-SHA256) of the gateway's call-backs, at least 32 characters.")
    ] = SecretStr("")
    payment_callback_url: Annotated[
        str,
        Field(
            description="Where the gateway tells the centre what was paid; empty: on this machine at the pages' port."
        ),
    ] = ""
    registers_url: Annotated[
        str, Field(description="Address of the state registers; empty: every register is silent.")
    ] = ""
    registers_token: Annotated[
        SecretStr, Field(description="What the centre shows to the state registers, at least 32 characters.")
    ] = SecretStr("")
    group_fsync_ms: Annotated[
        int, Field(ge=1, le=20, description="How long (ms) messages are gathered before one fsync covers them.")
    ] = 3
    acknowledge_every_s: Annotated[
        float, Field(gt=0, description="At most one acknowledgement a device in so many seconds of the machine's time.")
    ] = 0.2
    future_tolerance_s: Annotated[
        float, Field(gt=0, description="A message dated further ahead of its arrival (s) is recorded, never scored.")
    ] = 2.0
    closing_grace_s: Annotated[
        float,
        Field(
            gt=0, description="How long (s) after its end an exam waits for outboxes to drain and digests to cover it."
        ),
    ] = 20.0
    intake_kept_days: Annotated[
        float,
        Field(
            gt=0,
            description="Intake log files that ended so many days ago are deleted unless an open exam needs them.",
        ),
    ] = 30.0
    fresh_within_s: Annotated[
        float,
        Field(gt=0, description="A car's reading older than this (s) does not show that its sensor is fit to start."),
    ] = 2.0
    corrections_within_s: Annotated[
        float, Field(gt=0, description="Satellite corrections older than this (s) are stale: no start.")
    ] = 5.0

    @field_validator("time_scale")
    @classmethod
    def _readable_scale(cls, text: str) -> str:
        if text:
            machine_clock(TimeScale.parse(text))
        return text

    @property
    def callback_url(self) -> str:
        """Where the payment gateway tells what was paid, with its default filled in."""
        return self.payment_callback_url or f"http://127.0.0.1:{self.port}/payments/callback"

    @property
    def public_origin(self) -> str:
        """The address of the pages, with its default filled in."""
        scheme = "https" if self.tls_certificate else "http"
        return self.origin.rstrip("/") or f"{scheme}://localhost:{self.port}"

    @property
    def main_database(self) -> str:
        """Address of the database, with its default filled in."""
        return self.database_url or f"sqlite:///{self.data / 'centre.sqlite3'}"

    @property
    def vault_database(self) -> str:
        """Address of the vault, with its default filled in."""
        return self.vault_url or f"sqlite:///{self.vault / 'vault.sqlite3'}"

    @property
    def recordings(self) -> Path:
        """Where closed exams lie."""
        return self.data / "recordings"

    @property
    def intake(self) -> Path:
        """Where everything that arrives is written first."""
        return self.data / "intake"

    @property
    def broker(self) -> BrokerAddress:
        """Where the broker is and how the centre gets in; raises ValueError."""
        return BrokerAddress.parse(self.broker_url, ca_file=str(self.broker_ca) if self.broker_ca else None)

    @property
    def clock(self) -> Clock:
        """The centre's clock."""
        scale = TimeScale.parse(self.time_scale) if self.time_scale else TimeScale()
        return Clock(scale, machine_clock(scale))


def load_settings(**given: object) -> Settings:
    """Settings from the environment, over them what is given; raises :class:`UnsafeSettings` naming each fault."""
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = "; ".join(f"{_variable(fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise UnsafeSettings(faults) from error
    refuse_unsafe(settings)
    return settings


def refuse_unsafe(settings: Settings) -> None:
    """Refuse what is fine in the demo only; raises :class:`UnsafeSettings`."""
    faults = [] if settings.demo else _unsafe_outside_the_demo(settings)
    try:
        settings.broker  # noqa: B018
    except ValueError as error:
        faults.append(f"SPECCENTER_BROKER_URL: {error}")
    faults += _broker_ca_faults(settings)
    faults += _outside_faults(settings)
    faults += _unsafe_addresses(settings)
    if settings.main_database == settings.vault_database:
        faults.append("SPECCENTER_VAULT_URL is the database itself; personal values are kept in another store")
    if faults:
        raise UnsafeSettings("; ".join(faults))


def _unsafe_addresses(settings: Settings) -> list[str]:
    """Outside loopback nothing is served or reached without TLS, the demo included."""
    faults = []
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        faults.append("SPECCENTER_TLS_CERTIFICATE and SPECCENTER_TLS_KEY go together; one of them is missing")
    if not is_loopback(settings.host) and settings.tls_certificate is None:
        faults.append(
            f"SPECCENTER_HOST: {settings.host!r} is not a loopback address, and there TLS is compulsory "
            "(center tls make)"
        )
    address = urlsplit(settings.public_origin)
    if address.scheme not in ("http", "https") or not address.hostname or address.path or address.query:
        faults.append(f"SPECCENTER_ORIGIN: {settings.origin!r} is no address like https://centre.example")
    elif address.scheme == "http" and not is_loopback(address.hostname):
        faults.append(f"SPECCENTER_ORIGIN: {settings.origin!r} is not on this machine: https:// is compulsory")
    return faults


def _unsafe_outside_the_demo(settings: Settings) -> list[str]:
    faults = []
    if settings.time_scale:
        faults.append("SPECCENTER_TIME_SCALE: simulated time is for the demo only")
    if not urlsplit(settings.broker_url).password:
        faults.append("SPECCENTER_BROKER_URL carries no password for the centre's broker user")
    if settings.vault.resolve().is_relative_to(settings.data.resolve()):
        faults.append(f"SPECCENTER_VAULT: {settings.vault} lies in the data folder and would get into the same backup")
    return faults


def _broker_ca_faults(settings: Settings) -> list[str]:
    if settings.broker_ca is None:
        return []
    try:
        ssl.create_default_context(cafile=settings.broker_ca)
    except ssl.SSLError:
        return [f"SPECCENTER_BROKER_CA: {settings.broker_ca} holds no certificate in PEM"]
    except OSError as error:
        return [f"SPECCENTER_BROKER_CA: {settings.broker_ca} cannot be read: {error.strerror}"]
    return []


def _outside_faults(settings: Settings) -> list[str]:
    """Systems outside the centre: their secrets are long, and the demo's are the demo's."""
    faults = []
    for url, names in _OUTSIDE.items():
        address = getattr(settings, url)
        if not address:
            continue
        if not settings.demo and urlsplit(address).scheme != "https":
            faults.append(f"SPECCENTER_{url.upper()}: outside the demo only https:// is asked")
        for name in names:
            secret = getattr(settings, name).get_secret_value()
            if len(secret) < _SECRET_LENGTH:
                faults.append(f"SPECCENTER_{name.upper()} has fewer than {_SECRET_LENGTH} characters")
            elif secret.startswith(DEMO_SECRET) and not settings.demo:
                faults.append(f"SPECCENTER_{name.upper()} is the demo's")
    return faults


def _variable(location: tuple[int | str, ...]) -> str:
    return "SPECCENTER_" + "_".join(str(part) for part in location).upper()
