"""A request is read as far as its route needs and no further, on a real server."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request

from center.web.body_limit import LARGEST_FORM_BYTES, BodyLimit

UPLOAD_BYTES = 3_000_000


@pytest.fixture
def address() -> Iterator[str]:
    app = FastAPI()

    @app.post("/plain")
    @app.post("/scans")
    async def take(request: Request) -> int:
        return len(await request.body())

    @app.post("/json")
    def read(body: dict[str, str]) -> int:
        return len(body)

    app.add_middleware(BodyLimit, uploads=re.compile("/scans"), largest_upload_bytes=UPLOAD_BYTES)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield f"127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def _chunked(address: str, path: str, gigabytes: int) -> tuple[int, bytes]:
    """Send without saying how much until the server hangs up: bytes sent, and what it answered."""
    host, port = address.split(":")
    sent, answer = 0, b""
    piece = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as link:
        head = f"POST {path} HTTP/1.1\r\nHost: {address}\r\nTransfer-Encoding: chunked\r\n\r\n"
        try:
            link.sendall(head.encode())
            while sent < gigabytes * 1_000_000_000:
                link.sendall(piece)
                sent += 0x100000
                link.setblocking(False)
                try:
                    answer += link.recv(65_536)
                except BlockingIOError:
                    pass
                finally:
                    link.settimeout(10)
                if answer:
                    break
        except (ConnectionError, TimeoutError):
            pass
    return sent, answer


@pytest.mark.parametrize("path", ["/plain", "/scans", "/json"])
def test_ten_gigabytes_without_a_length_are_cut_off(address: str, path: str) -> None:
    sent, answer = _chunked(address, path, 10)
    assert sent < 50_000_000
    assert answer.startswith(b"HTTP/1.1 413") or answer == b""


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/plain", LARGEST_FORM_BYTES, 200),
        ("/plain", LARGEST_FORM_BYTES + 1, 413),
        ("/scans", UPLOAD_BYTES, 200),
        ("/scans", UPLOAD_BYTES + 1, 413),
        ("/scans/../plain", LARGEST_FORM_BYTES + 1, 413),
    ],
)
def test_the_limit_is_exact(address: str, path: str, size: int, status: int) -> None:
    def pieces() -> Iterator[bytes]:
        yield bytes(size)

    assert httpx.post(f"http://{address}{path}", content=bytes(size)).status_code == status
    answer = httpx.post(f"http://{address}{path}", content=pieces())
    assert answer.status_code == status


def test_a_declared_length_is_refused_before_anything_is_sent(address: str) -> None:
    host, port = address.split(":")
    for length in (b"10000000000", b"9" * 40):
        with socket.create_connection((host, int(port)), timeout=10) as link:
            link.sendall(
                b"POST /plain HTTP/1.1\r\nHost: " + address.encode() + b"\r\nContent-Length: " + length + b"\r\n\r\n"
            )
            assert link.recv(1000).startswith((b"HTTP/1.1 413", b"HTTP/1.1 400"))
