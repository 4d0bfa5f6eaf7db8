"""The command line: ``sensors run``, ``sensors keygen`` and ``sensors decode``."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from messages import keys
from messages.broker import UnsafeBroker
from messages.keys import BadKey
from sensors.configuration import BadConfiguration, Loaded
from sensors.dbc import BadDbc
from sensors.decode import UnknownDevice, readings_of, summary_of
from sensors.gateway import Gateway
from sensors.models import MODELS

FAILED = 1
MISUSED = 2


def run(arguments: argparse.Namespace) -> int:
    """Be a gateway until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    gateway = Gateway(Loaded(arguments.config))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: gateway.stop())
    gateway.run()
    return 0


def keygen(arguments: argparse.Namespace) -> int:
    """Write ``FOLDER/DEVICE.pem`` for each device and print the public halves as one JSON object."""
    arguments.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    public = {}
    for device in arguments.device:
        if not device or "/" in device or device.startswith("."):
            raise BadKey(f"{device!r} cannot be a device's id")
        path = arguments.folder / f"{device}.pem"
        try:
            key = keys.make()
            keys.save(path, key)
        except FileExistsError as error:
            raise BadKey(f"{path} is there already, and a device keeps its key; remove it first") from error
        public[device] = keys.public_hex(key)
    print(json.dumps(public, indent=2))
    return 0


def decode(arguments: argparse.Namespace) -> int:
    """Print a capture's readings as JSON lines, or its summary."""
    if arguments.summary:
        print(json.dumps(summary_of(arguments.device, arguments.file)))
        return 0
    write = sys.stdout.write
    for reading in readings_of(arguments.device, arguments.file):
        write(json.dumps(reading) + "\n")
    sys.stdout.flush()
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status: 0, 1 when a file cannot be used, 2 when what was asked for cannot be."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.do(arguments))
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except UnknownDevice as error:
        print(f"sensors: {error}", file=sys.stderr)
        return MISUSED
    except OSError as error:
        where = "" if error.filename is None else f"{error.filename}: "
        print(f"sensors: {where}{error.strerror or error}", file=sys.stderr)
        return FAILED
    except (BadConfiguration, BadDbc, BadKey, UnsafeBroker, UnicodeDecodeError) as error:
        print(f"sensors: {error}", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sensors", description="Gateways: bytes from hardware in, messages out.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("run", help="be the gateway that a configuration describes, until SIGTERM")
    command.add_argument("config", type=Path, metavar="CONFIG", help="YAML; see sensors/configuration.py")
    command.set_defaults(do=run)

    command = commands.add_parser("keygen", help="make devices' private keys and print the public ones to enrol")
    command.add_argument("folder", type=Path, metavar="FOLDER", help="where FOLDER/DEVICE.pem is written, mode 0600")
    command.add_argument("device", nargs="+", metavar="DEVICE", help="a device's id")
    command.set_defaults(do=keygen)

    command = commands.add_parser("decode", help="print the readings of a capture as JSON lines")
    models = ", ".join(MODELS)
    command.add_argument("device", metavar="DEVICE", help=f"{models}, or can:PATH.dbc for the signals of any CAN log")
    command.add_argument("file", type=Path, metavar="FILE", help="a receiver's bytes, a candump log or slcan lines")
    command.add_argument("--summary", action="store_true", help="one JSON object: counts, qualities, signals' ranges")
    command.set_defaults(do=decode)
    return parser
