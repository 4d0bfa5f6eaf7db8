"""What is told of a device's line besides its readings: gaps, faults, counts."""

from __future__ import annotations

from messages.readings import Gap, SatellitePose
from messages.transmitter import Health
from sensors.device import Chunk, Timed
from sensors.devices.nmea_gnss import NmeaGnss
from sensors.lane import Lane
from sensors.sources.source import Link
from tests.sensors.lines import MIDNIGHT_NS, epoch, sentence

BEGIN_NS = MIDNIGHT_NS + 36_000_000_000_000
SECOND_NS = 1_000_000_000


class Bench:
    """A lane and what it has published."""

    def __init__(self, *, rate: float = 1.0) -> None:
        self.published: list[Timed] = []
        self.health = Health()
        self.lane = Lane(
            NmeaGnss(), self._publish, self.health, began_ns=BEGIN_NS - SECOND_NS, link_fault="link_lost", rate=rate
        )

    def write(self, *numbers: int) -> None:
        """The receiver writes these epochs."""
        for number in numbers:
            data = b"".join(sentence(body) for body in epoch(number))
            self.lane.take(Chunk(data, None, BEGIN_NS + number * 50_000_000))

    @property
    def gaps(self) -> list[Gap]:
        """The gaps among what was published."""
        return [timed.reading for timed in self.published if isinstance(timed.reading, Gap)]

    def _publish(self, timed: Timed) -> bool:
        self.published.append(timed)
        return True


def test_the_time_before_the_first_reading_is_a_gap_but_not_a_loss():
    bench = Bench()

    bench.write(0, 1, 2)

    assert bench.gaps == [Gap(BEGIN_NS - SECOND_NS, BEGIN_NS, "starting")]
    assert isinstance(bench.published[0].reading, Gap)
    assert bench.health.gaps == 0


def test_a_lost_link_is_a_fault_until_it_is_back_and_a_gap_to_the_next_reading():
    bench = Bench()
    bench.write(0, 1, 2)

    bench.lane.take(Link.LOST)
    assert bench.health.faults == {"link_lost"}
    bench.lane.take(Link.UP)
    assert bench.health.faults == set()
    bench.write(40, 41, 42)

    assert bench.gaps[1:] == [Gap(BEGIN_NS + 100_000_000, BEGIN_NS + 2 * SECOND_NS, "link_lost")]
    assert bench.health.gaps == 1


def test_a_link_that_flaps_is_one_gap():
    bench = Bench()
    bench.write(0, 1, 2, 3)
    for _ in range(5):
        bench.lane.take(Link.LOST)
        bench.lane.take(Link.UP)
    bench.write(40, 41, 42)

    assert len(bench.gaps) == 2


def test_a_hole_that_the_driver_finds_is_counted_once():
    bench = Bench()

    bench.write(0, 1, 2, 9, 10)
    bench.lane.finish()

    assert [gap.reason for gap in bench.gaps] == ["starting", "missing_epochs"]
    assert bench.health.gaps == 1


def test_rejected_sentences_are_counted_in_the_health_beside_what_others_count():
    bench = Bench()
    bench.health.gaps = 5

    for _ in range(3):
        bench.lane.take(Chunk(b"$GNHDT,1.0,T*00\r\n", None, BEGIN_NS))

    assert (bench.health.rejected, bench.health.gaps) == (3, 5)


def test_after_a_failure_of_the_driver_the_line_is_read_on_and_the_stretch_is_a_gap():
    bench = Bench()
    bench.write(0, 1, 2)

    bench.lane.recover()
    assert bench.health.faults == {"driver_failed"}
    bench.write(10, 11, 12)

    assert bench.health.faults == set()
    assert bench.gaps[-1].reason == "driver_failed"
    assert isinstance(bench.published[-1].reading, SatellitePose)


def test_silence_is_a_fault_while_it_lasts():
    bench = Bench()
    bench.write(0)

    bench.lane.look_round(BEGIN_NS + 2 * SECOND_NS)
    assert bench.health.faults == set()
    bench.lane.look_round(BEGIN_NS + 4 * SECOND_NS)
    assert bench.health.faults == {"silent"}
    bench.write(100)
    bench.lane.look_round(BEGIN_NS + 6 * SECOND_NS)
    assert bench.health.faults == set()


def test_with_a_fast_clock_a_busy_machine_is_no_silence():
    bench = Bench(rate=60.0)
    bench.write(0)

    bench.lane.look_round(BEGIN_NS + 30 * SECOND_NS)

    assert bench.health.faults == set()


def test_others_faults_stay_when_the_device_recovers():
    bench = Bench()
    bench.health.faults.add("outbox_full")

    bench.lane.look_round(BEGIN_NS + 60 * SECOND_NS)
    bench.write(1300)
    bench.lane.look_round(BEGIN_NS + 66 * SECOND_NS)

    assert bench.health.faults == {"outbox_full"}
