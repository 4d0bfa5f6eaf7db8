"""What every test may use: the real services, and how the run tells what it sampled and what was missing."""

from __future__ import annotations

pytest_plugins = [
    "tests.sampling",
    "tests.soak_report",
    "tests.services.missing",
    "tests.services.processes",
    "tests.services.chromium",
    "tests.services.databases",
    "tests.services.mosquitto",
    "tests.services.outside_systems",
]
