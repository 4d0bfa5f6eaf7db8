"""``center score RECORDING``: the score sheet of a recording and its SHA-256, by the very way of the final verdict."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from center.commands.words import Words
from center.driving_track import rule_packs
from center.driving_track.rescore import score_file


def add_to(words: Words) -> None:
    """Add the command."""
    parser = words.add_parser("score", help="score a recording again")
    parser.add_argument("recording", type=Path)
    parser.add_argument("--rules", metavar="PACK[@DATE]", help="another edition than the recording's own")
    parser.add_argument("--json", action="store_true", help="print the sheet's canonical bytes, nothing else")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the sheet and its hash."""
    edition = rule_packs.load(options.rules) if options.rules else None
    scored = score_file(options.recording, edition)
    sheet = scored.sheet
    if options.json:
        sys.stdout.buffer.write(sheet.data + b"\n")
        return 0
    print(f"{sheet.verdict.value}: {sheet.points} points by {scored.edition.name}, {sheet.content['reason']}")
    findings = sheet.content["findings"]
    assert isinstance(findings, list)
    for finding in findings:
        assert isinstance(finding, dict)
        where = " ".join(str(finding[name]) for name in ("exercise", "subject", "part") if finding[name])
        print(
            f"  {finding['outcome']:<13}{finding['rule']:<24}{finding['points']:>4}  "
            f"{finding['value']} ± {finding['uncertainty']} (limit {finding['limit']}, {finding['unit']})  {where}"
        )
    for reason, count in sorted(scored.refused.items()):
        print(f"  {count} messages not used: {reason}")
    print(f"sha256 {sheet.sha256}")
    return 0
