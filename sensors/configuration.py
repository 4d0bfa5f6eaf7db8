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
    demo: false                                   # true allows time_scale: START_NS:ORIGIN_NS:RATE

Relative paths are below the file's folder.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, ClassVar, Final
from urllib.parse import urlsplit

import msgspec
import yaml

from messages.broker import BrokerAddress
from messages.clock import TimeScale
from sensors.models import CAN_MODELS, MODELS

Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Text = Annotated[str, msgspec.Meta(min_length=1)]

_AT: Final = re.compile(r" - at `\$(.*)`$")
_STEP: Final = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+)\]")


class _Loader(yaml.SafeLoader):
    """Without YAML 1.1's surprises: a time such as 1:2:3 is a text, and so is ``no``."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}  # type: ignore[misc]


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"-?[0-9]+", "-0123456789"),
    ("null", r"null|~|", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), list(_first))


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
        self._root = _parse(path)
        try:
            document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
            self.configuration = msgspec.convert(document, Configuration)
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
        line, value = _find(self._root, place)
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
            return TimeScale.parse(text)
        except ValueError as error:
            raise self.refuse(".time_scale", str(error)) from error

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


def _parse(path: Path) -> yaml.Node:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path}: cannot be read: {error}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadConfiguration(f"{path}:{line}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BadConfiguration(f"{path}: {error}") from error
    if not isinstance(root, yaml.MappingNode):
        raise BadConfiguration(f"{path}:1: holds no mapping")
    _refuse_doubles(path, root)
    return root


def _refuse_doubles(path: Path, node: yaml.Node) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_doubles(path, item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise BadConfiguration(f"{path}:{key.start_mark.line + 1}: {key.value!r} is there more than once")
            seen.add(str(key.value))
            _refuse_doubles(path, value)


def _find(root: yaml.Node, place: str) -> tuple[int, str | None]:
    """Line of a place, and its value if that is a plain one."""
    node = root
    for name, index in _STEP.findall(place):
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == name), None)
        elif isinstance(node, yaml.SequenceNode) and index:
            found = node.value[int(index)]
        else:
            found = None
        if found is None:
            break
        node = found
    return node.start_mark.line + 1, node.value if isinstance(node, yaml.ScalarNode) else None
