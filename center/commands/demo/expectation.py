"""Whether an exam came out as its scenario says it must: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any


def differences(
    expected: Mapping[str, Any], verdict: str, reason: str, findings: Sequence[Mapping[str, Any]]
) -> list[str]:
    """What is not as expected, each a sentence; empty when all is.

    ``expected`` is a scenario's ``expect``: the verdict and the others that are as good, exactly the faults that are
    charged (rule, exercise, times), rules that must be left open and those that may be, and by what an attempt is void.
    """
    found = []
    verdicts = (expected["verdict"], *expected.get("or_verdicts", ()))
    if verdict not in verdicts:
        found.append(f"the verdict is {verdict} ({reason}), not {' or '.join(verdicts)}")
    void_by = expected.get("void_by")
    if verdict == "void" and void_by is not None and reason != f"void:{void_by}":
        found.append(f"the reason is {reason}, not void:{void_by}")
    planned = Counter({(one["rule"], one["exercise"]): one.get("times", 1) for one in expected.get("faults", ())})
    charged = Counter((one["rule"], one["exercise"]) for one in findings if one["charged"])
    may_be_charged = expected.get("may_be_charged", ())
    found += [
        f"{key[0]} in {key[1]} is charged {charged[key]} times, not {planned[key]}"
        for key in sorted({*planned, *charged}, key=str)
        if planned[key] != charged[key] and key[0] not in may_be_charged
    ]
    if verdict == "void":
        return found  # what was still open then is of no account
    must, may = set(expected.get("open", ())), set(expected.get("may_be_open", ()))
    left_open = {one["rule"] for one in findings if one["outcome"] == "undetermined"}
    found += [f"{rule} is decided, though it must be left open" for rule in sorted(must - left_open)]
    found += [f"{rule} is left open" for rule in sorted(left_open - must - may)]
    return found
