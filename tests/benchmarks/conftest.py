"""One short recording for all of these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.recordings import drive


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drive("finish_no_handbrake", tmp_path_factory.mktemp("recordings"))
