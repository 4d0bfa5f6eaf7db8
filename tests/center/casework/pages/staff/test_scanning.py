"""A file of any length sent to a case's page, or to one that expects none, is read to the limit and no further."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from center.app import create_app
from center.casework.documents.uploads import LARGEST_REQUEST_BYTES
from tests.center.demo_staff import become, demo_centre, form_token, visitor

PIECE = bytes(1_000_000)
HEAD = b'--b0und\r\nContent-Disposition: form-data; name="%s"; filename="a.jpg"\r\n\r\n'


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder = tmp_path_factory.mktemp("centre")
    with demo_centre(f"sqlite:///{folder / 'centre.sqlite3'}", folder) as opened:
        yield create_app(opened)


@pytest.fixture(scope="module")
def desk(app: FastAPI) -> TestClient:
    client = visitor(app)
    become(client, "akbota")
    return client


class TenGigabytes:
    """A body that tells how much of it was taken."""

    def __init__(self, beginning: bytes) -> None:
        self.taken = 0
        self._beginning = beginning

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._beginning
        for _ in range(10_000):
            self.taken += len(PIECE)
            yield PIECE


def _post(app: FastAPI, desk: TestClient, path: str, body: TenGigabytes, kind: str, **headers: str) -> int:
    """Status of the answer to a request of the same browser; unlike the test client it reads no body in advance."""

    async def post() -> int:
        wire = httpx.ASGITransport(app, client=("10.0.0.7", 5000))
        shown = {"User-Agent": desk.headers["User-Agent"], "X-Form-Token": form_token(desk), "Content-Type": kind}
        async with httpx.AsyncClient(transport=wire, base_url="http://localhost:8000", cookies=desk.cookies) as browser:
            return (await browser.post(path, content=body, headers={**shown, **headers})).status_code

    return asyncio.run(post())


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "1000"}], ids=["of no told length", "of a told lie"])
@pytest.mark.parametrize(
    ("place", "field"), [("scans", b"scan"), ("portrait", b"portrait"), ("portrait/check", b"portrait")]
)
def test_ten_gigabytes_are_cut_off_at_the_limit(
    app: FastAPI, desk: TestClient, place: str, field: bytes, headers: dict[str, str]
) -> None:
    body = TenGigabytes(HEAD % field)
    assert _post(app, desk, f"/cases/none/{place}", body, "multipart/form-data; boundary=b0und", **headers) == 413
    assert 10_000_000 < body.taken <= LARGEST_REQUEST_BYTES + len(PIECE)


@pytest.mark.parametrize("path", ["/cases", "/desk/entry", "/apply"])
def test_where_no_file_is_expected_far_less_is_read(app: FastAPI, desk: TestClient, path: str) -> None:
    body = TenGigabytes(b"entry=")
    assert _post(app, desk, path, body, "application/x-www-form-urlencoded") == 413
    assert body.taken <= 2 * len(PIECE)
    body = TenGigabytes(HEAD % b"entry")
    assert _post(app, desk, path, body, "multipart/form-data; boundary=b0und") in (400, 413)
    assert body.taken <= 2 * len(PIECE)
