"""A recording → its score sheet: the one way by which a final verdict is reached, live as in an appeal.

Read, decode, check the chains, sort by source time, fold, judge, count, write. The rule pack and the survey are those
that are attached to the recording, unless another edition is asked for.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from center.driving_track import rule_packs
from center.driving_track.scoring.exam import ExamScorer
from center.driving_track.scoring.faults import judge
from center.driving_track.scoring.ordering import FUTURE_NS, in_source_order, is_of_exam
from center.driving_track.scoring.outcome import ExamOutcome
from center.driving_track.scoring.points import tally
from center.driving_track.scoring.rules import Edition
from center.driving_track.scoring.score_sheet import DeviceTally, ScoreSheet, SheetFacts, build
from center.driving_track.strangers import Strangers
from messages import keys, orders
from messages import site as survey
from messages.chain_check import ChainCheck, CoveredRanges
from messages.codec import BadMessage, decode, decode_head
from messages.envelope import Envelope
from messages.geodesy import LocalFrame
from messages.readings import ExamControl
from messages.recording import Recording, RecordingHeader, read_payloads
from messages.topics import CENTRE_DEVICE


@dataclass(frozen=True, slots=True)
class Scored:
    """A recording's sheet, and what of the recording could not be used (by reason)."""

    header: RecordingHeader
    edition: Edition
    sheet: ScoreSheet
    outcome: ExamOutcome
    refused: dict[str, int]


def score_file(path: Path, edition: Edition | None = None) -> Scored:
    """Score an exam's recording. Raises OSError, ``BadRecording``, ``BadSite`` or ``BadRuleData``."""
    recording, payloads = read_payloads(path)
    return score(recording, payloads, edition)


def score(recording: Recording, payloads: Iterable[tuple[int, bytes]], edition: Edition | None = None) -> Scored:
    """Score what was read of a recording: ``payloads`` are (arrival in UTC ns, bytes of the message)."""
    header = recording.header
    edition = edition or attached_edition(recording)
    site = survey.from_bytes(recording.site)
    refused: dict[str, int] = {}
    envelopes, covered = _sound(header, payloads, refused)
    ordered = in_source_order([one for one in envelopes if is_of_exam(one, header.called_at_ns)])
    scorer = ExamScorer(site, site.car(header.car_id), edition, LocalFrame(site.anchor), header.exam_id)
    strangers = Strangers(ordered, covered)
    for envelope in ordered:
        device_id = envelope.device_id
        is_covered = covered[device_id, envelope.boot_id].covers(envelope.seq)
        if not is_covered and not scorer.is_finished and strangers.has(envelope):
            continue
        scorer.feed(device_id, envelope.source_time_ns, envelope.body, is_covered)
    outcome = scorer.finish()
    findings = [judge(edition.by_id[seen.rule_id], seen, edition.decision) for seen in outcome.observations]
    facts = SheetFacts(
        centre_id=header.centre_id,
        car_id=header.car_id,
        site_sha256=hashlib.sha256(recording.site).hexdigest(),
        edition=edition,
        began_ns=outcome.began_ns,
        ended_ns=outcome.ended_ns,
        exercises=outcome.exercises,
        findings=findings,
        tally=tally(edition, findings, outcome.voids, outcome.finished),
        voids=outcome.voids,
        notes=[*outcome.notes, *_missing(recording)],
        devices=_devices(header, strangers.left_out_of(ordered), covered, outcome),
    )
    if strangers.found:
        refused["beside_signed"] = len(strangers.found)
    return Scored(header, edition, build(facts), outcome, refused)


def attached_edition(recording: Recording) -> Edition:
    """The edition of the rule pack that the exam was called under, from the recording itself."""
    header = recording.header
    editions = rule_packs.parse(recording.pack, f"{header.pack}.yaml")
    return rule_packs.in_force(editions, date.fromisoformat(header.pack_edition))


def _sound(
    header: RecordingHeader, payloads: Iterable[tuple[int, bytes]], refused: dict[str, int]
) -> tuple[list[Envelope], dict[tuple[str, str], CoveredRanges]]:
    """The messages that may be scored, and which of them signatures cover; the rest is counted by reason."""
    public_keys = {one.device_id: keys.public_from_hex(one.public_key_hex) for one in header.devices}
    chains = ChainCheck(header.centre_id)
    sound: list[tuple[Envelope, bytes]] = []
    for arrival_ns, payload in payloads:
        try:
            envelope = decode(payload)
        except BadMessage as error:
            refused[error.reason] = refused.get(error.reason, 0) + 1
            _chain_unread(chains, payload, public_keys.keys())
            continue
        if envelope.device_id not in public_keys or envelope.centre_id != header.centre_id:
            refused["unknown_device"] = refused.get("unknown_device", 0) + 1
            continue
        chains.feed(envelope, payload)
        if envelope.source_time_ns > arrival_ns + FUTURE_NS:
            refused["future_dated"] = refused.get("future_dated", 0) + 1
            continue
        if _is_unsigned_order(envelope, public_keys[envelope.device_id]):
            refused["unsigned_order"] = refused.get("unsigned_order", 0) + 1
            continue
        sound.append((envelope, payload))
    covered = chains.covered(public_keys)
    if any(ranges.counts.get("fork") for ranges in covered.values()):
        return _without_forks(sound, covered), covered
    return [envelope for envelope, _ in sound], covered


def _is_unsigned_order(envelope: Envelope, public_key: Ed25519PublicKey) -> bool:
    body = envelope.body
    return type(body) is ExamControl and not orders.is_signed(
        body, envelope.centre_id, envelope.source_time_ns, public_key
    )


def _chain_unread(chains: ChainCheck, payload: bytes, known: Collection[str]) -> None:
    """A body of a newer kind is still a link of its device's chain."""
    try:
        head = decode_head(payload)
    except BadMessage:
        return
    if head.device_id in known:
        chains.feed(head, payload)


def _without_forks(
    sound: Iterable[tuple[Envelope, bytes]], covered: Mapping[tuple[str, str], CoveredRanges]
) -> list[Envelope]:
    """Of several payloads that claim one sequence number the one that is signed, else the same one in any order."""
    chosen: dict[tuple[str, str, int], tuple[Envelope, bytes]] = {}
    for envelope, payload in sound:
        key = envelope.device_id, envelope.boot_id, envelope.seq
        ranges = covered[key[:2]]
        if ranges.covers(envelope.seq) and not ranges.covers_payload(envelope.seq, payload):
            continue
        if key not in chosen or payload < chosen[key][1]:
            chosen[key] = envelope, payload
    return [envelope for envelope, _ in chosen.values()]


def _missing(recording: Recording) -> list[str]:
    notes = [f"recording_damaged:{len(recording.damages)}"] if recording.damages else []
    return notes + [f"missing:{what}" for what in recording.header.missing]


def _devices(
    header: RecordingHeader,
    ordered: Sequence[Envelope],
    covered: dict[tuple[str, str], CoveredRanges],
    outcome: ExamOutcome,
) -> list[DeviceTally]:
    """What came from each device between the exam's beginning and end (outside, a cut could take more or less).

    A device may say of an earlier instant what comes later in its boot: what lies outside the exam is not missing.
    """
    seqs: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    outside: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    began_ns, ended_ns = outcome.began_ns, outcome.ended_ns
    for envelope in ordered:
        is_within = began_ns <= envelope.source_time_ns <= ended_ns
        (seqs if is_within else outside)[envelope.device_id, envelope.boot_id].append(envelope.seq)
    # The centre's own device is left out: what it says beside its orders depends on how often the centre was started.
    devices = [one for one in header.devices if one.device_id != CENTRE_DEVICE]
    return [_device(one.device_id, one.simulated, seqs, outside, covered) for one in devices]


def _device(
    device_id: str,
    simulated: bool,
    seqs: Mapping[tuple[str, str], list[int]],
    outside: Mapping[tuple[str, str], list[int]],
    covered: dict[tuple[str, str], CoveredRanges],
) -> DeviceTally:
    mine = {key: value for key, value in seqs.items() if key[0] == device_id}
    uncovered = sum(covered[key].uncovered(value) for key, value in mine.items())
    missing = sum(_holes(value, outside.get(key, ())) for key, value in mine.items())
    return DeviceTally(device_id, simulated, sum(map(len, mine.values())), uncovered, missing)


def _holes(seqs: Sequence[int], outside: Sequence[int]) -> int:
    first, last = min(seqs), max(seqs)
    return last - first + 1 - len(seqs) - sum(first < seq < last for seq in outside)
