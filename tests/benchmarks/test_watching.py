"""Looking for findings in the centre's database."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

from benchmarks.watching import StoredFindings


def _content(rule: str, since_ms: int = 0) -> dict[str, Any]:
    return {"rule": rule, "exercise": "box", "subject": None, "part": None, "since_ms": since_ms}


def test_each_provisional_finding_is_noted_when_it_is_there_first(tmp_path: Path) -> None:
    path = tmp_path / "centre.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE findings (exam_id, stage, content)")
        add = "INSERT INTO findings VALUES (?, ?, ?)"
        database.execute(add, ("exam-1", "provisional", json.dumps(_content("belt"))))
        database.execute(add, ("exam-1", "final", json.dumps(_content("doors"))))
        database.commit()
        stored = StoredFindings(f"sqlite:///{path}")
        began_ns = time.time_ns()
        stored.look()
        between_ns = time.time_ns()
        database.execute(add, ("exam-2", "provisional", json.dumps(_content("belt", 40_000))))
        database.execute(add, ("exam-1", "provisional", json.dumps(_content("belt", 1))))
        database.commit()
        stored.look()
        stored.close()
    first, second = ("exam-1", ("belt", "box", None, None, 0)), ("exam-2", ("belt", "box", None, None, 2))
    assert list(stored.stored_ns) == [first, second]
    assert began_ns <= stored.stored_ns[first] <= between_ns <= stored.stored_ns[second]
