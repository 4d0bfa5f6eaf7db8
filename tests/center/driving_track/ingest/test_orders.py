"""A kill in the middle of an order: what was done is answered as done, and what was not told is told again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from center.driving_track import queries
from center.driving_track.actions import devices, requests
from center.driving_track.actions.devices import NewDevice
from center.driving_track.actions.exams import Closing
from center.driving_track.actions.requests import Order
from center.driving_track.ingest.closing import ClosingJob
from center.driving_track.ingest.context import Context, open_context
from center.driving_track.ingest.control import ControlDevice
from center.driving_track.ingest.exams import Exams
from center.driving_track.ingest.orders import Orders
from center.driving_track.ingest.segments import Place
from center.driving_track.readiness import LastHeard
from center.driving_track.tables import ExamState
from center.settings import load_settings
from messages import keys, topics
from messages.clock import TimeScale
from messages.readings import CarState, ExamAction, ExamControl, FixQuality, SatellitePose
from messages.steered_clock import lay_out
from tests.center.driving_track.ingest.rig import SITE_FOLDER, START_NS


class _Killed(BaseException):
    """The process ends here."""


class _Control(ControlDevice):
    """Keeps what it is to tell; ``dies``: instead of telling it."""

    def __init__(self) -> None:
        self.told: list[ExamAction] = []
        self.dies = False

    def tell(self, order: ExamControl, time_ns: int) -> None:
        if self.dies:
            raise _Killed
        self.told.append(order.action)


class Centre:
    """The part of a centre that carries out orders; car and track are well."""

    def __init__(self, folder: Path, database_url: str) -> None:
        lay_out(folder / "clock", START_NS)
        settings = load_settings(
            site=SITE_FOLDER, data=folder / "data", vault=folder / "vault", control_key=folder / "control.pem",
            demo=True, time_scale=str(TimeScale(START_NS, 0, 1.0, str(folder / "clock"))), database_url=database_url,
        )  # fmt: skip
        self.context: Context = open_context(settings)
        self.control = _Control()
        with self.context.database.writing() as transaction:
            names = [(one.id, one.gateway) for one in self.context.site.devices]
            for name, gateway in [*names, (topics.CENTRE_DEVICE, topics.CENTRE_GATEWAY)]:
                new = NewDevice(name, keys.public_hex(keys.make()), True, gateway)
                devices.enrol(transaction, new, actor="test", now=self.context.clock.now())
        self.start_again()

    def start_again(self) -> None:
        """As a process that knows only what the database holds."""
        with self.context.database.reading() as transaction:
            self._enrolled = {one.device_id: one for one in queries.enrolments(transaction)}
        exams = Exams(self.context, {}, lambda _: False, self._submit)
        exams.resume(self._enrolled)
        self._orders = Orders(self.context, exams, self.control, self._all_well())
        self._orders.say_again(self._enrolled)

    def leave(self, action: str, exam_id: str | None = None) -> str:
        order = Order(action, exam_id=exam_id, car_id="car-1" if action == "call" else None)
        with self.context.database.writing() as transaction:
            return requests.leave(transaction, order, actor="test", now=self.context.clock.now())

    def carry_out(self) -> None:
        self._orders.carry_out(self._enrolled, Place("", 0), can_store=True)

    def answered(self, request_id: str) -> list[str] | None:
        """The refusals; None: not answered."""
        with self.context.database.reading() as transaction:
            request = queries.request(transaction, request_id)
            return None if request.handled_at is None else request.refusals or []

    def state(self, exam_id: str) -> tuple[str, str | None]:
        with self.context.database.reading() as transaction:
            facts = queries.exam(transaction, exam_id)
            return facts.state, facts.end_reason

    def _all_well(self) -> dict[str, LastHeard]:
        site, now_ns = self.context.site, self.context.clock.now_ns()
        car = site.car("car-1")
        pose = SatellitePose(
            43.2, 76.9, 700.0, FixQuality.RTK_FIXED, heading_deg=90.0, correction_age_s=1.0, satellites=20,
            east_variance_m2=6.4e-5, north_variance_m2=6.4e-5, heading_sigma_deg=0.12,
        )  # fmt: skip
        heard = {one.id: LastHeard(heard_ns=now_ns) for one in site.devices}
        heard[car.satellite_device] = LastHeard(pose=pose, pose_ns=now_ns, heard_ns=now_ns)
        heard[car.bus_device] = LastHeard(car_state=CarState(speed_mps=0.0), car_state_ns=now_ns, heard_ns=now_ns)
        return heard

    def _submit(self, job: ClosingJob) -> Future[Closing]:
        return Future()


@pytest.fixture
def centre(tmp_path: Path, database_url: str) -> Iterator[Centre]:
    opened = Centre(tmp_path, database_url)
    yield opened
    opened.context.database.close()


def test_an_order_killed_before_it_is_told_is_done_answered_and_told_again_whichever_it_is(centre: Centre) -> None:
    exam_id = centre.leave("call")
    expected = [
        ("call", ExamState.CALLED, None), ("start", ExamState.RUNNING, None),
        ("safety_stop", ExamState.CLOSING, "safety_stop"),
    ]  # fmt: skip
    for action, state, end_reason in expected:
        request_id = exam_id if action == "call" else centre.leave(action, exam_id)
        centre.control.dies = True
        with pytest.raises(_Killed):
            centre.carry_out()
        assert centre.answered(request_id) == []
        assert centre.state(exam_id) == (state, end_reason)
        centre.control.dies = False
        centre.control.told.clear()
        centre.start_again()
        assert centre.control.told[-1] == ExamAction(action)
        centre.carry_out()
        assert centre.state(exam_id) == (state, end_reason)


def test_an_order_that_cannot_be_is_answered_with_the_reason_and_changes_nothing(centre: Centre) -> None:
    exam_id = centre.leave("call")
    centre.carry_out()
    again = centre.leave("call")
    centre.carry_out()
    assert exam_id in str(centre.answered(again))
    unknown = centre.leave("dance", exam_id)
    centre.carry_out()
    assert "'dance'" in str(centre.answered(unknown))
    assert centre.state(exam_id) == (ExamState.CALLED, None)
