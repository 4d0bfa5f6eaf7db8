"""The simulated payment gateway and state registers as processes of the tests: started, broken, killed, mended."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from center.processes import die_with_parent
from tests.services.processes import answers_on, free_port, stop_server, wait_until

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-of-the-tests-only-0123456789"
SECRET = "a-secret-of-the-tests-only-0123456789"


class OutsideSystem:
    """One simulator of an outside system; a killed one is started again on the same port with what it had kept."""

    def __init__(self, word: str, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._log = folder / f"{word}.log"
        secrets = folder / f"{word}.secrets.json"
        secrets.write_text(json.dumps({"token": TOKEN, "secret": SECRET}))
        self._command = [sys.executable, "-m", "simulators", word, "--port", str(self.port), "--secrets", str(secrets)]
        self._command += list(options)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it listens."""
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, stdout=output, stderr=output, preexec_fn=die_with_parent
            )
        wait_until(lambda: answers_on(self.port), self.process, self._log)

    def kill(self) -> None:
        """As kill -9 does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def wait_until_dead(self) -> None:
        """Until an ordered kill has been carried out."""
        assert self.process is not None
        self.process.wait(10.0)

    def stop(self) -> None:
        """At the test's end."""
        if self.process is not None:
            stop_server(self.process)

    def breaks(self, kind: str, path: str = "", **more: Any) -> None:
        """Order a fault."""
        answer = httpx.put(f"{self.url}/faults", json={"path": path, "kind": kind, **more})
        assert answer.status_code == 200, answer.text

    def mends(self) -> None:
        """Everything works again."""
        assert httpx.delete(f"{self.url}/faults").status_code == 200

    def get(self, path: str) -> Any:
        """Ask as one who has the token."""
        answer = httpx.get(f"{self.url}{path}", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, told: Any = None, **headers: str) -> httpx.Response:
        """Order as one who has the token."""
        shown = {"Authorization": f"Bearer {TOKEN}", **headers}
        return httpx.post(f"{self.url}{path}", json=told, headers=shown, timeout=10.0)

    def ready(self) -> None:
        """As if it had just started, for the next test."""
        if self.process is None or self.process.poll() is not None:
            self.start()
        self.mends()


@pytest.fixture(scope="session")
def _registers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OutsideSystem]:
    system = OutsideSystem("registers", tmp_path_factory.mktemp("registers"))
    yield system
    system.stop()


@pytest.fixture
def registers(_registers: OutsideSystem) -> OutsideSystem:
    """The demo world's state registers, whole and not yet asked."""
    _registers.ready()
    httpx.delete(f"{_registers.url}/asked", headers={"Authorization": f"Bearer {TOKEN}"})
    return _registers


@pytest.fixture(scope="session")
def _gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OutsideSystem]:
    folder = tmp_path_factory.mktemp("gateway")
    system = OutsideSystem("gateway", folder, "--ledger", str(folder / "gateway.ledger"))
    yield system
    system.stop()


@pytest.fixture
def gateway(_gateway: OutsideSystem) -> OutsideSystem:
    """A payment gateway, whole; what other tests paid is in its ledger."""
    _gateway.ready()
    return _gateway
