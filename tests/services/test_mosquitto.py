"""The broker of the tests keeps the topic rules and keeps through a kill what it had saved."""

from __future__ import annotations

import threading
import time

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from messages import topics
from tests.services.mosquitto import CENTRE_USER, Mosquitto, StartMosquitto

CENTRE_ID = "sarytau"


class _Client:
    """A connected client that remembers what came."""

    def __init__(self, broker: Mosquitto, user: str, *subscriptions: str, persistent: bool = False) -> None:
        self.received: list[tuple[str, bytes]] = []
        self._subscribed = threading.Event()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"test-{user}", clean_session=not persistent)
        self.client.username_pw_set(user, broker.password_of[user])
        connected = threading.Event()
        self.client.on_connect = lambda *_arguments: connected.set()
        self.client.on_message = self._remember
        self.client.on_subscribe = self._note_subscription
        self.client.connect(broker.host, broker.port)
        self.client.loop_start()
        assert connected.wait(5)
        for subscription in subscriptions:
            self._subscribed.clear()
            self.client.subscribe(subscription, qos=1)
            assert self._subscribed.wait(5)

    def _remember(self, _client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        self.received.append((message.topic, bytes(message.payload)))

    def _note_subscription(self, *_arguments: object) -> None:
        self._subscribed.set()

    def publish(self, topic: str, payload: bytes) -> None:
        self.client.publish(topic, payload, qos=1).wait_for_publish(5)

    def wait_for(self, count: int) -> list[tuple[str, bytes]]:
        deadline = time.monotonic() + 10
        while len(self.received) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.received

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def test_a_gateway_writes_below_its_own_name_only(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto(["car-1", "car-2"])
    centre = _Client(broker, CENTRE_USER, topics.everything_of(CENTRE_ID))
    foreign = topics.device_topic(CENTRE_ID, "car-2", "gnss", "satellite_pose")
    for forbidden in (foreign, topics.control_topic(CENTRE_ID)):
        # Mosquitto acknowledges what it refuses to pass on, then drops the connection.
        forger = _Client(broker, "car-1")
        forger.publish(forbidden, b"forged")
        forger.leave()
    gateway = _Client(broker, "car-1")
    own = topics.device_topic(CENTRE_ID, "car-1", "gnss", "satellite_pose")
    gateway.publish(own, b"true")
    assert centre.wait_for(1) == [(own, b"true")]
    for client in (gateway, centre):
        client.leave()


def test_a_gateway_hears_its_acknowledgements_and_orders_only(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto(["car-1", "car-2"])
    control = topics.control_topic(CENTRE_ID)
    gateway = _Client(broker, "car-1", topics.acknowledgements_of(CENTRE_ID, "car-1"), control)
    spy = _Client(broker, "car-2", topics.everything_of(CENTRE_ID))
    centre = _Client(broker, CENTRE_USER)
    acknowledgement = topics.device_topic(CENTRE_ID, "car-1", "gnss", "ack")
    centre.publish(acknowledgement, b"7")
    centre.publish(control, b"stop")
    assert gateway.wait_for(2) == [(acknowledgement, b"7"), (control, b"stop")]
    assert [topic for topic, _ in spy.received if topic != control] == []
    for client in (gateway, spy, centre):
        client.leave()


def test_a_killed_broker_gives_back_what_it_had_saved(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto(["car-1"])
    away = _Client(broker, CENTRE_USER, topics.everything_of(CENTRE_ID), persistent=True)
    away.leave()
    gateway = _Client(broker, "car-1")
    for number in range(300):
        gateway.publish(topics.device_topic(CENTRE_ID, "car-1", "gnss", "satellite_pose"), b"%d" % number)
    gateway.leave()
    # It saves once a second: what came since is lost, which is why gateways wait for the centre's own acknowledgement.
    time.sleep(2.5)
    broker.kill()
    broker.start()
    back = _Client(broker, CENTRE_USER, topics.everything_of(CENTRE_ID), persistent=True)
    assert [int(payload) for _, payload in back.wait_for(300)] == list(range(300))
    back.leave()
