"""Alerts of the police: seen and acknowledged by name and time, by officers whom the case does not concern."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from center.casework.commands import System
from center.casework.fields import BadFields
from center.casework.registers import queries
from center.casework.registers.actions import alerts
from center.casework.registers.actions.asking import ask
from center.casework.registers.answers import Wanted
from center.casework.registers.client import RegisterClient
from center.casework.registers.office import RegisterOffice, subject_of
from center.casework.registers.policy import load
from center.casework.registers.queries import AlertFacts
from center.clock import Clock
from center.database import Database
from center.errors import Conflict, Forbidden, NotFound
from center.journal.tables import JournalEntry
from center.journal.vault import Vault
from tests.center.casework.registers.inquiries import INSPECTOR, WANTED, vehicle
from tests.center.casework.sample_cases import AKBOTA, ISSUER, SUPERVISOR, command, do, staff
from tests.services.outside_systems import TOKEN, OutsideSystem

NOTE = {"note": "The car is held in the yard; the duty officer was called."}
COLLEAGUE = staff("natalya", "police_inspector")
OTHERS = (AKBOTA, ISSUER, SUPERVISOR, staff("asel", "auditor"), staff("dauren", "administrator"))


@pytest.fixture
def office(own_centre: Database, tmp_path: Path, registers: OutsideSystem) -> Iterator[RegisterOffice]:
    vault = Vault(f"sqlite:///{tmp_path / 'vault.sqlite3'}", tmp_path / "master.key", own_centre.centre_id)
    vault.create()
    client = RegisterClient(registers.url, TOKEN, own_centre.centre_id, load(), pause=lambda _: None)
    yield RegisterOffice(own_centre, vault, client, Clock())
    vault.close()


@pytest.fixture
def alert(office: RegisterOffice) -> AlertFacts:
    """A wanted vehicle in a case."""
    ask(office, vehicle(office, WANTED))
    with office.database.reading() as transaction:
        return queries.open_alerts(transaction)[0]


def test_an_alert_is_seen_and_acknowledged_with_who_and_when(office: RegisterOffice, alert: AlertFacts) -> None:
    seen = alerts.see(office, alert.alert_id, INSPECTOR)
    assert seen.answer is not None
    assert isinstance(seen.answer.record, Wanted)
    assert (seen.alert.seen_by, seen.alert.acknowledged_by, seen.note) == ("viktor", None, "")
    with office.database.reading() as transaction:
        assert [one.number for one in alerts.waiting(transaction, COLLEAGUE)] == [seen.number]
    alerts.acknowledge(office, alert.alert_id, COLLEAGUE, NOTE)
    after = alerts.see(office, alert.alert_id, INSPECTOR)
    assert (after.alert.seen_by, after.alert.acknowledged_by, after.note) == ("viktor", "natalya", NOTE["note"])
    assert after.alert.acknowledged_at is not None
    with office.database.reading() as transaction:
        assert alerts.waiting(transaction, INSPECTOR) == []
        assert [one.alert for one in alerts.acknowledged(transaction, INSPECTOR)] == [after.alert]
        query = select(JournalEntry).where(JournalEntry.subject == f"police:{alert.case_id}")
        entries = list(transaction.scalars(query.order_by(JournalEntry.place)))
    assert [one.kind for one in entries] == ["police_alerted", "police_alert_seen", "police_alert_acknowledged"]
    assert all(b"duty officer" not in one.data for one in entries)


def test_an_alert_is_acknowledged_once(office: RegisterOffice, alert: AlertFacts) -> None:
    for _ in range(2):
        alerts.acknowledge(office, alert.alert_id, INSPECTOR, NOTE)
    with pytest.raises(Conflict):
        alerts.acknowledge(office, alert.alert_id, COLLEAGUE, NOTE)
    with pytest.raises(Conflict):
        alerts.acknowledge(office, alert.alert_id, INSPECTOR, {"note": "Something else was done."})


def test_without_a_note_nothing_is_acknowledged(office: RegisterOffice, alert: AlertFacts) -> None:
    for note in ("", "seen", "x" * 2001):
        with pytest.raises(BadFields):
            alerts.acknowledge(office, alert.alert_id, INSPECTOR, {"note": note})
    with office.database.reading() as transaction:
        assert len(queries.open_alerts(transaction)) == 1


def test_nobody_but_the_police_sees_or_acknowledges(office: RegisterOffice, alert: AlertFacts) -> None:
    for who in OTHERS:
        with pytest.raises(Forbidden):
            alerts.see(office, alert.alert_id, who)
        with pytest.raises(Forbidden):
            alerts.acknowledge(office, alert.alert_id, who, NOTE)
        with office.database.reading() as transaction, pytest.raises(Forbidden):
            alerts.waiting(transaction, who)


def test_an_officer_whom_the_case_concerns_is_told_of_no_alert_in_it(office: RegisterOffice, alert: AlertFacts) -> None:
    told = command("parties.record", alert.case_id, concerned=[INSPECTOR.account_id])
    do(office.database, System("parties"), told)
    with office.database.reading() as transaction:
        assert alerts.waiting(transaction, INSPECTOR) == []
        assert len(alerts.waiting(transaction, COLLEAGUE)) == 1
    with pytest.raises(Forbidden):
        alerts.see(office, alert.alert_id, INSPECTOR)


def test_an_alert_that_there_is_not_is_not_found(office: RegisterOffice) -> None:
    for alert_id in ("0198f000-0000-7000-8000-000000000000", "", "x" * 500):
        with pytest.raises(NotFound):
            alerts.see(office, alert_id, INSPECTOR)


def test_after_shredding_who_acknowledged_is_known_and_neither_answer_nor_note(
    office: RegisterOffice, alert: AlertFacts
) -> None:
    alerts.acknowledge(office, alert.alert_id, INSPECTOR, NOTE)
    office.vault.forget(subject_of(alert.case_id, police_only=True))
    seen = alerts.see(office, alert.alert_id, COLLEAGUE)
    assert (seen.answer, seen.note, seen.alert.acknowledged_by) == (None, "", "viktor")
