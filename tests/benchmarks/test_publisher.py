"""The bare publisher."""

from __future__ import annotations

import socket
import threading
import time

from benchmarks.publisher import Publisher
from messages.intake_log import RecordedMessage

_CONNACK, _PUBACK = b"\x20\x02\x00\x00", b"\x40\x02\x00\x01"


def test_answers_are_counted_also_after_a_pause_that_is_longer_than_the_time_to_connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepted: list[socket.socket] = []

        def greet() -> None:
            accepted.append(server.accept()[0])
            accepted[0].sendall(_CONNACK)

        greeter = threading.Thread(target=greet)
        greeter.start()
        publisher = Publisher(f"mqtt://127.0.0.1:{server.getsockname()[1]}", connect_within_s=0.2)
        greeter.join()
        time.sleep(0.4)  # What is tested is the length of a pause.
        publisher.publish([RecordedMessage(0, 0, "topic", b"payload")])
        accepted[0].sendall(_PUBACK)
        publisher.await_answers(10.0)
        assert (publisher.sent, publisher.answered) == (1, 1)
        publisher.close()
        accepted[0].close()
