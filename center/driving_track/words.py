"""The words of the practical exam for what code calls by short names; each is translated where it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from center.web.languages import N_

Translate = Callable[[str], str]

EXERCISES = {
    "start": N_("Start"),
    "hill": N_("Stop and start on the upgrade"),
    "crossroads": N_("Signalled crossroads"),
    "snake": N_("Snake"),
    "limited_turn": N_("Turn in limited space"),
    "parallel_parking": N_("Parallel parking"),
    "box": N_("Reverse into a box"),
    "level_crossing": N_("Level crossing"),
    "pedestrian_crossing": N_("Pedestrian crossing"),
    "emergency_braking": N_("Emergency braking"),
    "speed_section": N_("Speed section"),
    "finish": N_("Finish"),
}
VERDICTS = {
    "pass": N_("Passed"),
    "fail": N_("Failed"),
    "undetermined": N_("Waits for review"),
    "void": N_("Void"),
}
VERDICT_MEANINGS = {
    "pass": N_("Every check was definite enough, and the points stay within the limit."),
    "fail": N_("What was measured, beyond its uncertainty, adds up to a fail."),
    "undetermined": N_(
        "Open findings could still change the result. An examiner decides with the evidence; this is no result yet."
    ),
    "void": N_(
        "The attempt does not count, and it is kept for the candidate: something that must be measured was lost."
    ),
}
TAGS = {"pass": "green", "fail": "red", "undetermined": "yellow", "void": "grey"}
STATES = {
    "called": N_("Called to the car"),
    "running": N_("Under way"),
    "closing": N_("Waiting for the last readings"),
    "closed": N_("Closed"),
}
REASONS = {
    "complete": N_("The whole route was driven and judged."),
    "definite_fail": N_("The faults that were charged are a definite fail."),
    "open_findings": N_("Findings that the sensors could not decide may change the verdict."),
    "not_finished": N_("The route was not driven to its end."),
}
SOURCES = {
    "satellite": N_("satellite receiver"),
    "car_bus": N_("car's data bus"),
    "cones": N_("cone sensors"),
    "kerb_strips": N_("kerb strips"),
    "safety_stop": N_("stop by the safety officer"),
    "storage": N_("storage of the centre"),
}
OUTCOMES = {"fault": N_("Fault"), "undetermined": N_("Open")}
PARTS = {
    "front_left": N_("front left wheel"),
    "front_right": N_("front right wheel"),
    "rear_left": N_("rear left wheel"),
    "rear_right": N_("rear right wheel"),
}
GEARS = {-1: N_("Reverse"), 0: N_("Neutral")}
DEVICE_STATES = {
    "ok": N_("works"),
    "silent": N_("silent"),
    "lost": N_("link lost"),
    "unheard": N_("not heard yet"),
}
REFUSALS = {
    "oversize": N_("too large"),
    "schema_major": N_("schema of a newer major version"),
    "broken_json": N_("broken JSON"),
    "wrong_shape": N_("not the shape of its kind"),
    "absurd_value": N_("value out of all range"),
    "wrong_topic": N_("on a topic that is not its own"),
    "unenrolled": N_("device not enrolled"),
    "revoked": N_("device revoked"),
    "future": N_("dated ahead of its arrival"),
    "late": N_("came after the sheet was final"),
    "duplicate": N_("came twice"),
    "missing": N_("never came"),
    "fork": N_("two messages under one number"),
    "broken_chain": N_("broken chain of hashes"),
    "missing_digest": N_("signature overdue"),
    "wrong_digest": N_("digest of another chain"),
    "forged_digest": N_("forged digest"),
}
NOTES = {
    "gap": N_("Gap told by the device"),
    "missing": N_("Known to be missing"),
    "recording_damaged": N_("Damaged places in the recording"),
}
DEMO_FAULTS = {
    "beam_silent": (N_("Silence a beam"), N_("The light barrier at the pedestrian crossing says nothing any more.")),
    "satellite_float": (N_("Float the satellite fix"), N_("Positions turn vague: no fault at a line can be proved.")),
    "satellite_lost": (
        N_("Unplug the satellite receiver"),
        N_("No positions: after three seconds the attempt is void."),
    ),
    "car_bus_lost": (
        N_("Unplug the car's data bus"),
        N_("No speed, gear or belt: after three seconds the attempt is void."),
    ),
    "clock_offset": (N_("Set a receiver's clock wrong"), N_("Its readings are dated ahead of all others.")),
}


def word(words: Mapping[str, str], key: str, translate: Translate) -> str:
    """The translated word for a short name; a name that has none is shown as it is."""
    return translate(words[key]) if key in words else key.replace("_", " ")


def note_of(code: str, translate: Translate) -> str:
    """A note of a sheet (``kind:details``) in words."""
    kind, _, details = code.partition(":")
    return ": ".join(one for one in (word(NOTES, kind, translate), details.replace(":", ", ")) if one)


def reason_of(code: str, translate: Translate) -> str:
    """The reason of a verdict in a sentence."""
    kind, _, source = code.partition(":")
    if kind == "void" and source:
        return translate("Lost or stopped: {source}.").replace("{source}", word(SOURCES, source, translate))
    return word(REASONS, code, translate)
