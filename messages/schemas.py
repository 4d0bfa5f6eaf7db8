"""JSON schemas of the messages, made from the structs: for Foxglove, for the AsyncAPI document, for whoever checks."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, get_args

import msgspec

from messages.envelope import Envelope
from messages.readings import Acknowledgement, LostLink, Reading

_REFERENCE: Final = "#/$defs/{name}"

BODIES: Final[dict[str, type[msgspec.Struct]]] = {str(body.__struct_config__.tag): body for body in get_args(Reading)}
"""Kind → struct of the body, for every kind that travels in an envelope."""


@cache
def schema_of(kind: str) -> dict[str, Any] | None:
    """The schema (JSON Schema 2020-12, without references) of the messages of a kind; None if there is no such kind."""
    if kind == Acknowledgement.kind:
        return _whole(Acknowledgement)
    if kind == LostLink.kind:
        return _whole(LostLink)
    body = BODIES.get(kind)
    if body is None:
        return None
    schema = _envelope_around(_whole(body))
    schema["title"] = body.__name__
    return schema


@cache
def viewer_schema_of(kind: str) -> bytes | None:
    """The schema as a recording carries it: Foxglove reads one type a field, and an absent value is left out anyhow."""
    schema = schema_of(kind)
    return None if schema is None else msgspec.json.encode(_with_one_type(schema))


def _envelope_around(body: dict[str, Any]) -> dict[str, Any]:
    _, components = msgspec.json.schema_components((Envelope,), ref_template=_REFERENCE)
    schema = dict(components["Envelope"])
    schema["properties"] = {**schema["properties"], "body": body}
    return schema


def _whole(struct: type[msgspec.Struct]) -> dict[str, Any]:
    (root,), components = msgspec.json.schema_components((struct,), ref_template=_REFERENCE)
    schema: dict[str, Any] = _resolved(root, components)
    return schema


def _resolved(node: Any, components: dict[str, Any]) -> Any:
    """The node with every reference replaced by what it names (no struct of ours holds itself)."""
    if isinstance(node, dict):
        if "$ref" in node:
            return _resolved(components[node["$ref"].rsplit("/", 1)[1]], components)
        return {key: _resolved(value, components) for key, value in node.items()}
    if isinstance(node, list):
        return [_resolved(value, components) for value in node]
    return node


def _with_one_type(node: Any) -> Any:
    if isinstance(node, list):
        return [_with_one_type(value) for value in node]
    if not isinstance(node, dict):
        return node
    if "anyOf" in node:
        rest = {key: value for key, value in node.items() if key not in ("anyOf", "default")}
        node = rest | next(choice for choice in node["anyOf"] if choice.get("type") != "null")
    plain = {key: _with_one_type(value) for key, value in node.items()}
    if isinstance(plain.get("enum"), list) and "type" not in plain:
        plain["type"] = "integer" if isinstance(plain["enum"][0], int) else "string"
    return plain
