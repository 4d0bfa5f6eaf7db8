"""The words of the practical exam for what code calls by short names; each is translated where it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from center.web.languages import N_

Translate = Callable[[str], str]
_UNSIGNED = re.compile(r"no signed digest of (\S+) over the end within the grace")
"""What closing writes into a recording's header."""

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
    "light-crossroads": N_("traffic light of the crossroads"),
    "light-rail": N_("light of the level crossing"),
    "barrier-rail": N_("barrier of the level crossing"),
    "beam-zebra": N_("light barrier of the pedestrian crossing"),
    "lamp-emergency": N_("lamp of the emergency braking"),
    "safety_stop": N_("stop by the safety officer"),
    "storage": N_("storage of the centre"),
    "scoring": N_("scoring of the recording"),
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
    "unsigned_order": N_("order without the centre's signature"),
}
DEVICE_FAULTS = {
    "silent": N_("nothing is heard of it"),
    "elements_silent": N_("says nothing of its elements"),
    "serial_link_lost": N_("serial line lost"),
    "can_link_lost": N_("data bus lost"),
    "driver_failed": N_("bytes could not be read"),
    "outbox_full": N_("outbox full"),
    "no_fix": N_("no position"),
    "element_failed": N_("a sensor has failed"),
}
NOTES = {
    "gap": N_("Gap told by the device"),
    "device_fault": N_("Fault told by the device"),
    "missing": N_("Known to be missing"),
    "recording_damaged": N_("Damaged places in the recording"),
    "not_exam_grade": N_("Time without positions of exam grade"),
    "unknown_source": N_("The rules name a source that this track does not have"),
    "not_its_element": N_("Readings of an element by a device that does not carry it"),
    "car_state_late": N_("Readings of the car's bus out of order"),
    "car_state_repeated": N_("Readings of the car's bus for the same instant"),
    "wheel_speed_absurd": N_("Speeds of the car's bus out of all range"),
    "steering_absurd": N_("Steering angles of the car's bus out of all range"),
    "pose_late": N_("Positions out of order"),
    "pose_repeated": N_("Positions for the same instant"),
    "pose_without_fix": N_("Messages of the receiver without a position"),
    "pose_absurd": N_("Positions out of all range"),
    "pose_variance_absurd": N_("Positions with an impossible uncertainty"),
    "pose_outlier": N_("Positions that contradict the car's own motion"),
    "pose_without_heading_at_start": N_("Positions without a heading before the path had begun"),
    "path_begun_again": N_("Times at which the path had to begin again"),
}
DEMO_FAULTS = {
    "beam_silent": (
        N_("Silence a beam"),
        N_(
            "The light barrier of the pedestrian crossing says nothing any more. Once the car gets there the attempt "
            "is void: nobody knows of the pedestrian."
        ),
    ),
    "cones_unplugged": (
        N_("Unplug the cones"),
        N_("The exam goes on: whether a cone fell stays open, and that alone fails nobody."),
    ),
    "kerb_strips_unplugged": (
        N_("Unplug the kerb strips"),
        N_("The exam goes on: whether a wheel touched a kerb stays open, and that alone fails nobody."),
    ),
    "satellite_float": (
        N_("Float the satellite fix"),
        N_("Positions turn vague: no fault at a line can be proved."),
    ),
    "heading_lost": (
        N_("Cover the second antenna"),
        N_("No heading: the car's outline turns vague, and no fault at a line can be proved."),
    ),
    "stale_corrections": (
        N_("Hold the corrections back"),
        N_("Positions with corrections a minute old prove no fault at a line."),
    ),
    "clock_offset": (
        N_("Set the receiver's clock wrong"),
        N_(
            "One second off, its positions contradict the car's own motion: they do not count, and the attempt is void."
        ),
    ),
    "satellite_lost": (
        N_("Unplug the satellite receiver"),
        N_("No positions: after three seconds the attempt is void and kept."),
    ),
    "car_bus_lost": (
        N_("Unplug the car's data bus"),
        N_("No speed, gear or belt: after three seconds the attempt is void and kept."),
    ),
    "gateway_link_cut": (
        N_("Cut the car's link for 15 seconds"),
        N_(
            "The map stands still. The car's gateway keeps every reading on its disk and sends it afterwards: nothing "
            "is lost, and the exam counts."
        ),
    ),
}


def word(words: Mapping[str, str], key: str, translate: Translate) -> str:
    """The translated word for a short name; a name that has none is shown as it is."""
    return translate(words[key]) if key in words else key.replace("_", " ")


def device_fault(code: str, translate: Translate) -> str:
    """A fault that a device tells (``code`` or ``code:element``) in words."""
    kind, _, element = code.partition(":")
    text = word(DEVICE_FAULTS, kind, translate)
    return f"{text} ({element})" if element else text


def note_of(code: str, translate: Translate) -> str:
    """A note of a sheet (``kind:details``) in words."""
    kind, _, details = code.partition(":")
    unsigned = _UNSIGNED.fullmatch(details)
    if unsigned is not None:
        details = translate("no signature of {device} over the end in time").replace("{device}", unsigned[1])
    return ": ".join(one for one in (word(NOTES, kind, translate), details.replace(":", ", ")) if one)


def reason_of(code: str, translate: Translate) -> str:
    """The reason of a verdict in a sentence."""
    kind, _, source = code.partition(":")
    if kind == "void" and source:
        return translate("Lost or stopped: {source}.").replace("{source}", word(SOURCES, source, translate))
    return word(REASONS, code, translate)
