"""Whether an exam came out as its scenario says it must: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any


def differences(
    expected: Mapping[str, Any], verdict: str, reason: str, findings: Sequence[Mapping[str, Any]]
) -> list[str]:
    """What is not as expected, each a sentence; empty when all is.

    ``expected`` is a scenario's ``expect``: the verdict (or others that sick sensors may lead to instead), the faults
    that are charged (rule, exercise, times), rules that must or may be left open, rules that may be charged beside, and
    by what a void attempt is void. After another verdict than the first, fewer faults may have been seen; of a void
    attempt it is of no account what was open.
    """
    found = []
    other = verdict in expected.get("or_verdicts", ())
    if verdict != expected["verdict"] and not other:
        found.append(f"the verdict is {verdict} ({reason}), not {expected['verdict']}")
    void_by = expected.get("void_by")
    if void_by is not None and not other and reason != f"void:{void_by}":
        found.append(f"the reason is {reason}, not void:{void_by}")
    found += _wrongly_charged(expected, findings, may_lack=other)
    return found if verdict == "void" else [*found, *_wrongly_open(expected, findings)]


def _wrongly_charged(
    expected: Mapping[str, Any], findings: Sequence[Mapping[str, Any]], *, may_lack: bool
) -> list[str]:
    planned = Counter({(one["rule"], one["exercise"]): one.get("times", 1) for one in expected.get("faults", ())})
    may = set(expected.get("may_be_charged", ()))
    charged = Counter((one["rule"], one["exercise"]) for one in findings if one["charged"])
    wrong = [
        key
        for key in sorted({*planned, *charged}, key=str)
        if charged[key] != planned[key]
        and not (may_lack and charged[key] < planned[key])
        and not (key[0] in may and charged[key] > planned[key])
    ]
    return [f"{rule} in {exercise} is charged {charged[rule, exercise]} times, not {planned[rule, exercise]}"
            for rule, exercise in wrong]  # fmt: skip


def _wrongly_open(expected: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]) -> list[str]:
    must = set(expected.get("open", ()))
    may = {*expected.get("may_be_open", ()), *expected.get("may_be_charged", ())}
    left_open = {one["rule"] for one in findings if one["outcome"] == "undetermined"}
    decided = [f"{rule} is decided, though it must be left open" for rule in sorted(must - left_open)]
    return decided + [f"{rule} is left open" for rule in sorted(left_open - must - may)]
