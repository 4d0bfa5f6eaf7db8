"""``center ingest``: the process that takes messages in; ``center serve`` starts it and watches over it."""

from __future__ import annotations

import argparse
import signal
import socket
import threading

from center.commands.words import Words
from center.driving_track.ingest.context import open_context
from center.driving_track.ingest.service import Service
from center.driving_track.live import LiveSender
from center.processes import die_with_parent
from center.settings import load_settings


def add_to(words: Words) -> None:
    """Add the command."""
    parser = words.add_parser("ingest", help="take messages in (started by serve)")
    parser.add_argument("--live-fd", type=int, help="socket to send live moments on")
    parser.add_argument("--parent", type=int, help="process to end with")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Take messages in until told to stop."""
    channel = None
    if options.parent is not None:
        die_with_parent(options.parent)
    if options.live_fd is not None:
        channel = socket.socket(fileno=options.live_fd)
    context = open_context(load_settings())
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    Service(context, LiveSender(channel)).run(stopping)
    context.database.close()
    return 0
