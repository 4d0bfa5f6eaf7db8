"""The page that documents every setting, made from the settings themselves: ``python -m center.settings_page``."""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic import SecretStr

from center.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
_HEAD = """\
# Settings of the centre

Read from the environment. This page is made by `python -m center.settings_page` from `center/settings.py`.

| variable | default | meaning |
|---|---|---|
"""


def settings_page() -> str:
    """The page's text."""
    rows = [
        f"| `SPECCENTER_{name.upper()}` | {_shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return ""
    return "" if value in (None, "") else f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    PAGE.write_text(settings_page(), "utf-8")
    sys.stdout.write(f"{PAGE}\n")
