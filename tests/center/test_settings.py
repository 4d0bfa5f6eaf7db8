"""Every setting is documented, and unsafe ones refuse to start outside the demo."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from center.errors import UnsafeSettings
from center.settings import Settings, load_settings
from center.settings_page import settings_page

ROOT = Path(__file__).parents[2]
SAFE: dict[str, Any] = {"broker_url": "mqtts://centre:secret@broker.example:8883"}

SECRETS = dict.fromkeys(("payment_token", "payment_secret", "registers_token"), "x" * 32)


def test_every_setting_says_what_it_means() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_the_page_of_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == settings_page()


def test_safe_settings_start() -> None:
    assert load_settings(**SAFE).host == "127.0.0.1"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"host": "0.0.0.0"}, "not a loopback address"),
        ({"host": "192.168.1.7"}, "not a loopback address"),
        ({"host": "centre.example"}, "not a loopback address"),
        ({"host": "0.0.0.0", "demo": True}, "TLS is compulsory"),
        ({"tls_certificate": "server.pem"}, "SPECCENTER_TLS_CERTIFICATE and SPECCENTER_TLS_KEY go together"),
        ({"origin": "http://centre.example"}, "https:// is compulsory"),
        ({"origin": "centre.example"}, "is no address like"),
        ({"origin": "https://centre.example/pages"}, "is no address like"),
        ({"time_scale": "0:0:60"}, "SPECCENTER_TIME_SCALE: simulated time is for the demo only"),
        ({"time_scale": "soon"}, "SPECCENTER_TIME_SCALE"),
        ({"broker_url": "mqtt://127.0.0.1:1883"}, "no password"),
        ({"broker_url": "mqtt://centre:secret@broker.example:1883"}, "mqtts:// is compulsory"),
        ({"broker_url": "http://broker.example"}, "SPECCENTER_BROKER_URL"),
        ({"broker_ca": "none-such.pem"}, "SPECCENTER_BROKER_CA: none-such.pem cannot be read"),
        ({"broker_ca": "pyproject.toml"}, "SPECCENTER_BROKER_CA: pyproject.toml holds no certificate"),
        ({"vault": "data/vault"}, "same backup"),
        ({"vault_url": "sqlite:///data/centre.sqlite3"}, "another store"),
        ({"group_fsync_ms": 200}, "SPECCENTER_GROUP_FSYNC_MS"),
        ({"port": 99999}, "SPECCENTER_PORT"),
        (
            {"payment_url": "http://gateway.example", **SECRETS},
            "SPECCENTER_PAYMENT_URL: outside the demo only https://",
        ),
        ({"payment_url": "http://127.0.0.1:9000", **SECRETS}, "SPECCENTER_PAYMENT_URL: outside the demo only https://"),
        ({"payment_url": "https://gateway.example"}, "SPECCENTER_PAYMENT_SECRET has fewer than 32 characters"),
        ({"registers_url": "https://registers.example"}, "SPECCENTER_REGISTERS_TOKEN has fewer than 32 characters"),
        ({"registers_url": "http://registers.example", **SECRETS}, "SPECCENTER_REGISTERS_URL: outside the demo only"),
        (
            {"registers_url": "https://registers.example", "registers_token": "demo-" + "0" * 32},
            "SPECCENTER_REGISTERS_TOKEN is the demo's",
        ),
    ],
)
def test_an_unsafe_or_unreadable_setting_is_refused_by_name(change: dict[str, Any], told: str) -> None:
    with pytest.raises(UnsafeSettings, match=re.escape(told)):
        load_settings(**{**SAFE, **change})


def test_a_secret_is_not_shown_by_what_prints_settings() -> None:
    settings = load_settings(**SAFE, payment_url="https://gateway.example", **SECRETS)
    assert SECRETS["payment_secret"] not in repr(settings)
    assert SECRETS["payment_secret"] not in str(settings.model_dump())


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_every_loopback_address_is_served(host: str) -> None:
    assert load_settings(**SAFE, host=host).host == host


def test_the_demo_may_have_a_clock_of_its_own() -> None:
    settings = load_settings(**SAFE, demo=True, time_scale="1776135600000000000:0:60")
    assert settings.clock.scale.rate == 60


def test_an_unsafe_centre_does_not_start(tmp_path: Path) -> None:
    environment = {"SPECCENTER_HOST": "0.0.0.0", "PATH": "/usr/bin:/bin"}
    run = subprocess.run(
        [sys.executable, "-m", "center", "serve"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "SPECCENTER_HOST" in run.stderr
    assert "Traceback" not in run.stderr


def test_with_a_certificate_other_machines_are_served() -> None:
    tls = {"tls_certificate": "server.pem", "tls_key": "server.key.pem"}
    settings = load_settings(**SAFE, **tls, host="0.0.0.0", origin="https://centre.example")
    assert settings.public_origin == "https://centre.example"
    assert load_settings(**SAFE, **tls, port=8443).public_origin == "https://localhost:8443"


def test_behind_a_gateway_that_speaks_tls_the_centre_stays_on_loopback() -> None:
    assert load_settings(**SAFE, origin="https://centre.example").host == "127.0.0.1"
