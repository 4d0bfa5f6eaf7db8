"""A form with one file, read from the wire into memory up to a limit and never onto the disk.

A web framework's own form parser writes files of any length to a temporary folder before anybody can say no; here the
first byte past the limit ends the reading, whatever the request said about its length.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from center.casework.documents.scans import LARGEST_BYTES
from center.errors import N_, BadRequest, TooLarge

_MOST_FIELDS: Final = 40
_LONGEST_FIELD_BYTES: Final = 20_000
_OVERHEAD_BYTES: Final = 100_000
"""For the other fields and what stands between them."""
LARGEST_REQUEST_BYTES: Final = LARGEST_BYTES + _OVERHEAD_BYTES


@dataclass(frozen=True, slots=True)
class Upload:
    """What came: the form's other fields, and the file. Its name and declared type were not looked at."""

    fields: dict[str, str]
    file: bytes


@dataclass(slots=True)
class _Part:
    name: str = ""
    is_file: bool = False
    data: bytearray = field(default_factory=bytearray)


async def receive(stream: AsyncIterator[bytes], content_type: str, file_field: str) -> Upload:
    """Read a form; raises :class:`TooLarge` as soon as it is, :class:`BadRequest` for what is no such form."""
    reader = _Reader(_boundary(content_type), file_field)
    received = 0
    try:
        async for piece in stream:
            received += len(piece)
            if received > LARGEST_REQUEST_BYTES:
                raise _too_large()
            reader.feed(piece)
        return reader.finish()
    except FormParserError as error:
        raise BadRequest(N_("What was sent is no form with a file.")) from error


class _Reader:
    """Collects the parts as the parser tells of them."""

    def __init__(self, boundary: bytes, file_field: str) -> None:
        self._file_field = file_field
        self._parts: list[_Part] = []
        self._header_name, self._header_value = bytearray(), bytearray()
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_part_data": self._data,
                "on_header_field": lambda data, start, end: self._header_name.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header_value.extend(data[start:end]),
                "on_header_end": self._header,
                "on_end": self._end,
            },
        )

    def feed(self, piece: bytes) -> None:
        """Take the next bytes."""
        self._parser.write(piece)

    def finish(self) -> Upload:
        """The whole form."""
        self._parser.finalize()
        files = [part.data for part in self._parts if part.is_file]
        if not self._ended or len(files) != 1:
            raise BadRequest(
                N_("The form must hold one file, in its field '%(field)s', and be whole."),
                field=self._file_field,
            )
        fields: dict[str, str] = {}
        for part in self._parts:
            if not part.is_file and part.name in fields:
                raise BadRequest(N_("The field '%(name)s' was sent twice."), name=part.name[:40])
            if not part.is_file:
                fields[part.name] = _text(part)
        return Upload(fields, bytes(files[0]))

    def _begin(self) -> None:
        if len(self._parts) >= _MOST_FIELDS:
            raise BadRequest(N_("The form has more than %(most)s fields."), most=_MOST_FIELDS)
        self._parts.append(_Part())

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._parts[-1]
        part.data += data[start:end]
        if part.is_file and len(part.data) > LARGEST_BYTES:
            raise _too_large()
        if not part.is_file and len(part.data) > _LONGEST_FIELD_BYTES:
            raise BadRequest(
                N_("The field '%(name)s' is longer than %(most)s bytes."),
                name=part.name[:40],
                most=_LONGEST_FIELD_BYTES,
            )

    def _header(self) -> None:
        name, value = bytes(self._header_name).lower(), bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()
        if name == b"content-disposition":
            _, options = parse_options_header(value)
            part = self._parts[-1]
            part.name = options.get(b"name", b"").decode("utf-8", "replace")
            part.is_file = part.name == self._file_field

    def _end(self) -> None:
        self._ended = True


def _boundary(content_type: str) -> bytes:
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 1 <= len(boundary) <= 200:
        raise BadRequest(N_("A file is sent as multipart/form-data."))
    return boundary


def _text(part: _Part) -> str:
    try:
        return part.data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(N_("The field '%(name)s' is not UTF-8."), name=part.name[:40]) from error


def _too_large() -> TooLarge:
    return TooLarge(N_("The file is larger than %(most)s MB."), most=LARGEST_BYTES // 1000000)
