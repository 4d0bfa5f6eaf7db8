"""One exam as an MCAP file: header, survey, rule pack, and every message as it arrived, with the time of arrival.

The stock ``mcap`` library and Foxglove open it. Header and attachments stand at both ends of the file, so that
damage in one place leaves a copy; each chunk of messages carries a checksum.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
from mcap.exceptions import McapError
from mcap.writer import CompressionType, Writer

from messages import topics
from messages.intake_log import RecordedMessage
from messages.mcap_format import (
    MAGIC,
    Opcode,
    RawMessage,
    channel_topic,
    messages_in,
    payloads_in,
    take_map,
    take_string,
)
from messages.mcap_walk import Damage, Walk
from messages.schemas import viewer_schema_of

CHUNK_BYTES: Final = 1 << 18
_HEADER_NAME: Final = "speccenter.recording"
_SITE: Final = "site.json"
_PACK: Final = "rule_pack.yaml"


class BadRecording(ValueError):
    """A file that is no exam's recording, or of which neither copy of the header or an attachment is whole."""


class EnrolledDevice(msgspec.Struct, frozen=True):
    """A device as it was enrolled when the exam was called. Only this says whether it is real."""

    device_id: str
    gateway_id: str
    public_key_hex: str
    simulated: bool


class RecordingHeader(msgspec.Struct, frozen=True):
    """What an exam's recording is a recording of."""

    exam_id: str
    centre_id: str
    car_id: str
    first_exercise: str | None
    pack: str
    pack_edition: str
    """ISO date from which this edition of the pack holds."""
    called_at_ns: int
    simulated_time: bool
    """Whether time ran by a scale other than the machine's own."""
    devices: tuple[EnrolledDevice, ...]
    site_sha256: str
    missing: tuple[str, ...] = ()
    """What the centre itself knows to be missing, in words."""
    last_exercise: str | None = None
    """After which the exam is over when the car has been stopped; None: the route's last."""


@dataclass(slots=True)
class Recording:
    """An exam as it was read back; ``damages`` says what of the file was not whole."""

    header: RecordingHeader
    site: bytes
    pack: bytes
    messages: list[RecordedMessage] = field(repr=False)
    damages: list[Damage] = field(default_factory=list)


def write_recording(
    path: Path, header: RecordingHeader, site: bytes, pack: bytes, messages: Iterable[RecordedMessage]
) -> None:
    """Write an exam's recording: afterwards the file is there, whole and on the disk, or it is not there at all."""
    fresh = path.with_name(path.name + ".part")
    try:
        with fresh.open("wb") as file:
            writer = Writer(file, chunk_size=CHUNK_BYTES, compression=CompressionType.ZSTD)
            writer.start(library="speccenter")
            _write_frame(writer, header, site, pack)
            _write_messages(writer, messages)
            _write_frame(writer, header, site, pack)
            writer.finish()  # type: ignore[no-untyped-call]
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_recording(path: Path) -> Recording:
    """Read all that is whole of a recording. Raises :class:`BadRecording`, or OSError."""
    reading = _Reading()
    reading.read(path, payloads_only=False)
    header, site, pack = reading.frame(path)
    topic_of = reading.topic_of
    messages = [
        RecordedMessage(arrival_ns, source_time_ns, topic_of.get(channel_id, ""), payload)
        for arrival_ns, source_time_ns, channel_id, payload in reading.messages
    ]
    return Recording(header, site, pack, messages, reading.damages)


def read_payloads(path: Path) -> tuple[Recording, list[tuple[int, bytes]]]:
    """As ``read_recording``, but fast: the messages come as (arrival in ns, payload), and ``messages`` stays empty."""
    reading = _Reading()
    reading.read(path, payloads_only=True)
    return Recording(*reading.frame(path), [], reading.damages), reading.payloads


def _write_frame(writer: Writer, header: RecordingHeader, site: bytes, pack: bytes) -> None:
    data = msgspec.json.encode(header)
    writer.add_metadata(_HEADER_NAME, {"crc32": str(zlib.crc32(data)), "header": data.decode("utf-8")})
    writer.add_attachment(header.called_at_ns, header.called_at_ns, _SITE, "application/json", site)
    writer.add_attachment(header.called_at_ns, header.called_at_ns, _PACK, "application/yaml", pack)


def _write_messages(writer: Writer, messages: Iterable[RecordedMessage]) -> None:
    channels: dict[str, int] = {}
    schemas: dict[str, int] = {}
    for sequence, message in enumerate(messages):
        channel_id = channels.get(message.topic)
        if channel_id is None:
            parts = topics.parts_of(message.topic)
            kind = parts[3] if parts else ""
            schema = viewer_schema_of(kind)
            if schema is not None and kind not in schemas:
                schemas[kind] = writer.register_schema(kind, "jsonschema", schema)
            channel_id = channels[message.topic] = writer.register_channel(message.topic, "json", schemas.get(kind, 0))
        writer.add_message(
            channel_id, message.arrival_ns, message.payload, message.source_time_ns, sequence & 0xFFFFFFFF
        )  # fmt: skip


class _Reading:
    """One pass over a file, collecting what is whole."""

    def __init__(self) -> None:
        self.damages: list[Damage] = []
        self.topic_of: dict[int, str] = {}
        self.messages: list[RawMessage] = []
        self.payloads: list[tuple[int, bytes]] = []
        self._header: RecordingHeader | None = None
        self._attachments: dict[str, bytes] = {}

    def read(self, path: Path, *, payloads_only: bool) -> None:
        ended = False
        with path.open("rb") as file:
            walk = Walk(file)
            for found in walk:
                if found.opcode == Opcode.CHUNK:
                    self._take_chunk(found.offset, found.content, payloads_only)
                elif found.opcode == Opcode.FOOTER:
                    ended = file.seek(found.end) >= 0 and file.read() == MAGIC
                else:
                    self._take(found.offset, found.opcode, found.content)
        self.damages += walk.damages
        if not ended:
            self.damages.append(Damage(walk.end, "the file does not end as an MCAP file: it was cut off"))

    def frame(self, path: Path) -> tuple[RecordingHeader, bytes, bytes]:
        missing = [name for name in (_SITE, _PACK) if name not in self._attachments]
        if self._header is None or missing:
            raise BadRecording(f"{path}: no copy of {', '.join(missing) or 'the header'} is whole")
        return self._header, self._attachments[_SITE], self._attachments[_PACK]

    def _take_chunk(self, offset: int, records: bytes, payloads_only: bool) -> None:
        if payloads_only:
            payloads_in(records, self.payloads)
        else:
            others: list[tuple[int, bytes]] = []
            messages_in(records, self.messages, others)
            for opcode, inner in others:
                self._take(offset, opcode, inner)

    def _take(self, offset: int, opcode: int, content: bytes) -> None:
        try:
            if opcode == Opcode.CHANNEL:
                channel_id, topic = channel_topic(content)
                self.topic_of.setdefault(channel_id, topic)
            elif opcode == Opcode.METADATA:
                self._take_header(content)
            elif opcode == Opcode.ATTACHMENT:
                self._take_attachment(content)
        except (ValueError, struct.error, McapError) as error:
            self.damages.append(Damage(offset, f"a record cannot be read: {error}"))

    def _take_header(self, content: bytes) -> None:
        name, place = take_string(content, 0)
        if name != _HEADER_NAME:
            return
        fields = take_map(content, place)
        data = fields.get("header", "").encode("utf-8")
        if str(zlib.crc32(data)) != fields.get("crc32"):
            raise ValueError("the header does not match its checksum")
        self._header = msgspec.json.decode(data, type=RecordingHeader)

    def _take_attachment(self, content: bytes) -> None:
        name, place = take_string(content, 16)
        _, place = take_string(content, place)
        if (
            place + 12 > len(content)
            or zlib.crc32(content[:-4]) != struct.unpack_from("<I", content, len(content) - 4)[0]
        ):
            raise ValueError(f"the attachment {name!r} does not match its checksum")
        self._attachments[name] = content[place + 8 : -4]
