"""The slip of two codes over HTTP: what is none opens nothing, and trying many is stopped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from center.app import create_app
from tests.center.demo_staff import demo_centre, visitor

SCRIPT = "<script>alert(1)</script>"
HALF = "4F7K-0000-1111-2222"
CODES = {"login": "akbota", "first": HALF, "second": HALF}
ANSWER = {"attempt": "none", "answer": '{"id": "AAAA"}'}
PATHS: dict[str, dict[str, str]] = {
    "/slip": {},
    "/slip/password": {"new": "x", "again": "x"},
    "/slip/passkey/begin": {},
    "/slip/passkey": ANSWER,
}


@pytest.fixture(scope="module")
def app(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with demo_centre(shared_database_url, tmp_path_factory.mktemp("centre")) as centre:
        yield create_app(centre)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "text", ["akbota", "", "\x00", "a\x00b", SCRIPT, "' OR 1=1 --", "x" * 64, "ж" * 65],
    ids=["known", "empty", "zero", "zero inside", "script", "sql", "long", "longer"],
)  # fmt: skip
def test_what_is_no_slip_opens_nothing(app: FastAPI, path: str, text: str) -> None:
    client = visitor(app, f"machine of {path} and {text[:12]!r}")
    for field in CODES:
        answer = client.post(path, data=CODES | {field: text} | PATHS[path])
        assert answer.status_code == (422 if len(text) > 64 else 403), field
        assert SCRIPT not in answer.text


@pytest.mark.parametrize("field", ANSWER)
@pytest.mark.parametrize(
    "text", ["\x00", SCRIPT, "[]", "[" * 9000, "x" * 16_385], ids=["zero", "script", "list", "deep", "long"]
)
def test_what_is_no_answer_of_a_passkey_is_refused(app: FastAPI, field: str, text: str) -> None:
    client = visitor(app, f"machine of {field}")
    longest = 36 if field == "attempt" else 16_384
    answer = client.post("/slip/passkey", data=CODES | ANSWER | {field: text})
    assert answer.status_code == (422 if len(text) > longest else 403)
    assert SCRIPT not in answer.text


def test_a_machine_that_tries_many_slips_is_stopped(app: FastAPI) -> None:
    client = visitor(app, "machine that guesses")
    assert [client.post("/slip", data=CODES).status_code for _ in range(22)] == [403] * 20 + [429] * 2
