"""A file comes in through memory, up to its limit and not a byte further, however it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from center.casework.documents.scans import LARGEST_BYTES
from center.casework.documents.uploads import LARGEST_REQUEST_BYTES, Upload, receive
from center.errors import BadRequest, TooLarge

TYPE = "multipart/form-data; boundary=b0undary"


def part(name: str, content: bytes, *, filename: str = "") -> bytes:
    file = f'; filename="{filename}"\r\nContent-Type: text/html' if filename else ""
    return f'--b0undary\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"


END = b"--b0undary--\r\n"


def read(body: bytes, content_type: str = TYPE, piece_bytes: int = 65_536) -> Upload:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), piece_bytes):
            yield body[start : start + piece_bytes]

    return asyncio.run(receive(pieces(), content_type, "scan"))


@pytest.mark.parametrize("piece_bytes", [1, 7, 65_536])
def test_a_form_with_a_file_is_read_in_pieces_of_any_size(piece_bytes: int) -> None:
    body = part("kind", "қуәлік".encode()) + part("scan", b"\r\n--b0und\x00\xff", filename="../../etc/passwd") + END
    assert read(body, piece_bytes=piece_bytes) == Upload({"kind": "қуәлік"}, b"\r\n--b0und\x00\xff")


def test_ten_gigabytes_are_cut_off_at_the_limit() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield part("scan", b"", filename="large.jpg")[:-2]
        for _ in range(10_000):
            sent += 1_000_000
            yield bytes(1_000_000)

    with pytest.raises(TooLarge, match="larger than 12 MB"):
        asyncio.run(receive(endless(), TYPE, "scan"))
    assert sent <= LARGEST_BYTES + 1_000_000


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not() -> None:
    assert len(read(part("scan", bytes(LARGEST_BYTES)) + END).file) == LARGEST_BYTES
    with pytest.raises(TooLarge, match="larger than 12 MB"):
        read(part("scan", bytes(LARGEST_BYTES + 1)) + END)


def test_ten_gigabytes_before_the_first_part_are_cut_off_too() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(10_000):
            sent += 1_000_000
            yield b"\r\n" * 500_000

    with pytest.raises((TooLarge, BadRequest)):
        asyncio.run(receive(endless(), TYPE, "scan"))
    assert sent <= LARGEST_REQUEST_BYTES + 1_000_000


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", TYPE),
        (END, TYPE),
        (part("kind", b"x") + END, TYPE),
        (part("scan", b"x"), TYPE),
        (part("scan", b"x") + part("scan", b"y") + END, TYPE),
        (part("kind", b"x") + part("kind", b"y") + part("scan", b"z") + END, TYPE),
        (part("kind", b"\xff") + part("scan", b"z") + END, TYPE),
        (part("kind", b"x" * 20_001) + part("scan", b"z") + END, TYPE),
        (part("kind", b"x") * 41 + END, TYPE),
        (b"not a form at all", TYPE),
        (b"--b0undary\r\nContent-Disposition: form-data; name=" + b"n" * 9000 + b"\r\n\r\n", TYPE),
        (part("scan", b"x") + END, "multipart/form-data"),
        (part("scan", b"x") + END, "multipart/form-data; boundary="),
        (b"scan=x", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"", ""),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_what_is_no_such_form_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(BadRequest):
        read(body, content_type)
