"""``center cases draws``: an auditor makes the draws of a case again, without the pages that tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from center.casework import queries
from center.casework.opening import open_hall
from center.casework.queue.actions import assigning, duty
from center.casework.queue.tables import InspectorDraw
from center.commands.line import main
from center.database import Database
from center.people import powers_file
from center.settings import load_settings
from messages import site as survey
from tests.center.casework.sample_cases import AKBOTA, command, do, staff
from tests.center.people.staff import add_account


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    monkeypatch.setenv("SPECCENTER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SPECCENTER_BROKER_URL", "mqtt://centre:secret@127.0.0.1:1")
    (tmp_path / "data").mkdir()
    settings = load_settings()
    opened = Database(settings.main_database, survey.load(settings.site).centre_id)
    opened.upgrade()
    yield opened
    opened.close()


def _drawn(database: Database) -> tuple[str, str]:
    """A case for which one of two was drawn: its number and the other one."""
    settings = load_settings()
    hall = open_hall(settings, database, powers_file.load(), "Asia/Almaty")
    until = date(hall.now().year + 1, 1, 1)
    with database.writing() as transaction:
        accounts = [add_account(transaction, login, "police_inspector", until=until) for login in ("one", "two")]
    for account in accounts:
        duty.set_duty(hall, staff(account, "police_inspector"), on_duty=True)
    case = do(database, AKBOTA, command("case.open", service="vehicle_inspection"), hall.now()).case_id
    papers = {"documents": ["identity", "technical_document"], "consent": ["persons", "pledged"]}
    for kind, payload in (("step.take", {}), ("step.complete", papers)):
        do(database, AKBOTA, command(kind, case, "accept", **payload), hall.now())
    assert assigning.assign_waiting(hall) == 1
    with database.reading() as transaction:
        holder = queries.case_state(transaction, case).holder_of("inspect")
        assert holder is not None
        return queries.case_row(transaction, case).number, next(one for one in accounts if one != holder.name)


def test_draws_come_out_until_their_record_is_touched(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    number, other = _drawn(database)
    assert main(["cases", "draws", number]) == 0
    told = capsys.readouterr().out
    assert "comes out" in told
    assert other in told
    with database.writing() as transaction:
        transaction.execute(update(InspectorDraw).values(drawn=other))
    assert main(["cases", "draws", number]) == 1
    assert "DOES NOT COME OUT" in capsys.readouterr().out


def test_a_number_that_no_case_has_is_told(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", "draws", "2026-9999999"]) == 2
    assert "no case number" in capsys.readouterr().err.lower()


def test_many_cases_are_loaded_in_the_demo_alone_and_folded_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load = ["cases", "load", "--count", "6", "--open", "2"]
    assert main(load) != 0
    assert "in the demo only" in capsys.readouterr().err
    monkeypatch.setenv("SPECCENTER_DEMO", "true")
    assert main(load) == 0
    assert "6 cases with" in capsys.readouterr().out
    assert main(["cases", "refold"]) == 0
    assert "6 cases folded again, 0 rows were not as their actions say" in capsys.readouterr().out
