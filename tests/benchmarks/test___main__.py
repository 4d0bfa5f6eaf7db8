"""The benchmarks' command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import benchmarks.__main__ as command
from benchmarks.figures import Figure


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that were measured; memory breaks down."""
    parts: list[str] = []

    def measure(part: str, _size: Any, _folder: Path) -> list[Figure]:
        parts.append(part)
        if part == "memory":
            raise RuntimeError("the centre refuses")
        return [Figure(f"figure of {part}", 1.0, "ms")]

    monkeypatch.setattr(command, "_measure", measure)
    return parts


def test_a_part_that_breaks_down_is_told_and_the_others_are_measured(
    measured: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    assert command.main(["--page", str(page)]) == 1
    assert measured == list(command.PARTS)
    for text in (page.read_text("utf-8"), capsys.readouterr().out):
        assert "| memory | nan | to be measured | NOT MET | RuntimeError: the centre refuses |" in text
        assert all(f"figure of {part}" in text for part in command.PARTS if part != "memory")


def test_only_the_parts_asked_for_are_measured_and_the_page_says_so(measured: list[str], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert command.main(["--only", "kernels", "--only", "live", "--quick", "--page", str(page)]) == 0
    assert measured == ["live", "kernels"]
    assert "Written by `python -m benchmarks --quick --only live --only kernels`" in page.read_text("utf-8")


def test_the_help_names_every_part(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert all(what in text for what in command.PARTS.values())
