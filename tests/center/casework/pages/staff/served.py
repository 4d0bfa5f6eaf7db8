"""A whole centre of the demo's people in this process, on a real port, with real systems outside."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import Any

import uvicorn

from center.app import create_app, open_centre
from center.casework.opening import open_hall
from center.commands.demo import hall, staff
from center.people.opening import open_office
from center.settings import Settings, load_settings
from tests.services.outside_systems import SECRET, TOKEN, OutsideSystem
from tests.services.processes import free_port

SITE = Path(__file__).parents[5] / "sites" / "sarytau"


class ServedCentre:
    """Use its ``url``; ``centre`` is what lies behind it."""

    def __init__(self, folder: Path, gateway: OutsideSystem, registers: OutsideSystem, **more: Any) -> None:
        port = free_port()
        self.url = f"http://localhost:{port}"
        self.settings = _settings(folder, port, gateway, registers, **more)
        self.centre = open_centre(self.settings)
        self.office = open_office(
            self.settings, self.centre.database, self.centre.vault, self.centre.site.timezone
        )  # fmt: skip
        staff.found(self.office, self.settings)
        hall.furnish(self.office, self.settings)
        self.hall = open_hall(self.settings, self.centre.database, self.office.powers, self.office.zone)
        self._socket = socket.create_server(("127.0.0.1", port))
        config = uvicorn.Config(create_app(self.centre), log_level="error", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        self._server.should_exit = True
        self._thread.join(10)
        self.centre.close()


def _settings(
    folder: Path, port: int, gateway: OutsideSystem, registers: OutsideSystem, **more: Any
) -> Settings:  # fmt: skip
    return load_settings(
        site=SITE,
        data=folder / "data",
        vault=folder / "vault",
        control_key=folder / "vault" / "control.pem",
        port=port,
        demo=True,
        payment_url=gateway.url,
        payment_token=TOKEN,
        payment_secret=SECRET,
        registers_url=registers.url,
        registers_token=TOKEN,
        **more,
    )
