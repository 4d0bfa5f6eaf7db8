"""The first two people of a centre that the environment names, for tests of what comes after them."""

from __future__ import annotations

import json
from pathlib import Path

from center.commands.line import main

TWO = {
    "administrator": {"login": "dauren", "name": "Дәурен Қайратұлы", "iin": "850312900040"},
    "supervisor": {"login": "saule", "name": "Сәуле Төлегенова", "iin": "791108900117"},
}


def found(folder: Path) -> None:
    """Make them."""
    document = folder / "two.json"
    document.write_text(json.dumps(TWO), "utf-8")
    assert main(["people", "bootstrap", "--document", str(document)]) == 0
