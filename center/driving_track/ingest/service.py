"""The intake's loop: collect, judge, write, fsync, acknowledge, score; every step in one thread."""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from sqlalchemy.exc import SQLAlchemyError

from center.driving_track import queries
from center.driving_track.actions import intake as positions
from center.driving_track.ingest.acknowledgements import Acknowledgements
from center.driving_track.ingest.chain_watch import LATE_NS, ChainWatch, Trust
from center.driving_track.ingest.closing import close_recording
from center.driving_track.ingest.context import Context
from center.driving_track.ingest.control import open_control
from center.driving_track.ingest.exams import Exams
from center.driving_track.ingest.health import HealthBook
from center.driving_track.ingest.intake import Intake, Taken
from center.driving_track.ingest.lookout import Lookout
from center.driving_track.ingest.moments import Moments
from center.driving_track.ingest.orders import Orders
from center.driving_track.ingest.segments import Segments, forget, newest
from center.driving_track.ingest.subscriber import Arrival, Subscriber
from center.driving_track.ingest.track_state import TrackState
from center.driving_track.live import LiveSender
from center.driving_track.readiness import LastHeard
from center.errors import StorageFault
from center.processes import die_with_parent
from messages import codec, keys, topics
from messages.codec import BadMessage
from messages.envelope import Envelope
from messages.readings import Acknowledgement, LostLink

_log = logging.getLogger(__name__)
_ORDERS_EVERY_S = 0.1
_MOMENT_EVERY_S = 0.1
_HEALTH_EVERY_S = 2.0
_RETRY_S = 0.5
_FORGET_EVERY_S = 600.0
_DAY_NS = 86_400_000_000_000
_SLACK_MACHINE_S = 1.0
_NO_FULL_COLLECTION = 1_000_000
"""Of the garbage collector's oldest generation: a look through all of it takes longer than a finding may take."""
_NOT_DEVICES = (f"/{Acknowledgement.kind}", f"/{LostLink.kind}")


class Service:
    """One track's intake. ``run`` returns when ``stopping`` is set."""

    def __init__(self, context: Context, sender: LiveSender) -> None:
        settings, site = context.settings, context.site
        self._context = context
        self._broker = settings.broker
        self._control = open_control(context, self._broker)
        self._watches: dict[str, ChainWatch] = {}
        self._intake = Intake(site.centre_id, {}, round(settings.future_tolerance_s * 1e9))
        self._segments = Segments(settings.intake, context.clock.now_ns())
        self._subscriber = Subscriber(self._broker, site.centre_id, context.clock.now_ns)
        self._book = HealthBook()
        self._heard: dict[str, LastHeard] = {}
        self._track = TrackState()
        self._pool = ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=_stand_back, max_tasks_per_child=20
        )
        self._exams = Exams(context, self._watches, self._has_hole, lambda job: self._pool.submit(close_recording, job))
        self._orders = Orders(context, self._exams, self._control, self._heard)
        self._acknowledgements = Acknowledgements(
            self._intake, site.centre_id, settings.acknowledge_every_s, self._book.count
        )  # fmt: skip
        self._moments = Moments(context, self._exams, self._book, self._heard, self._track, sender)
        self._gather_s = settings.group_fsync_ms / 1000.0
        self._lookout = Lookout(context.database)
        self._enrolments_mark: tuple[object, ...] = ()
        self._due_at: dict[str, float] = {}
        self._is_blocked = False
        """Whether something waits to be written that the disk did not take."""
        self._must_void = False

    def run(self, stopping: threading.Event) -> None:
        """Take up what was under way, then take messages in until told to stop."""
        self._load_enrolments()
        self._restore_intake()
        self._exams.resume(self._intake.enrolled)
        self._lookout.start()
        self._control.transmitter.start()
        self._orders.say_again(self._intake.enrolled)
        gc.freeze()
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, _NO_FULL_COLLECTION)
        try:
            while not stopping.is_set():
                self._turn()
        finally:
            self._lookout.stop()
            self._write_last_health()
            self._control.transmitter.stop(drain_s=0.0)
            self._subscriber.close()
            self._segments.close()
            self._pool.shutdown(cancel_futures=True)

    def _turn(self) -> None:
        try:
            if self._is_blocked:
                self._sync()
            self._take_in(self._subscriber.collect(0.05, self._gather_s))
        except SQLAlchemyError:
            # The exam's facts are in the log; the database is tried again.
            _log.exception("The database does not take what happened; it is tried again.")
            time.sleep(_RETRY_S)
        except StorageFault:
            _log.exception("Nothing is taken in until it can be written, and the exams under way are void.")
            time.sleep(_RETRY_S)
        try:
            self._keep_house()
        except SQLAlchemyError:
            _log.exception("The database does not take what is due; it is tried again.")
            time.sleep(_RETRY_S)

    def _take_in(self, arrivals: Sequence[Arrival]) -> None:
        """One group: judged, written, fsynced, then acknowledged and handed on."""
        spoken = [one for one in arrivals if not one.topic.endswith(_NOT_DEVICES)]
        taken = [self._intake.take(one.topic, one.payload, one.arrival_ns) for one in spoken]
        for arrival, one in zip(spoken, taken, strict=True):
            if one.record and one.head is not None:
                self._segments.append(arrival.topic, arrival.payload, arrival.arrival_ns, one.head.source_time_ns)
        self._sync()
        self._subscriber.acknowledge(arrivals)
        for arrival, one in zip(spoken, taken, strict=True):
            self._hand_on(arrival, one)
        self._note_lost_links(arrivals)
        self._acknowledgements.publish(lambda topic, payload: self._subscriber.publish(topic, payload, retain=True))
        self._exams.advance(self._context.clock.now_ns())
        self._moments.send_findings()
        self._exams.catch_up(self._intake.enrolled)

    def _hand_on(self, arrival: Arrival, taken: Taken) -> None:
        if taken.reason is not None:
            self._book.count(taken.device_id, taken.reason)
        if taken.head is None:
            return
        self._acknowledgements.touch(taken.device_id, taken.head.boot_id, came_again=taken.reason == "duplicate")
        if taken.record:
            fault = self._watches[taken.device_id].note(taken.head, arrival.payload)
            if fault is not None:
                self._book.count(taken.device_id, fault)
        envelope = taken.envelope
        if envelope is not None:
            self._score(envelope, arrival.arrival_ns)

    def _score(self, envelope: Envelope, arrival_ns: int) -> None:
        self._book.note(envelope, arrival_ns)
        if self._watches[envelope.device_id].trust(envelope.boot_id) is not Trust.STRANGE:
            self._heard.setdefault(envelope.device_id, LastHeard()).note(envelope, arrival_ns)
            self._track.note(envelope)
        reason = self._exams.feed(envelope, arrival_ns)
        if reason is not None:
            self._book.count(envelope.device_id, reason)

    def _note_lost_links(self, arrivals: Sequence[Arrival]) -> None:
        """A broker's word that a gateway's link went down: for display only."""
        for arrival in arrivals:
            parts = topics.parts_of(arrival.topic)
            if arrival.payload and parts is not None and parts[3] == LostLink.kind:
                self._book.lose([name for name, one in self._intake.enrolled.items() if one.gateway_id == parts[1]])

    def _keep_house(self) -> None:
        if self._must_void:
            self._exams.void_all("storage")
            self._must_void = False
        if self._is_due("orders", _ORDERS_EVERY_S):
            if self._lookout.enrolments_mark not in (None, self._enrolments_mark):
                self._load_enrolments()
            if self._lookout.has_orders:
                self._carry_out_orders()
            self._orders.stop_what_is_void()
            if self._exams.close_what_is_complete(self._intake.enrolled):
                gc.collect()
        if self._is_due("moment", _MOMENT_EVERY_S):
            self._moments.send(self._intake.enrolled, self._subscriber.connected)
        if self._is_due("old log", _FORGET_EVERY_S):
            self._forget_old_log()
        if self._is_due("health", _HEALTH_EVERY_S):
            self._write_health()

    def _carry_out_orders(self) -> None:
        current = {name: one for name, one in self._intake.enrolled.items() if one.revoked_at is None}
        if self._orders.carry_out(current, self._segments.place, can_store=not self._is_blocked):
            self._due_at["orders"] = 0.0

    def _is_due(self, what: str, every_s: float) -> bool:
        now = time.monotonic()
        if now < self._due_at.get(what, 0.0):
            return False
        self._due_at[what] = now + every_s
        return True

    def _has_hole(self, device_id: str) -> bool:
        watch = self._watches.get(device_id)
        return watch is not None and self._intake.has_hole(device_id, watch.has_signed)

    def _load_enrolments(self) -> None:
        with self._context.database.reading() as transaction:
            mark = queries.enrolments_mark(transaction)
            enrolled = {one.device_id: one for one in queries.enrolments(transaction, revoked_too=True)}
        for name, device in enrolled.items():
            if self._intake.enrolled.get(name) != device:
                key = keys.public_from_hex(device.public_key)
                self._watches[name] = ChainWatch(self._context.site.centre_id, name, key, late_ns=self._late_ns())
        self._intake.enrolled, self._enrolments_mark = enrolled, mark

    def _late_ns(self) -> int:
        """When a digest is overdue; at a high rate of simulated time a moment of a busy machine is long."""
        return max(LATE_NS, round(self._context.clock.scale.rate * _SLACK_MACHINE_S * 1e9))

    def _restore_intake(self) -> None:
        """What had arrived before this process: the database's word, and what the log holds beyond it."""
        with self._context.database.reading() as transaction:
            known = queries.intake_positions(transaction)
        for device_id, boot_id, through in known:
            self._intake.restore(device_id, boot_id, through)
        for message in newest(self._context.intake):
            try:
                head = codec.decode_head(message.payload)
            except BadMessage:
                continue
            self._intake.boot(head.device_id, head.boot_id).take(head.seq, message.payload)
            if head.device_id in self._watches:
                self._watches[head.device_id].note(head, message.payload)

    def _forget_old_log(self) -> None:
        kept_ns = round(self._context.settings.intake_kept_days * _DAY_NS)
        try:
            gone = forget(
                self._context.intake,
                ended_before_ns=self._context.clock.now_ns() - kept_ns,
                needed_from=self._exams.oldest_segment(),
            )
        except OSError:
            _log.exception("Old files of the intake log could not be deleted.")
            return
        for name in gone:
            _log.info("%s is older than the intake log is kept, and is deleted.", name)

    def _write_health(self) -> None:
        with self._context.database.writing() as transaction:
            self._book.write(transaction, self._context.clock.now())
            positions.keep(transaction, self._intake.positions())
        self._book.written()

    def _write_last_health(self) -> None:
        try:
            self._write_health()
        except SQLAlchemyError:
            _log.exception("The last counters are lost.")

    def _sync(self) -> None:
        """Bring to the disk what was appended; raises :class:`StorageFault`, and then nothing more is collected."""
        try:
            self._segments.sync(self._context.clock.now_ns())
        except OSError as error:
            self._is_blocked = self._must_void = True
            raise StorageFault(f"The intake log cannot be written: {error}.") from error
        self._is_blocked = False


def _stand_back() -> None:
    """Of the process that closes exams: it ends with this one, and whoever drives now comes first."""
    die_with_parent()
    os.nice(10)
