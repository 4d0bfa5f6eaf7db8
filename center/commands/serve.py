"""``center serve``: the pages, and the intake as a child that is started again whenever it ends."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import socket
import subprocess
import sys
import threading

import uvicorn

from center.app import Centre, create_app, open_centre
from center.commands.devices import opened
from center.commands.words import Words
from center.driving_track.live import LiveHub
from center.people.actions.bootstrap import refuse_unfounded
from center.processes import die_with_parent
from center.settings import Settings, load_settings

_log = logging.getLogger(__name__)
_RESTART_AFTER_S = 0.5
_SWITCH_S = 0.0005
_KEEP_ALIVE_S = 75
"""A desk acts every few seconds: with less, its browser's next request meets a connection that is just being closed."""


def add_to(words: Words) -> None:
    """Add the command."""
    parser = words.add_parser("serve", help="serve the pages and take messages in")
    parser.add_argument("--parent-watch", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until stopped by a signal."""
    if options.parent_watch:
        die_with_parent()
    settings = load_settings()
    if not settings.demo:
        _refuse_without_people(settings)
    centre = open_centre(settings)
    supervisor = IntakeSupervisor(centre.hub)
    supervisor.start()
    try:
        server_of(centre).run()
    finally:
        supervisor.stop()
        centre.close()
    return 0


def _refuse_without_people(settings: Settings) -> None:
    """Before anything is journalled, or the first two could not be the journal's first entry any more."""
    with opened(settings) as (_, database), database.reading() as transaction:
        refuse_unfounded(transaction)


def server_of(centre: Centre) -> uvicorn.Server:
    """Of a centre's pages."""
    settings = centre.settings
    config = uvicorn.Config(
        create_app(centre),
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=1,
    )
    # Whoever holds the database gives the interpreter away at every statement; behind a page that is being drawn it
    # would wait for this long each time to have it back, and all other writers with it.
    sys.setswitchinterval(_SWITCH_S)
    server = uvicorn.Server(config)
    # Routes, tables and templates stay: to look through them for garbage again and again stops every page for 0.1 s.
    gc.collect()
    gc.freeze()
    return server


class IntakeSupervisor:
    """Keeps one intake process running; what it was doing it takes up from its log."""

    def __init__(self, hub: LiveHub) -> None:
        self._hub = hub
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)

    @property
    def pid(self) -> int | None:
        """Of the intake that runs now."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the intake in good order."""
        self._stopping.set()
        if self._process is not None:
            self._process.terminate()
        self._thread.join(10.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._hub.listen(ours)
            options = ["--live-fd", str(theirs.fileno()), "--parent", str(os.getpid())]
            command = [sys.executable, "-m", "center", "ingest", *options]
            # The child asks the kernel to end it with its parent, which for Linux is this thread: it lives as long.
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=os.environ)
            theirs.close()
            if self._stopping.is_set():
                self._process.terminate()
            status = self._process.wait()
            ours.close()
            if not self._stopping.is_set():
                _log.error("The intake ended with status %s; it is started again.", status)
                self._stopping.wait(_RESTART_AFTER_S)
