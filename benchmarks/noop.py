"""A paho subscriber (3.1.1, QoS 1) that does nothing: ``python -m benchmarks.noop URL FILTER COUNT``."""

from __future__ import annotations

import sys
from typing import Any

from paho.mqtt.client import Client, MQTTMessage

from messages.broker import BrokerAddress


def main(url: str, topic_filter: str, count: int) -> None:
    """Subscribe, say so, and go on until so many messages have come."""
    address = BrokerAddress.parse(url)
    client = address.new_client("benchmark-noop")
    seen = 0

    def on_message(client: Client, _userdata: Any, _message: MQTTMessage) -> None:
        nonlocal seen
        seen += 1
        if seen == count:
            print("done", flush=True)

    def on_subscribe(*_: Any) -> None:
        print("ready", flush=True)

    client.on_message = on_message
    client.on_subscribe = on_subscribe
    client.connect(address.host, address.port)
    client.subscribe(topic_filter, qos=1)
    client.loop_forever()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
