"""The command line: words and options, each handed to its module."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence

from center.commands import (
    accuracy,
    cases,
    database,
    devices,
    exam,
    ingest,
    journal,
    outside,
    people,
    rules,
    score,
    serve,
    site,
    tls,
)
from center.commands.demo import command as demo
from center.errors import CenterError
from messages.recording import BadRecording
from messages.site import BadSite

_WORDS = (
    serve,
    ingest,
    demo,
    exam,
    devices,
    score,
    accuracy,
    rules,
    site,
    journal,
    people,
    cases,
    outside,
    database,
    tls,
)
_BAD_USE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 not done, 2 asked wrongly."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=options.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (CenterError, BadSite, BadRecording, OSError) as error:
        print(f"center: {error}", file=sys.stderr)
        return _BAD_USE if getattr(error, "status", 500) in (400, 404) else 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="center", description="The server of a driver-licensing centre.")
    parser.add_argument("--log-level", default="warning", choices=("debug", "info", "warning", "error"))
    words = parser.add_subparsers(required=True, metavar="COMMAND")
    for word in _WORDS:
        word.add_to(words)
    return parser
