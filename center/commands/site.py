"""``center site draw``: a centre's track as a picture, drawn from its survey."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from center.commands.words import Words
from center.driving_track.drawing import track_svg
from center.driving_track.words import EXERCISES
from messages import site as survey

_DEFAULT = Path("sites/sarytau")


def add_to(words: Words) -> None:
    """Add the commands."""
    parser = words.add_parser("site", help="the centre's survey")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    draw = actions.add_parser("draw", help="the track as SVG")
    draw.add_argument("site", nargs="?", type=Path, default=_DEFAULT, help=f"folder of the survey ({_DEFAULT})")
    draw.add_argument("--out", type=Path, metavar="FILE", help="by default it is printed")
    draw.set_defaults(run=_draw)


def drawn(folder: Path) -> str:
    """The track of a survey as an SVG document; the same survey gives the same text. Raises ``BadSite``."""
    site = survey.load(folder)
    names = {one.id: EXERCISES[one.kind] for one in site.route.exercises}
    return track_svg(site, site.name["en"], names)


def _draw(options: argparse.Namespace) -> int:
    text = drawn(options.site)
    if options.out is None:
        sys.stdout.write(text)
    else:
        options.out.write_text(text, "utf-8")
    return 0
