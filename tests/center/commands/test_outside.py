"""The daily commands: comparing with the gateway, and letting personal data go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from center.app import open_vault
from center.casework.payments.actions import catching_up
from center.casework.payments.actions.asking import ask
from center.commands.line import main
from center.database import Database
from center.journal.vault import Vault
from center.settings import Settings, load_settings
from messages import site as survey
from tests.center.casework.payments.offices import AMOUNT, office, pays, request
from tests.center.casework.sample_cases import AKBOTA, command, do, open_case
from tests.services.outside_systems import SECRET, TOKEN, OutsideSystem

SITE = Path(__file__).parents[3] / "sites" / "sarytau"


@pytest.fixture
def settings(gateway: OutsideSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    told = {
        "SITE": SITE,
        "DATA": tmp_path / "data",
        "VAULT": tmp_path / "vault",
        "DEMO": "true",
        "PAYMENT_URL": gateway.url,
        "PAYMENT_TOKEN": TOKEN,
        "PAYMENT_SECRET": SECRET,
    }
    for name, value in told.items():
        monkeypatch.setenv(f"SPECCENTER_{name}", str(value))
    return load_settings()


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings.main_database, survey.load(SITE).centre_id)
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def vault(settings: Settings) -> Iterator[Vault]:
    opened = open_vault(settings, survey.load(SITE))
    yield opened
    opened.close()


def test_a_day_in_which_the_gateway_took_what_we_do_not_know_is_named(
    database: Database, gateway: OutsideSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    at = office(database, gateway)
    intent = ask(at, request(at))
    pays(gateway, intent)
    catching_up.catch_up(at)
    # The gateway of the tests is shared: what other tests paid is unknown here, and named.
    stranger = gateway.post(
        "/v1/intents",
        {
            "reference": "stranger-1",
            "amount_tenge": 7,
            "currency": "KZT",
            "description": "x",
            "callback_url": "http://127.0.0.1:9/",
            "return_url": "",
        },
        **{"Idempotency-Key": f"stranger-{intent.intent_id}"},
    ).json()
    gateway.post(f"/pay/{stranger['intent']}")
    day = datetime.now(UTC).astimezone(tz=None).date()
    days = [str(day - timedelta(days=1)), str(day), str(day + timedelta(days=1))]
    told = ""
    for one in days:
        main(["payments", "reconcile", "--day", one])
        told += capsys.readouterr().out
    assert f"1 charges, {AMOUNT} tenge" in told
    assert "missing_here: charge stranger-1, ours None, theirs 7" in told
    assert intent.intent_id not in told


def test_a_day_that_is_none_is_refused(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["payments", "reconcile", "--day", "yesterday"]) == 2
    assert "'yesterday' is no day; write YYYY-MM-DD" in capsys.readouterr().err


def test_what_a_long_closed_case_holds_is_shredded(
    database: Database, vault: Vault, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=120)
    case_id = open_case(database, at=long_ago).case_id
    told = command("case.withdraw", case_id, reason="The applicant thought better of it.")
    do(database, AKBOTA, told, long_ago)
    vault.seal(f"case:{case_id}", {"name": "Denis Orlov"}, long_ago)
    assert main(["retention", "run"]) == 0
    assert "1 cases shredded; back the vault up now" in capsys.readouterr().out
    assert vault.reveal(f"case:{case_id}") == {}
    assert main(["retention", "run"]) == 0
    assert "0 cases shredded" in capsys.readouterr().out
