"""The AsyncAPI document is fresh, whole, and says what really travels."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml
from hypothesis import given

from messages import asyncapi, codec, topics
from messages.readings import Acknowledgement
from messages.schemas import BODIES, schema_of
from tests.messages.making import START_NS, bodies, new_chain

DOCUMENT = asyncapi.document()


def references_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from references_in(value)


def named(reference: str) -> Any:
    place: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        place = place[step]
    return place


def test_the_document_on_the_disk_is_fresh_in_any_process():
    assert asyncapi.main(["--check"]) == 0
    command = [sys.executable, "-m", "messages.asyncapi", "--check"]
    assert subprocess.run(command, env={"PYTHONHASHSEED": "7"}, check=False).returncode == 0


def test_a_stale_document_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(asyncapi, "DOCUMENT", tmp_path / "docs" / "asyncapi.yaml")
    assert asyncapi.main(["--check"]) == 1
    assert "stale" in capsys.readouterr().err
    assert asyncapi.main([]) == 0
    assert asyncapi.main(["--check"]) == 0
    asyncapi.DOCUMENT.write_text("old")
    assert asyncapi.main(["--check"]) == 1


def test_every_reference_names_something():
    references = list(references_in(DOCUMENT))
    assert len(references) > 100
    assert all(named(reference) for reference in references)


def test_it_has_what_an_asyncapi_3_document_must_have():
    assert yaml.safe_load(asyncapi.as_yaml()) == msgspec.json.decode(msgspec.json.encode(DOCUMENT))
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    assert set(DOCUMENT["channels"]) == set(DOCUMENT["operations"]) == set(topics.TOPICS)
    for kind, channel in DOCUMENT["channels"].items():
        operation = DOCUMENT["operations"][kind]
        assert operation["action"] == ("send" if kind in ("ack", "exam_control") else "receive")
        assert operation["channel"] == {"$ref": f"#/channels/{kind}"}
        assert operation["bindings"]["mqtt"]["retain"] is topics.TOPICS[kind].retained
        assert set(channel["parameters"]) == {"centre", "gateway", "device"}
        for name in channel["parameters"]:
            assert f"{{{name}}}" in channel["address"]


def test_what_the_source_says_of_a_field_is_in_the_document():
    fields = DOCUMENT["components"]["schemas"]["CarState"]["properties"]
    assert fields["steering_wheel_deg"]["description"].startswith("Positive to the left")


@given(bodies)
def test_every_message_fits_its_schema_in_the_document_and_alone(body):
    message = msgspec.json.decode(new_chain().stamp(START_NS, body)[1])
    kind = message["body"]["kind"]
    payload = DOCUMENT["components"]["messages"][kind]["payload"]
    jsonschema.validate(message, {**payload, "components": DOCUMENT["components"]})
    schema = schema_of(kind)
    assert schema is not None
    jsonschema.validate(message, schema)


@pytest.mark.parametrize("kind", ["ack", "lost_link", *BODIES])
def test_a_schema_refuses_what_is_no_such_message(kind):
    schema = schema_of(kind)
    assert schema is not None
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"body": {}}, schema)


def test_the_bare_kinds_fit_too():
    word = msgspec.json.decode(codec.encode(Acknowledgement("d", "b", 3)))
    schema = schema_of("ack")
    assert schema is not None
    jsonschema.validate(word, schema)
    assert schema_of("sonar") is None
