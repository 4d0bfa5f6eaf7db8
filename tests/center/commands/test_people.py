"""``center people bootstrap|list``: once, on an empty database, two people, the journal's first entry."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from center.commands.line import main
from center.database import Database
from center.journal.tables import JournalEntry
from messages import keys
from tests.center.commands.founded import TWO

LONG = "тоғыз көгілдір трактор билейді"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_database_url: str) -> None:
    monkeypatch.setenv("SPECCENTER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SPECCENTER_VAULT", str(tmp_path / "vault"))
    monkeypatch.setenv("SPECCENTER_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("SPECCENTER_BROKER_URL", "mqtt://centre:secret@127.0.0.1:1")
    (tmp_path / "data").mkdir()


def _bootstrap(folder: Path, document: Any = TWO) -> int:
    path = folder / "two.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return main(["people", "bootstrap", "--document", str(path)])


def _with(role: str, **changes: Any) -> dict[str, Any]:
    return {**TWO, role: {**TWO[role], **changes}}


def test_two_people_found_a_centre_and_each_gets_a_code_and_keeps_half_of_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _bootstrap(tmp_path, _with("administrator", password=LONG)) == 0
    told = capsys.readouterr().out
    assert len(set(re.findall(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", told))) == 4
    assert main(["people", "list"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert rows == [
        ["dauren", "active", "administrator", "0 passkeys"],
        ["saule", "active", "supervisor", "0 passkeys"],
    ]


def test_it_is_the_journals_first_entry_and_names_who_was_present(tmp_path: Path, empty_database_url: str) -> None:
    assert _bootstrap(tmp_path) == 0
    database = Database(empty_database_url, "sarytau")
    with database.reading() as transaction:
        entries = transaction.scalars(select(JournalEntry).order_by(JournalEntry.place)).all()
    database.close()
    first = msgspec.json.decode(entries[0].data)
    assert first["kind"] == "people.bootstrapped"
    assert sorted(first["facts"]["present"].values()) == ["administrator", "supervisor"]
    assert not any(word in entry.data.decode() for entry in entries for word in ("Дәурен", "850312900040"))


def test_it_works_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _bootstrap(tmp_path) == 0
    assert _bootstrap(tmp_path) == 1
    assert "has its people already" in capsys.readouterr().err


def test_nothing_is_enrolled_and_nothing_served_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "enrol", "track-west", keys.public_hex(keys.make())]) == 1
    assert main(["serve"]) == 1
    assert capsys.readouterr().err.count("center people bootstrap") == 2


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("", "cannot be read"),
        ("[]", "cannot be read"),
        ("x" * 10_001, "more than 10000 bytes"),
        ({"administrator": TWO["administrator"]}, "missing required field `supervisor`"),
        ({**TWO, "auditor": TWO["supervisor"]}, "unknown field `auditor`"),
        (_with("supervisor", login="dauren"), "two different people"),
        (_with("supervisor", iin="850312900040"), "two different people"),
        (_with("supervisor", iin="850312900041"), "does not fit the others"),
        (_with("supervisor", iin=""), "an IIN or BIN has 12 digits"),
        (_with("supervisor", login="S"), "does not fit: 3 to 32"),
        (_with("supervisor", login="сәуле"), "does not fit: 3 to 32"),
        (_with("supervisor", login="a" * 33), "does not fit: 3 to 32"),
        (_with("supervisor", name=" "), "1 to 120 characters"),
        (_with("supervisor", name="x" * 121), "1 to 120 characters"),
        (_with("supervisor", name="a\u202eb"), "no control characters"),
        (_with("supervisor", password="short"), "15 to 128 characters"),
        (_with("supervisor", password="password1234567"), "too easy to guess"),
        (_with("supervisor", password="x" * 129), "15 to 128 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_founds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], document: Any, told: str
) -> None:
    assert _bootstrap(tmp_path, document) in (1, 2)
    assert told in capsys.readouterr().err
    assert main(["people", "list"]) == 0
    assert capsys.readouterr().out == ""


def test_without_a_terminal_and_a_document_nobody_is_present(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert main(["people", "bootstrap"]) == 2
    assert "--document" in capsys.readouterr().err
