"""Reading what is asked, strictly, before anything else happens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec

from center.casework import payloads as p
from center.errors import N_, BadRequest

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_Read = TypeVar("_Read", bound=p.Payload)


def client_key(text: str) -> str:
    """A client key; raises :class:`BadRequest`."""
    if _KEY.fullmatch(text) is None:
        raise BadRequest(N_("A client key has 16 to 64 letters, digits, hyphens or underscores."))
    return text


def read_payload(kind: str, payload_type: type[_Read], given: Mapping[str, Any]) -> _Read:
    """An action's payload; raises :class:`BadRequest` naming the field and what is allowed."""
    try:
        payload = msgspec.convert(dict(given), payload_type, strict=True)
    except msgspec.ValidationError as error:
        raise BadRequest(N_("%(kind)s: %(detail)s."), kind=kind, detail=str(error)) from error
    for name, value in p.written(payload).items():
        if isinstance(value, str) and any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in value):
            # JSON can carry a zero byte or half of a surrogate pair; no database keeps them.
            raise BadRequest(N_("%(kind)s: %(name)s holds a character that is no text."), kind=kind, name=name)
    return payload
