"""A whole centre with the demo's people, and visitors who become one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from httpx import Client
from starlette.testclient import TestClient

from center.app import Centre, open_centre
from center.commands.demo import staff
from center.people.opening import open_office
from center.settings import load_settings

SITE = Path(__file__).parents[2] / "sites" / "sarytau"


@contextmanager
def demo_centre(database_url: str, folder: Path, port: int = 8000, **more: Any) -> Iterator[Centre]:
    """The stores of a demo with its people; ``more`` settings."""
    settings = load_settings(
        site=SITE, data=folder / "data", vault=folder / "vault", database_url=database_url, demo=True, port=port, **more
    )
    opened = open_centre(settings)
    try:
        staff.found(open_office(settings, opened.database, opened.vault, opened.site.timezone), settings)
        yield opened
    finally:
        opened.close()


def visitor(app: FastAPI, address: str = "10.0.0.7") -> TestClient:
    """A browser on a machine of the hall."""
    return TestClient(
        app, base_url="http://localhost:8000", client=(address, 5000), raise_server_exceptions=False,
        follow_redirects=False,
    )  # fmt: skip


def account_of(client: Client, login: str) -> str:
    """The id of one of the demo's people."""
    before_button = rf'name="account" value="([\w-]+)">\s*<input[^>]*>\s*<button[^>]*id="demo-{login}"'
    found = re.search(before_button, client.get("/sign-in").text)
    assert found is not None
    return found.group(1)


def become(client: Client, login: str, onward: str = "/") -> None:
    """Sign in as one of the demo's people by one click."""
    answer = client.post("/sign-in/demo", data={"account": account_of(client, login), "next": onward})
    assert (answer.status_code, answer.headers["location"]) == (303, onward)


def form_token(client: TestClient) -> str:
    """What the forms of whoever is signed in carry."""
    found = re.search(r'name="form_token" value="(\w{64})"', client.get("/me").text)
    assert found is not None
    return found.group(1)
