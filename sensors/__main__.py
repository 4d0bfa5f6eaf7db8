"""``python -m sensors``."""

from __future__ import annotations

import sys

from sensors import commands


def main() -> int:
    """The command line; returns the exit status."""
    return commands.main()


if __name__ == "__main__":
    sys.exit(main())
