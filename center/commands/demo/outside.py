"""The demo's systems outside the centre: a payment gateway and the state registers, with secrets of this demo only."""

from __future__ import annotations

import json
import os
import secrets
import socket
from pathlib import Path
from typing import Final

from center.commands.demo.ports import free_port
from center.settings import DEMO_SECRET
from messages.clock import TimeScale

SILENCE: Final = "persons@10:40+10"
"""At 10:40 of the demo's day a state register does not answer."""


class OutsideSystems:
    """Both simulators: how they are started, and what the centre must know of them."""

    def __init__(self, folder: Path, scale: TimeScale) -> None:
        self._folder = folder
        self._scale = scale
        self.gateway_port, self.registers_port = free_port(), free_port()
        self._payment_token, self._payment_secret, self._registers_token = (
            f"{DEMO_SECRET}{secrets.token_hex(24)}" for _ in range(3)
        )

    def commands(self) -> dict[str, list[str]]:
        """Name → arguments after ``python -m``; writes their secrets to files that others cannot read."""
        time_scale = ["--time-scale", str(self._scale)]
        gateway = {"token": self._payment_token, "secret": self._payment_secret}
        return {
            "payment-gateway": [
                *self._command("gateway", self.gateway_port, gateway),
                *("--ledger", str(self._folder / "gateway.ledger")),
                *time_scale,
            ],
            "state-registers": [
                *self._command("registers", self.registers_port, {"token": self._registers_token}),
                *("--silent", SILENCE),
                *time_scale,
            ],
        }

    def settings(self) -> dict[str, object]:
        """What the centre is told."""
        return {
            "payment_url": f"http://127.0.0.1:{self.gateway_port}",
            "payment_token": self._payment_token,
            "payment_secret": self._payment_secret,
            "registers_url": f"http://127.0.0.1:{self.registers_port}",
            "registers_token": self._registers_token,
        }

    def listen(self) -> bool:
        """Whether both take requests."""
        return all(_answers(port) for port in (self.gateway_port, self.registers_port))

    def _command(self, word: str, port: int, told: dict[str, str]) -> list[str]:
        path = self._folder / f"{word}.secrets.json"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(told, file)
        return ["simulators", word, "--port", str(port), "--secrets", str(path)]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
