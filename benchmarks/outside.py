"""The simulated payment gateway and state registers that answer a centre while its desks are measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_TOKEN: Final = "a-token-of-the-benchmark-only-0123456789"
_SECRET: Final = "a-secret-of-the-benchmark-only-0123456789"


class Outside:
    """Both systems at ports of this machine."""

    def __init__(self, folder: Path, gateway_port: int, registers_port: int) -> None:
        self._folder = folder
        self._ports = {"gateway": gateway_port, "registers": registers_port}

    def commands(self) -> list[list[str]]:
        """Arguments after ``python``; writes the secrets that they are started with."""
        secrets = self._folder / "outside.secrets.json"
        secrets.write_text(json.dumps({"token": _TOKEN, "secret": _SECRET}))
        return [
            ["-m", "simulators", word, "--port", str(port), "--secrets", str(secrets), *self._ledger(word)]
            for word, port in self._ports.items()
        ]

    def settings(self) -> Mapping[str, str]:
        """What the centre is told of them."""
        return {
            "payment_url": f"http://127.0.0.1:{self._ports['gateway']}",
            "payment_token": _TOKEN,
            "payment_secret": _SECRET,
            "registers_url": f"http://127.0.0.1:{self._ports['registers']}",
            "registers_token": _TOKEN,
        }

    def _ledger(self, word: str) -> list[str]:
        return ["--ledger", str(self._folder / "gateway.ledger")] if word == "gateway" else []
