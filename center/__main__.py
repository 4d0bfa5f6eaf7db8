"""``python -m center`` and the command ``center``."""

from __future__ import annotations

from center.commands.line import main

if __name__ == "__main__":
    raise SystemExit(main())
