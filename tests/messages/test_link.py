"""The link against a real Mosquitto: everything arrives, in order, whatever breaks between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from messages import codec, topics
from messages.broker import BrokerAddress, UnsafeBroker
from messages.lane import Pace
from messages.link import Link
from messages.outbox import Outbox
from messages.readings import Beam, ExamAction, ExamControl, Reading
from tests.messages.centre_stub import CentreStub, eventually
from tests.messages.making import CENTRE, START_NS, new_chain
from tests.sampling import amount

GATEWAY = "gateway-1"
DEVICES = ("left", "right")
QUICK = Pace(resend_after_s=0.5, first_backoff_s=0.05, longest_backoff_s=0.2)


class Sender:
    """Two devices' chains and outboxes behind one link."""

    def __init__(self, folder, broker: BrokerAddress, boot_id: str, pace: Pace = QUICK) -> None:
        self.boot_id = boot_id
        self.outboxes = {device: Outbox(folder / device, boot_id, segment_bytes=50_000) for device in DEVICES}
        self.chains = {device: new_chain(boot_id=boot_id, device_id=device) for device in DEVICES}
        self.orders: list[Reading] = []
        self.link = Link(
            broker,
            CENTRE,
            GATEWAY,
            boot_id,
            self.outboxes,
            on_control=lambda order: self.orders.append(order.body),
            pace=pace,
        )
        self.link.start()

    def send(self, count: int) -> None:
        for device in DEVICES:
            for number in range(count):
                seq, payload = self.chains[device].stamp(START_NS + number, Beam(device, True))
                self.outboxes[device].append(seq, "beam", START_NS + number, payload)
                if number % 500 == 499:
                    self.outboxes[device].sync()
            self.outboxes[device].sync()
            self.link.wake()


Start = Callable[..., Sender]


@pytest.fixture
def broker(start_mosquitto):
    """A broker that saves once a second: it forgets when killed, which must not matter."""
    return start_mosquitto([GATEWAY])


@pytest.fixture
def centre(broker) -> Iterator[CentreStub]:
    stub = CentreStub(broker.url(), CENTRE)
    yield stub
    stub.stop()


@pytest.fixture
def start(tmp_path, broker) -> Iterator[Start]:
    begun: list[Sender] = []

    def start_sender(boot_id: str = "boot-1", pace: Pace = QUICK) -> Sender:
        sender = Sender(tmp_path, BrokerAddress.parse(broker.url(GATEWAY)), boot_id, pace)
        begun.append(sender)
        return sender

    yield start_sender
    for sender in begun:
        sender.link.stop()


def assert_all_in_order(centre: CentreStub, count: int, *boots: str) -> None:
    for device in DEVICES:
        got = [(boot, seq) for name, boot, seq in centre.taken if name == device]
        assert got == [(boot, seq) for boot in boots for seq in range(count)]


def test_everything_arrives_in_order_and_leaves_the_outbox(start, centre):
    sender = start()
    sender.send(1000)
    assert sender.link.drain(20)
    assert sender.link.connected
    assert_all_in_order(centre, 1000, "boot-1")


@pytest.mark.timeout(300)
def test_a_burst_arrives_whole_and_in_order(start, centre):
    burst = amount(60_000, 10_000, name="messages in a burst through a link")
    sender = start(pace=Pace())
    sender.send(burst)
    assert sender.link.drain(200)
    assert_all_in_order(centre, burst, "boot-1")


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_a_broker_that_dies_and_comes_back_loses_nothing(start, centre, broker, how):
    sender = start()
    for _ in range(3):
        sender.send(2000)
        getattr(broker, how)()
        eventually(lambda: not sender.link.connected)
        sender.send(2000)
        broker.start()
    assert sender.link.drain(60)
    if how == "kill":  # what the broker had queued when it last saved comes before what it has forgotten
        centre.taken.sort()
    assert_all_in_order(centre, 12_000, "boot-1")


def test_what_a_broker_forgot_is_sent_again(start, broker):
    """The broker took everything while no centre was there to hear it, and loses it: only the outbox knows."""
    sender = start()
    sender.send(300)
    eventually(lambda: sender.link.connected)
    time.sleep(0.3)
    broker.kill()
    for path in broker.folder.glob("*.db*"):
        path.unlink()
    broker.start()
    centre = CentreStub(broker.url(), CENTRE)
    try:
        assert sender.link.drain(20)
        assert_all_in_order(centre, 300, "boot-1")
    finally:
        centre.stop()


def test_without_the_centres_word_everything_is_sent_again_and_stays_on_disk(start, centre):
    centre.acknowledges = False
    sender = start()
    sender.send(100)
    eventually(lambda: centre.duplicates >= 200)
    assert sender.outboxes["left"].waiting == 100
    centre.acknowledges = True
    assert sender.link.drain(20)
    assert_all_in_order(centre, 100, "boot-1")


def test_while_the_centre_is_silent_the_broker_is_not_flooded(start, centre):
    centre.acknowledges = False
    sender = start(pace=Pace(ahead=50, resend_after_s=60.0))
    sender.send(1000)
    eventually(lambda: len(centre.taken) >= 100)
    time.sleep(0.5)
    assert len(centre.taken) == 100
    centre.acknowledges = True
    assert sender.link.drain(30)


def test_a_frozen_broker_never_blocks_the_producer(start, centre, broker):
    sender = start()
    eventually(lambda: sender.link.connected)
    broker.pause()
    begun = time.monotonic()
    sender.send(3000)
    assert time.monotonic() - begun < 5.0
    broker.resume()
    assert sender.link.drain(30)
    assert_all_in_order(centre, 3000, "boot-1")


def test_a_restarted_sender_first_sends_what_its_predecessor_left(start, centre, broker):
    first = start("boot-1")
    eventually(lambda: first.link.connected)
    broker.stop()
    first.send(500)
    first.link.stop()
    second = start("boot-2")
    second.send(500)
    broker.start()
    assert second.link.drain(30)
    assert_all_in_order(centre, 500, "boot-1", "boot-2")


def test_a_sender_that_vanishes_leaves_a_will_which_its_return_clears(start, centre, broker):
    sender = start()
    eventually(lambda: sender.link.connected and b"" in centre.wills)
    stolen = BrokerAddress.parse(broker.url(GATEWAY)).new_client(GATEWAY)
    stolen.connect(broker.host, broker.port)
    stolen.loop_start()
    eventually(lambda: any(will and codec.decode_lost_link(will).boot_id == "boot-1" for will in centre.wills))
    stolen.disconnect()
    stolen.loop_stop()
    eventually(lambda: sender.link.connected and centre.wills[-1] == b"")


def test_a_clean_stop_publishes_no_will(start, centre):
    sender = start()
    eventually(lambda: sender.link.connected)
    sender.link.stop()
    time.sleep(0.3)
    assert all(will == b"" for will in centre.wills)


def test_the_centres_orders_are_heard_and_bad_ones_counted(start, centre):
    sender = start()
    eventually(lambda: sender.link.connected)
    order = ExamControl("exam-1", ExamAction.START, "car-1")
    topic = topics.control_topic(CENTRE)

    def order_until_heard() -> bool:
        # An order given before the subscription stands is not retained.
        centre.publish(topic, new_chain(device_id=topics.CENTRE_DEVICE).stamp(START_NS, order)[1])
        return bool(sender.orders)

    eventually(order_until_heard)
    assert sender.orders[0] == order
    centre.publish(topic, b"{")
    eventually(lambda: sender.link.bad_messages == {"broken_json": 1})
    centre.publish(topics.device_topic(CENTRE, GATEWAY, "left", "ack"), b"7")
    eventually(lambda: sender.link.bad_messages == {"broken_json": 1, "wrong_shape": 1})
    sender.send(10)
    assert sender.link.drain(10)


def test_a_wrong_password_is_tried_again_quietly_and_stop_is_prompt(tmp_path, broker):
    address = BrokerAddress(broker.host, broker.port, GATEWAY, "wrong")
    link = Link(address, CENTRE, GATEWAY, "boot", {"left": Outbox(tmp_path, "boot")}, pace=QUICK)
    link.start()
    time.sleep(0.5)
    assert not link.connected
    begun = time.monotonic()
    link.stop()
    assert time.monotonic() - begun < 3.0


def test_a_link_that_never_found_a_broker_stops_too(tmp_path):
    link = Link(BrokerAddress("127.0.0.1", 1), CENTRE, GATEWAY, "boot", {}, pace=QUICK)
    link.start()
    link.stop()
    assert not any(thread.name == f"link-{GATEWAY}" for thread in threading.enumerate())


@pytest.mark.parametrize("host", ["broker.example", "192.0.2.7", "0.0.0.0", "::2"])
def test_outside_this_machine_tls_is_compulsory(host):
    with pytest.raises(UnsafeBroker, match="compulsory"):
        BrokerAddress(host, 1883)
    BrokerAddress(host, 8883, tls=True).new_client("x")


def test_broker_addresses_are_read_from_urls():
    address = BrokerAddress.parse("mqtt://gate:p%40ss@localhost:1884")
    assert (address.host, address.port, address.username, address.password) == ("localhost", 1884, "gate", "p@ss")
    assert "p@ss" not in repr(address)
    assert BrokerAddress.parse("mqtts://broker.example").port == 8883
    assert BrokerAddress.parse("mqtt://[::1]").port == 1883
    for url in ("http://localhost", "mqtt://", "localhost:1883"):
        with pytest.raises(ValueError, match="broker's address"):
            BrokerAddress.parse(url)
