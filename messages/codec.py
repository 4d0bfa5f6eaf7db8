"""Envelope ↔ bytes (JSON); a payload that cannot be read raises one error type that names the reason."""

from __future__ import annotations

import math
import re
from typing import Final

import msgspec

from messages.envelope import SCHEMA, SCHEMA_MAJOR, Envelope
from messages.readings import Acknowledgement, LostLink

MAX_PAYLOAD_BYTES: Final = 16_384
_LATEST_NS: Final = 2**63 - 1
_OUT_OF_RANGE: Final = re.compile(r"Expected `\w+` [<>]=|out of range")


class BadMessage(ValueError):
    """A payload that is no message of ours; ``reason`` is a short code to count by, the text says what and where."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class Head(msgspec.Struct, frozen=True, gc=False):
    """An envelope without its body: what can still be chained and acknowledged when the body cannot be read."""

    schema: str
    centre_id: str
    device_id: str
    boot_id: str
    seq: int
    source_time_ns: int
    previous_sha256: str


class _Version(msgspec.Struct):
    schema: str


_encoder = msgspec.json.Encoder()
_envelopes = msgspec.json.Decoder(Envelope)
_heads = msgspec.json.Decoder(Head)
_versions = msgspec.json.Decoder(_Version)
_acknowledgements = msgspec.json.Decoder(Acknowledgement)
_lost_links = msgspec.json.Decoder(LostLink)


def encode(message: Envelope | Acknowledgement | LostLink) -> bytes:
    """The bytes of a message. NaN and infinities become null, as JSON has none; drivers refuse them before this."""
    return _encoder.encode(message)


def decode(payload: bytes) -> Envelope:
    """Read one envelope.

    Raises :class:`BadMessage` with reason ``oversize``, ``schema_major``, ``broken_json``, ``wrong_shape`` or
    ``absurd_value``. Fields of a newer minor version are passed over.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise BadMessage("oversize", f"{len(payload)} bytes, at most {MAX_PAYLOAD_BYTES} are allowed")
    try:
        envelope = _envelopes.decode(payload)
    except msgspec.MsgspecError as error:
        raise _explained(payload, error) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise BadMessage("broken_json", str(error)) from error
    _check_head(envelope)
    return envelope


def decode_head(payload: bytes) -> Head:
    """Read what stands around a body that ``decode`` refused, so that its sequence number is not taken for missing.

    Raises :class:`BadMessage` like ``decode``.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise BadMessage("oversize", f"{len(payload)} bytes, at most {MAX_PAYLOAD_BYTES} are allowed")
    try:
        head = _heads.decode(payload)
    except msgspec.MsgspecError as error:
        raise _explained(payload, error) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise BadMessage("broken_json", str(error)) from error
    _check_head(head)
    return head


def decode_acknowledgement(payload: bytes) -> Acknowledgement:
    """Read an acknowledgement; raises :class:`BadMessage`."""
    try:
        return _acknowledgements.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadMessage("wrong_shape", str(error)) from error


def decode_lost_link(payload: bytes) -> LostLink:
    """Read a broker's will; raises :class:`BadMessage`."""
    try:
        return _lost_links.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadMessage("wrong_shape", str(error)) from error


def is_finite(*values: float | None) -> bool:
    """Whether every value that is there is a finite number."""
    return all(value is None or math.isfinite(value) for value in values)


def _check_head(head: Envelope | Head) -> None:
    if head.schema != SCHEMA:
        _refuse_schema(head.schema)
    if not 0 <= head.seq <= _LATEST_NS or not 0 <= head.source_time_ns <= _LATEST_NS:
        raise BadMessage("absurd_value", f"seq {head.seq}, source_time_ns {head.source_time_ns}")


def _explained(payload: bytes, error: msgspec.MsgspecError) -> BadMessage:
    try:
        version = _versions.decode(payload)
    except msgspec.ValidationError:
        return BadMessage("wrong_shape", str(error))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # A number beyond any float is no broken JSON, though it is met while parsing.
        return BadMessage("absurd_value" if _OUT_OF_RANGE.search(str(error)) else "broken_json", str(error))
    try:
        _refuse_schema(version.schema)
    except BadMessage as refusal:
        return refusal
    return BadMessage("absurd_value" if _OUT_OF_RANGE.search(str(error)) else "wrong_shape", str(error))


def _refuse_schema(schema: str) -> None:
    major, dot, minor = schema.partition(".")
    if not (dot and major.isdecimal() and minor.isdecimal()):
        raise BadMessage("wrong_shape", f"schema {schema!r} is not 'major.minor'")
    if int(major) != SCHEMA_MAJOR:
        raise BadMessage("schema_major", f"schema {schema} cannot be read here, only {SCHEMA_MAJOR}.x")
