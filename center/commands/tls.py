"""``center tls make NAME …``: a certificate for the pages by the centre's own authority."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from center import tls
from center.commands.words import Words
from center.settings import load_settings
from center.tls import TlsFiles
from messages import site as survey


def add_to(words: Words) -> None:
    """Add the command."""
    parser = words.add_parser("tls", help="the certificate of the pages, by the centre's own authority")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    make = actions.add_parser("make", help="make or renew it; the authority is made the first time")
    make.add_argument(
        "names", nargs="+", metavar="NAME", help="host name (or address) at which browsers reach the pages"
    )
    make.add_argument("--folder", type=Path, help="where it goes (the vault's folder tls)")
    make.set_defaults(run=_make)


def _make(options: argparse.Namespace) -> int:
    settings = load_settings()
    files = TlsFiles(options.folder or settings.vault / "tls")
    site = survey.load(settings.site)
    tls.make(files, site.centre_id, options.names, datetime.now(UTC))
    print(f"SPECCENTER_TLS_CERTIFICATE={files.certificate}")
    print(f"SPECCENTER_TLS_KEY={files.key}")
    print(f"SPECCENTER_ORIGIN=https://{options.names[0]}:{settings.port}")
    print(
        f"Every machine of the hall must trust {files.authority}; nobody needs {files.authority_key} but this command."
    )
    return 0
