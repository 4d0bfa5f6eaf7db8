"""An exam's messages as tests record and log them."""

from __future__ import annotations

from pathlib import Path

from messages import topics
from messages.chain import Chain
from messages.intake_log import LogWriter, RecordedMessage
from messages.recording import EnrolledDevice, RecordingHeader
from tests.messages.making import CENTRE, DEVICE, POSE, START_NS

SITE, PACK = b'{"centre_id":"sarytau"}', b"pack: kz\n"
HEADER = RecordingHeader(
    exam_id="exam-1",
    centre_id=CENTRE,
    car_id="car-1",
    first_exercise=None,
    pack="kz",
    pack_edition="2026-01-01",
    called_at_ns=START_NS,
    simulated_time=False,
    devices=(EnrolledDevice(DEVICE, "car-1", "00" * 32, True),),
    site_sha256="00" * 32,
)


def messages_of(chain: Chain, count: int) -> list[RecordedMessage]:
    topic = topics.device_topic(CENTRE, "car-1", DEVICE, "satellite_pose")
    return [
        RecordedMessage(START_NS + number + 5, START_NS + number, topic, chain.stamp(START_NS + number, POSE)[1])
        for number in range(count)
    ]


def write_log(path: Path, messages: list[RecordedMessage], *, group: int = 7) -> list[int]:
    """The log's offsets after each sync."""
    writer = LogWriter(path)
    offsets = []
    for number, message in enumerate(messages, 1):
        writer.append(message.topic, message.payload, message.arrival_ns, message.source_time_ns)
        if number % group == 0:
            offsets.append(writer.sync())
    writer.close()
    return [*offsets, writer.offset]
