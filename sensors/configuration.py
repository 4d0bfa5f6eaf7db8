"""A gateway's configuration: one YAML file, read strictly; every error names file, line and value.

.. code-block:: yaml

    centre_id: sarytau-1
    gateway_id: car-1
    broker: mqtts://broker.sarytau.example:8883   # mqtt:// on loopback only; no user or password here
    credential: {file: car-1.password}            # or {env: NAME}; the user is the gateway's id
    ca_file: ca.pem                               # optional: the authority to trust, else the system's
    state: /var/lib/speccenter/car-1              # what the centre has not acknowledged yet
    devices:
      - id: car-1-gnss
        model: nmea_gnss
        key: keys/car-1-gnss.pem                  # made by `sensors keygen`
        source: {kind: serial, path: /dev/ttyUSB0, baud: 115200}
      - id: car-1-can
        model: exam_car_can
        key: keys/car-1-can.pem
        dbc: exam_car.dbc                         # optional: the model's own by default
        source: {kind: slcan, path: /dev/ttyACM0} # or {kind: socketcan, channel: can0}
    demo: false                                   # true allows time_scale: START_NS:ORIGIN_NS:RATE[:FILE]

Relative paths are below the file's folder.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec

from messages.broker import BrokerAddress
from messages.clock import TimeScale
from messages.steered_clock import machine_clock
from sensors.located_yaml import BadYaml, LocatedYaml
from sensors.models import CAN_MODELS, MODELS

Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Text = Annotated[str, msgspec.Meta(min_length=1)]

_AT: Final = re.compile(r" - at `\$(.*)`$")


class BadConfiguration(ValueError):
    """A configuration that cannot be used; the text names file, line, place and value."""


class Configured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every part of the file is."""


class SerialSource(Configured, frozen=True, tag_field="kind", tag="serial"):
    """A receiver on a serial line."""

    path: Text
    baud: Annotated[int, msgspec.Meta(ge=300, le=4_000_000)] = 115_200


class SlcanSource(Configured, frozen=True, tag_field="kind", tag="slcan"):
    """A CAN adapter that writes text on a serial line."""

    path: Text
    baud: Annotated[int, msgspec.Meta(ge=300, le=4_000_000)] = 115_200


class SocketCanSource(Configured, frozen=True, tag_field="kind", tag="socketcan"):
    """A CAN interface of the kernel."""

    channel: Text


class DeviceConfiguration(Configured, frozen=True):
    """One device and where its bytes come from."""

    id: Id
    model: Text
    key: Text
    source: SerialSource | SlcanSource | SocketCanSource
    dbc: Text | None = None


class Credential(Configured, frozen=True):
    """Where the broker's password is: a file that only its owner reads, or a variable of the environment."""

    file: Text | None = None
    env: Text | None = None


class Configuration(Configured, frozen=True):
    """The whole file; see the module."""

    centre_id: Id
    gateway_id: Id
    broker: Text
    credential: Credential
    state: Text
    devices: Annotated[tuple[DeviceConfiguration, ...], msgspec.Meta(min_length=1)]
    ca_file: Text | None = None
    demo: bool = False
    time_scale: Text | None = None


class Loaded:
    """A configuration that has been checked, with what it points to."""

    def __init__(self, path: Path) -> None:
        """Read a file; raises :class:`BadConfiguration`."""
        self.path = path
        try:
            self._yaml = LocatedYaml(path)
            self.configuration = msgspec.convert(self._yaml.document, Configuration)
        except BadYaml as error:
            raise BadConfiguration(str(error)) from error
        except msgspec.ValidationError as error:
            raise self._explained(error) from error
        self.time_scale = self._checked_time_scale()
        self.broker = self._checked_broker()
        self._check_devices()

    def resolve(self, name: str) -> Path:
        """A path of the file, below the file's folder if it is relative."""
        return self.path.parent / name

    def refuse(self, place: str, what: str) -> BadConfiguration:
        """An error at a place such as ``.devices[0].key``."""
        line, value = self._yaml.find(place)
        shown = "" if value is None else f" ({value!r})"
        return BadConfiguration(f"{self.path}:{line}: {place.lstrip('.') or 'the file'}{shown}: {what}")

    def _explained(self, error: msgspec.ValidationError) -> BadConfiguration:
        match = _AT.search(str(error))
        place = match[1] if match else ""
        return self.refuse(place, _AT.sub("", str(error)))

    def _checked_time_scale(self) -> TimeScale:
        text = self.configuration.time_scale
        if text is None:
            return TimeScale()
        if not self.configuration.demo:
            raise self.refuse(".time_scale", "only a demo (demo: true) may have a clock of its own")
        try:
            scale = TimeScale.parse(text)
            machine_clock(scale)
        except ValueError as error:
            raise self.refuse(".time_scale", str(error)) from error
        return scale

    def _checked_broker(self) -> BrokerAddress:
        configuration = self.configuration
        ca_file = None if configuration.ca_file is None else str(self.resolve(configuration.ca_file))
        try:
            parts = urlsplit(configuration.broker)
            if parts.username is not None or parts.password is not None:
                raise BadConfiguration(f"{self.path}: broker: user and password have no place here; see credential")
            plain = BrokerAddress.parse(configuration.broker, ca_file=ca_file)
        except BadConfiguration:
            raise
        except ValueError as error:
            raise self.refuse(".broker", str(error)) from error
        password = self._password()
        return BrokerAddress(plain.host, plain.port, configuration.gateway_id, password, plain.tls, ca_file)

    def _password(self) -> str:
        credential = self.configuration.credential
        if (credential.file is None) == (credential.env is None):
            raise self.refuse(".credential", "needs either file or env")
        if credential.env is not None:
            password = os.environ.get(credential.env, "")
            if not password:
                raise self.refuse(".credential.env", "is not set in the environment")
            return password
        path = self.resolve(credential.file or "")
        try:
            if path.stat().st_mode & 0o077:
                raise self.refuse(".credential.file", f"others may read {path}; make it mode 0600")
            password = path.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise self.refuse(".credential.file", f"{path} cannot be read: {error}") from error
        if not password:
            raise self.refuse(".credential.file", f"{path} is empty")
        return password

    def _check_devices(self) -> None:
        seen: set[str] = set()
        for number, device in enumerate(self.configuration.devices):
            place = f".devices[{number}]"
            if device.id in seen:
                raise self.refuse(f"{place}.id", "is there more than once")
            seen.add(device.id)
            if device.model not in MODELS:
                raise self.refuse(f"{place}.model", f"is no model known here; those are {', '.join(MODELS)}")
            is_can = device.model in CAN_MODELS
            if isinstance(device.source, SerialSource) == is_can:
                kinds = "slcan or socketcan" if is_can else "serial"
                raise self.refuse(f"{place}.source.kind", f"a {device.model} needs a source of kind {kinds}")
            if device.dbc is not None and not is_can:
                raise self.refuse(f"{place}.dbc", f"a {device.model} has no DBC file")
