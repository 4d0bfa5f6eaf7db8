"""``center rules list|show|check``: the rule packs."""

from __future__ import annotations

import argparse
from pathlib import Path

from center.commands.words import Words
from center.driving_track import rule_packs
from center.driving_track.scoring.rules import Edition


def add_to(words: Words) -> None:
    """Add the commands."""
    parser = words.add_parser("rules", help="the rule packs")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="every pack with its editions")
    listing.set_defaults(run=_list)
    show = actions.add_parser("show", help="one edition, rule by rule")
    show.add_argument("pack", metavar="PACK[@DATE]")
    show.set_defaults(run=_show)
    check = actions.add_parser("check", help="read packs strictly and say what is wrong")
    check.add_argument("files", nargs="*", type=Path, help="by default the centre's own")
    check.set_defaults(run=_check)


def _list(options: argparse.Namespace) -> int:
    for name in rule_packs.packs():
        for edition in _editions(rule_packs.FOLDER / f"{name}.yaml"):
            counts = f"{len(edition.rules)} rules, {_provisional(edition)} provisional"
            print(edition.name, counts, edition.title["en"], sep="\t")
    return 0


def _show(options: argparse.Namespace) -> int:
    edition = rule_packs.load(options.pack)
    for rule in edition.rules:
        mark = "provisional" if rule.provisional else "verified"
        limit = f"{'<' if rule.limit.at_least else '>'} {rule.limit.value:g} {rule.limit.unit}"
        print(f"{rule.id}\t{rule.exercise}\t{limit}\t{rule.points}\t{mark}\t{rule.clause}\t{rule.title['en']}")
    return 0


def _check(options: argparse.Namespace) -> int:
    files = options.files or [rule_packs.FOLDER / f"{name}.yaml" for name in rule_packs.packs()]
    for path in files:
        for edition in _editions(path):
            print(f"{edition.name}: {len(edition.rules)} rules, {_provisional(edition)} provisional; well formed")
    return 0


def _editions(path: Path) -> list[Edition]:
    return rule_packs.parse(path.read_bytes(), path.name)


def _provisional(edition: Edition) -> int:
    return sum(rule.provisional for rule in edition.rules)
